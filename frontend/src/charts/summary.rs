//! The charts in words, for those who don't see them: worked out from the same answer.

use chrono::{Days, NaiveDate};
use offercast_contract::{DailyPoint, Dashboard, Money};
use rust_decimal::Decimal;

use super::{has_today, reaches_forecast};
use crate::format::{count, decimal, full_day, long_day, money, percent, percent_of, whole};
use crate::words::{charts as words, common};

const WEEK: usize = 7;

pub fn daily_summary(data: &Dashboard) -> String {
    let total = common::redemptions(sum(&data.daily));
    let all = words::sum_in(&total, &common::in_days(whole(data.daily.len())));
    let today = data.daily.last().filter(|_| has_today(data));
    let today = today.map(|today| words::today_counts(&count(today.redemptions)));
    let refused = (data.unmet.refusals > 0).then(|| words::refusals(&common::customers(data.unmet.refusals)));
    sentences([Some(all), week_against_week(data), peak(&data.daily), today, refused])
}

pub fn cumulative_summary(data: &Dashboard) -> String {
    let Some(last) = data.cumulative.last() else {
        return words::nothing_yet().to_owned();
    };
    let share = data.offer.max_redemptions.map_or(String::new(), |max| {
        let share = percent_of(Decimal::from(last.redemptions), Decimal::from(max));
        words::share_of(&percent(share), &count(max))
    });
    words::totals(
        &long_day(data.offer.start_date),
        &long_day(last.date),
        &common::redemptions(last.redemptions),
        &share,
        &money(last.discount_given, &data.offer.currency),
    )
}

pub fn budget_summary(data: &Dashboard) -> String {
    let currency = &data.offer.currency;
    let spent = money(data.budget.spent, currency);
    let all = match (data.budget.total, data.budget.remaining) {
        (Some(total), Some(remaining)) => words::spent_of(
            &spent,
            &money(total, currency),
            &percent(percent_of(data.budget.spent.0, total.0)),
            &money(remaining, currency),
        ),
        _ => words::spent_no_limit(&spent),
    };
    let week = last_finished(data, WEEK).map(|week| {
        let given: Decimal = week.iter().map(|day| day.discount_given.0).sum();
        words::last_week_took(&money(Money(given), currency))
    });
    sentences([Some(all), week])
}

pub fn forecast_summary(data: &Dashboard) -> String {
    let points = &data.forecast.points;
    let (Some(last), true) = (points.last(), reaches_forecast(data)) else {
        return words::ends_before_forecast().to_owned();
    };
    let expected: f64 = points.iter().map(|point| point.redemptions).sum();
    words::expects(
        &decimal(expected),
        &full_day(last.date),
        &decimal(last.redemptions),
        &decimal(last.lower_80),
        &decimal(last.upper_80),
    )
}

fn sentences(all: impl IntoIterator<Item = Option<String>>) -> String {
    all.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

fn sum(days: &[DailyPoint]) -> i64 {
    days.iter().map(|day| day.redemptions).sum()
}

/// The first of the best days.
fn peak(days: &[DailyPoint]) -> Option<String> {
    let best = days.iter().rev().max_by_key(|day| day.redemptions).filter(|day| day.redemptions > 0)?;
    Some(words::most_on(&full_day(best.date), &count(best.redemptions)))
}

/// The last days before today. A day that is not over would always look like a fall.
fn last_finished(data: &Dashboard, days: usize) -> Option<&[DailyPoint]> {
    let today = data.as_of.date_naive();
    let finished = data.daily.partition_point(|day| day.date < today);
    data.daily.get(finished.checked_sub(days)?..finished)
}

/// `None` where the range holds no two full weeks.
fn week_against_week(data: &Dashboard) -> Option<String> {
    let (before, after) = last_finished(data, 2 * WEEK)?.split_at(WEEK);
    let until = after.last()?.date;
    let change = change(sum(before), sum(after));
    Some(if is_yesterday(data, until) {
        words::last_full_week(&change)
    } else {
        words::week_to(&long_day(until), &change)
    })
}

fn is_yesterday(data: &Dashboard, day: NaiveDate) -> bool {
    day.checked_add_days(Days::new(1)) == Some(data.as_of.date_naive())
}

fn change(before: i64, after: i64) -> String {
    let by = Decimal::from(after - before).checked_div(Decimal::from(before));
    let share = by.and_then(|by| f64::try_from(by.abs() * Decimal::ONE_HUNDRED).ok());
    match (share, after - before) {
        (_, 0) => words::as_many(&count(after)),
        (None, _) => words::rose_from_none(&count(after)),
        (Some(share), difference) => {
            let told = if difference > 0 { words::rose } else { words::fell };
            told(&percent(share), &count(before), &count(after))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::dashboard;
    use super::*;

    /// As many days as counts, the last of them yesterday.
    fn until_yesterday(counts: &[i64]) -> Dashboard {
        let mut data = dashboard();
        let today = data.as_of.date_naive();
        let ago = (1..=counts.len() as u64).rev();
        data.daily = ago
            .zip(counts)
            .map(|(ago, count)| DailyPoint {
                date: today - Days::new(ago),
                redemptions: *count,
                discount_given: Money(Decimal::from(*count)),
            })
            .collect();
        data.range.to = today - Days::new(1);
        data
    }

    fn weeks(before: i64, after: i64) -> String {
        let counts: Vec<i64> = [[before; 7], [after; 7]].concat();
        week_against_week(&until_yesterday(&counts)).unwrap()
    }

    #[test]
    fn says_total_peak_and_today() {
        assert_eq!(
            daily_summary(&dashboard()),
            "17 redemptions in 5 days. Most on Sat 21 Nov 2026: 6. Today so far: 2. 5 customers turned away."
        );
    }

    #[test]
    fn compares_the_last_week_with_the_one_before() {
        let lead = "In the last 7 full days redemptions";
        assert_eq!(weeks(25, 28), format!("{lead} rose 12% against the 7 days before, from 175 to 196."));
        assert_eq!(weeks(4, 1), format!("{lead} fell 75% against the 7 days before, from 28 to 7."));
        assert_eq!(weeks(3, 3), format!("{lead} were as many as in the 7 days before, 21."));
        assert_eq!(weeks(0, 2), format!("{lead} rose from none in the 7 days before to 14."));
    }

    #[test]
    fn compares_no_weeks_that_it_does_not_have() {
        assert_eq!(week_against_week(&until_yesterday(&[1; 13])), None);
        let mut today_is_not_full = until_yesterday(&[1; 14]);
        today_is_not_full.as_of = "2026-11-22T12:00:00+00:00".parse().unwrap();
        assert_eq!(week_against_week(&today_is_not_full), None);
    }

    #[test]
    fn a_range_that_is_over_names_its_end() {
        let mut data = until_yesterday(&[1; 14]);
        data.as_of = "2026-12-05T12:00:00+00:00".parse().unwrap();
        let text = week_against_week(&data).unwrap();
        assert_eq!(text, "In the 7 days to 22 Nov 2026 redemptions were as many as in the 7 days before, 7.");
    }

    #[test]
    fn says_the_totals() {
        assert_eq!(
            cumulative_summary(&dashboard()),
            "Totals from 19 Nov 2026 to 23 Nov 2026: 17 redemptions (17% of the 100 possible) and 34.00 USD of discount."
        );
    }

    #[test]
    fn says_what_remains_and_how_fast_it_goes() {
        let spent = "Spent 34.00 USD of a budget of 50.00 USD (68%); 16.00 USD remain.";
        assert_eq!(budget_summary(&dashboard()), spent);
        let week = budget_summary(&until_yesterday(&[2; 7]));
        assert_eq!(week, format!("{spent} The last 7 full days took 14.00 USD."));
    }

    #[test]
    fn says_what_is_expected() {
        assert_eq!(
            forecast_summary(&dashboard()),
            "Forecast: about 7.5 redemptions until Tue 24 Nov 2026. On that day 3.8, between 1.5 and 6 with 80% certainty."
        );
        let mut over = dashboard();
        over.range.to = "2026-11-21".parse().unwrap();
        assert_eq!(forecast_summary(&over), "The days shown end before the forecast begins.");
    }
}
