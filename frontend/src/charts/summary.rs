//! Text summaries of the charts, for screen readers.

use chrono::{Days, NaiveDate};
use offercast_contract::{DailyPoint, Dashboard, Money};
use rust_decimal::Decimal;

use super::{has_today, reaches_forecast};
use crate::format::{count, decimal, full_day, long_day, money, percent, percent_of, whole};
use crate::i18n::{charts as texts, common};

const WEEK: usize = 7;

pub fn daily_summary(data: &Dashboard) -> String {
    let total = common::redemptions(sum(&data.daily));
    let all = texts::sum_in(&total, &common::in_days(whole(data.daily.len())));
    let today = data.daily.last().filter(|_| has_today(data));
    let today = today.map(|today| texts::today_counts(&count(today.redemptions)));
    let declined =
        (data.unmet.refusals > 0).then(|| texts::some_declined(&common::redemptions(data.unmet.refusals)));
    sentences([Some(all), week_against_week(data), peak(&data.daily), today, declined])
}

pub fn cumulative_summary(data: &Dashboard) -> String {
    let Some(last) = data.cumulative.last() else {
        return texts::no_redemptions().to_owned();
    };
    let share = data.offer.max_redemptions.map_or(String::new(), |max| {
        let share = percent_of(Decimal::from(last.redemptions), Decimal::from(max));
        texts::share_of(&percent(share), &count(max))
    });
    texts::totals(
        &common::redemptions(last.redemptions),
        &share,
        &money(last.discount_given, &data.offer.currency),
        &long_day(data.offer.start_date),
        &long_day(last.date),
    )
}

pub fn budget_summary(data: &Dashboard) -> String {
    let currency = &data.offer.currency;
    let spent = money(data.budget.spent, currency);
    let all = match (data.budget.total, data.budget.remaining) {
        (Some(total), Some(remaining)) => texts::spent_of(
            &spent,
            &money(total, currency),
            &percent(percent_of(data.budget.spent.0, total.0)),
            &money(remaining, currency),
        ),
        _ => texts::spent_no_budget(&spent),
    };
    let week = last_finished(data, WEEK).map(|week| {
        let given: Decimal = week.iter().map(|day| day.discount_given.0).sum();
        texts::spent_last_week(&money(Money(given), currency))
    });
    sentences([Some(all), week])
}

pub fn forecast_summary(data: &Dashboard) -> String {
    let points = &data.forecast.points;
    let (Some(last), true) = (points.last(), reaches_forecast(data)) else {
        return texts::ends_before_forecast().to_owned();
    };
    let expected: f64 = points.iter().map(|point| point.redemptions).sum();
    texts::expects(
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

/// The day with the most redemptions, the first if there are several.
fn peak(days: &[DailyPoint]) -> Option<String> {
    let best = days.iter().rev().max_by_key(|day| day.redemptions).filter(|day| day.redemptions > 0)?;
    Some(texts::peak(&count(best.redemptions), &full_day(best.date)))
}

/// The last `days` days before today. Today is unfinished and would always look like a drop.
fn last_finished(data: &Dashboard, days: usize) -> Option<&[DailyPoint]> {
    let today = data.as_of.date_naive();
    let finished = data.daily.partition_point(|day| day.date < today);
    data.daily.get(finished.checked_sub(days)?..finished)
}

/// Compares the last two full weeks. `None` if the range is shorter.
fn week_against_week(data: &Dashboard) -> Option<String> {
    let (before, after) = last_finished(data, 2 * WEEK)?.split_at(WEEK);
    let until = after.last()?.date;
    let change = change(sum(before), sum(after));
    Some(if is_yesterday(data, until) {
        texts::last_full_week(&change)
    } else {
        texts::week_to(&long_day(until), &change)
    })
}

fn is_yesterday(data: &Dashboard, day: NaiveDate) -> bool {
    day.checked_add_days(Days::new(1)) == Some(data.as_of.date_naive())
}

fn change(before: i64, after: i64) -> String {
    let by = Decimal::from(after - before).checked_div(Decimal::from(before));
    let share = by.and_then(|by| f64::try_from(by.abs() * Decimal::ONE_HUNDRED).ok());
    let redemptions = common::redemptions(after);
    match (share, after - before) {
        (_, 0) => texts::same_as_before(&redemptions),
        (None, _) => texts::up_from_none(&redemptions),
        (Some(share), difference) => {
            let text = if difference > 0 { texts::up_from } else { texts::down_from };
            text(&redemptions, &percent(share), &count(before))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::dashboard;
    use super::*;

    /// A day for each count, the last one yesterday.
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
    fn the_daily_summary_names_total_peak_and_today() {
        assert_eq!(
            daily_summary(&dashboard()),
            "17 redemptions in 5 days. Peak: 6 on Sat 21 Nov 2026. Today so far: 2. 5 redemptions declined."
        );
    }

    #[test]
    fn compares_the_last_week_with_the_one_before() {
        for (before, after, change) in [
            (25, 28, "196 redemptions, up 12% from 175 in the previous 7 days"),
            (4, 1, "7 redemptions, down 75% from 28 in the previous 7 days"),
            (3, 3, "21 redemptions, same as the previous 7 days"),
            (0, 2, "14 redemptions, up from none in the previous 7 days"),
        ] {
            assert_eq!(weeks(before, after), format!("Last 7 full days: {change}."));
        }
    }

    #[test]
    fn fewer_than_two_full_weeks_are_not_compared() {
        assert_eq!(week_against_week(&until_yesterday(&[1; 13])), None);
        let mut today_is_not_full = until_yesterday(&[1; 14]);
        today_is_not_full.as_of = "2026-11-22T12:00:00+00:00".parse().unwrap();
        assert_eq!(week_against_week(&today_is_not_full), None);
    }

    #[test]
    fn a_past_range_names_its_end() {
        let mut data = until_yesterday(&[1; 14]);
        data.as_of = "2026-12-05T12:00:00+00:00".parse().unwrap();
        let text = week_against_week(&data).unwrap();
        assert_eq!(text, "7 days to 22 Nov 2026: 7 redemptions, same as the previous 7 days.");
    }

    #[test]
    fn the_cumulative_summary_names_the_totals() {
        assert_eq!(
            cumulative_summary(&dashboard()),
            "17 redemptions (17% of the limit of 100) and 34.00 USD in discounts from 19 Nov 2026 to 23 Nov 2026."
        );
    }

    #[test]
    fn the_budget_summary_names_what_remains_and_the_last_week() {
        let spent = "Spent 34.00 USD of 50.00 USD (68%), 16.00 USD remaining.";
        assert_eq!(budget_summary(&dashboard()), spent);
        let week = budget_summary(&until_yesterday(&[2; 7]));
        assert_eq!(week, format!("{spent} Spent 14.00 USD in the last 7 full days."));
    }

    #[test]
    fn the_forecast_summary_names_the_expectation() {
        assert_eq!(
            forecast_summary(&dashboard()),
            "Forecast: about 7.5 redemptions by Tue 24 Nov 2026. About 3.8 on that day, likely 1.5–6 (80%)."
        );
        let mut over = dashboard();
        over.range.to = "2026-11-21".parse().unwrap();
        assert_eq!(forecast_summary(&over), "The selected period ends before the forecast starts.");
    }
}
