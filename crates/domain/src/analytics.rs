use chrono::{Days, NaiveDate};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::{Offer, Totals};

/// Days of history used by a forecast.
const LONGEST_PAST: Days = Days::new(offercast_forecast::LONGEST_HISTORY as u64);

/// The redemptions of one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    pub date: NaiveDate,
    pub redemptions: i64,
    pub discount: Decimal,
}

/// A range of days, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DateRange {
    pub from: NaiveDate,
    pub to: NaiveDate,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrendPoint {
    pub date: NaiveDate,
    pub value: f64,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Kpis {
    pub total_redemptions: i64,
    pub total_discount: Decimal,
    pub remaining_budget: Option<Decimal>,
    /// Redemptions in percent of the maximum; `None` without a maximum.
    pub redemption_rate: Option<f64>,
    pub average_daily_redemptions: f64,
}

/// Computes the figures of an offer from its roll-up by day.
#[derive(Debug, Clone, Copy)]
pub struct Analytics<'a> {
    pub offer: &'a Offer,
    pub totals: Totals,
    /// The days with redemptions or reversals, oldest first.
    pub days: &'a [Day],
    /// The current day in the offer's time zone, which is not finished.
    pub today: NaiveDate,
}

impl Analytics<'_> {
    /// Returns the full range of the offer: from its start date, or an earlier recorded day, to today, or to the last
    /// day of an offer that is over.
    pub fn whole_range(&self) -> DateRange {
        let terms = &self.offer.terms;
        let last_recorded = self.days.last().map_or(terms.end_date, |day| day.date.max(terms.end_date));
        let to = last_recorded.min(self.today);
        DateRange { from: self.first_day().min(to), to }
    }

    fn first_day(&self) -> NaiveDate {
        let start = self.offer.terms.start_date;
        self.days.first().map_or(start, |day| day.date.min(start))
    }

    /// Returns every day of the range, zeros included.
    pub fn daily(&self, range: DateRange) -> Vec<Day> {
        fill_days(self.days, range)
    }

    /// Returns running totals from the first day of the offer to the end of the range, wherever the range starts.
    pub fn cumulative(&self, range: DateRange) -> Vec<Day> {
        let from = self.first_day().min(range.to);
        let (mut redemptions, mut discount) = (0, Decimal::ZERO);
        let mut days = fill_days(self.days, DateRange { from, to: range.to });
        for day in &mut days {
            redemptions += day.redemptions;
            discount += day.discount;
            (day.redemptions, day.discount) = (redemptions, discount);
        }
        days
    }

    /// Returns the mean of the last 7 days for every day of the range. Days before the range count; days before the
    /// offer do not.
    pub fn moving_average(&self, range: DateRange) -> Vec<TrendPoint> {
        let first = range.from.checked_sub_days(Days::new(6)).unwrap_or(range.from);
        let from = first.max(self.first_day()).min(range.from);
        let counts = counts(&fill_days(self.days, DateRange { from, to: range.to }));
        from.iter_days()
            .zip(offercast_forecast::trailing_mean(&counts, offercast_forecast::WEEK))
            .filter(|(date, _)| *date >= range.from)
            .map(|(date, value)| TrendPoint { date, value })
            .collect()
    }

    /// Returns the input of a forecast: every day from the first redemption to today, which is not finished, zeros
    /// included and limited to [`LONGEST_PAST`].
    pub fn history(&self) -> Vec<Day> {
        let Some(first) = self.days.first() else { return Vec::new() };
        let earliest = self.today.checked_sub_days(LONGEST_PAST).unwrap_or(first.date);
        fill_days(self.days, DateRange { from: first.date.max(earliest), to: self.today })
    }

    pub fn kpis(&self, remaining_budget: Option<Decimal>) -> Kpis {
        let redeemed = self.totals.redeemed;
        Kpis {
            total_redemptions: redeemed,
            total_discount: self.totals.spent,
            remaining_budget,
            redemption_rate: self.offer.terms.max_redemptions.map(|max| ratio(redeemed * 100, max)),
            average_daily_redemptions: ratio(redeemed, self.days_so_far()),
        }
    }

    /// Returns the number of days from the start date to today or the end date, whichever is earlier, at least 1. Both
    /// ends count.
    fn days_so_far(&self) -> i64 {
        let terms = &self.offer.terms;
        let last = self.today.min(terms.end_date);
        (last.signed_duration_since(terms.start_date).num_days() + 1).max(1)
    }
}

/// Returns every day of the range, zeros included. `days` may have gaps, oldest first.
pub fn fill_days(days: &[Day], range: DateRange) -> Vec<Day> {
    let mut recorded = days.iter().skip_while(|day| day.date < range.from).peekable();
    range
        .from
        .iter_days()
        .take_while(|date| *date <= range.to)
        .map(|date| {
            let nothing = Day { date, redemptions: 0, discount: Decimal::ZERO };
            recorded.next_if(|day| day.date == date).copied().unwrap_or(nothing)
        })
        .collect()
}

#[expect(clippy::cast_precision_loss, reason = "a day has far fewer than 2^52 redemptions")]
pub(crate) fn counts(days: &[Day]) -> Vec<f64> {
    days.iter().map(|day| day.redemptions as f64).collect()
}

/// Returns a ratio with 4 decimal places.
fn ratio(numerator: i64, denominator: i64) -> f64 {
    let exact = Decimal::from(numerator) / Decimal::from(denominator.max(1));
    exact.round_dp(4).to_f64().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn range(from: &str, to: &str) -> DateRange {
        DateRange { from: date(from), to: date(to) }
    }

    fn offer(max: &str) -> Offer {
        sample::offer(|draft| draft.max_redemptions = max.to_owned())
    }

    fn on(day: &str, redemptions: i64) -> Day {
        Day { date: date(day), redemptions, discount: Decimal::from(redemptions * 5) }
    }

    fn redemptions(days: &[Day]) -> Vec<i64> {
        days.iter().map(|day| day.redemptions).collect()
    }

    #[test]
    fn gaps_are_filled_with_zeros() {
        let days = [on("2026-06-02", 3), on("2026-06-05", 1)];
        assert_eq!(redemptions(&fill_days(&days, range("2026-06-01", "2026-06-06"))), [0, 3, 0, 0, 1, 0]);
        assert_eq!(redemptions(&fill_days(&days, range("2026-06-03", "2026-06-04"))), [0, 0]);
    }

    #[test]
    fn running_totals_start_on_the_first_day_of_the_offer_even_for_a_later_range() {
        let offer = offer("");
        let days = [on("2026-06-02", 3), on("2026-06-05", 1)];
        let analytics =
            Analytics { offer: &offer, totals: Totals::default(), days: &days, today: date("2026-06-06") };
        let cumulative = analytics.cumulative(range("2026-06-05", "2026-06-06"));
        assert_eq!(redemptions(&cumulative), [0, 3, 3, 3, 4, 4]);
        assert_eq!(cumulative[5].discount, Decimal::from(20));
    }

    #[test]
    fn the_moving_average_includes_days_before_the_range_but_not_before_the_offer() {
        let offer = offer("");
        let days = [on("2026-06-01", 7), on("2026-06-08", 14)];
        let analytics =
            Analytics { offer: &offer, totals: Totals::default(), days: &days, today: date("2026-06-09") };
        let values = |from, to| -> Vec<f64> {
            analytics.moving_average(range(from, to)).iter().map(|point| point.value).collect()
        };
        assert_eq!(values("2026-06-07", "2026-06-08"), [1.0, 2.0]);
        assert_eq!(values("2026-06-01", "2026-06-02"), [7.0, 3.5]);
    }

    #[test]
    fn history_runs_from_the_first_redemption_to_today() {
        let offer = offer("");
        let days = [on("2026-06-03", 2), on("2026-06-05", 9)];
        let history = |today| {
            Analytics { offer: &offer, totals: Totals::default(), days: &days, today: date(today) }.history()
        };
        assert_eq!(redemptions(&history("2026-06-05")), [2, 0, 9]);
        assert_eq!(redemptions(&history("2026-06-07")), [2, 0, 9, 0, 0]);
        assert_eq!(redemptions(&history("2026-06-03")), [2]);
        assert!(history("2026-06-02").is_empty());
    }

    #[test]
    fn history_is_limited_to_two_years() {
        let offer = offer("");
        let days = [on("2020-01-01", 5), on("2026-06-01", 1)];
        let history = |days: &[Day]| {
            Analytics { offer: &offer, totals: Totals::default(), days, today: date("2026-06-02") }.history()
        };
        let recent = history(&days);
        assert_eq!((recent.len(), recent[0].date, recent[0].redemptions), (733, date("2024-05-31"), 0));
        assert_eq!(history(&recent), recent);
    }

    #[test]
    fn kpis_are_computed_as_documented() {
        let limited = offer("200");
        let totals = Totals { redeemed: 30, spent: Decimal::from(150), ..Totals::default() };
        let kpis =
            |offer: &Offer, today| Analytics { offer, totals, days: &[], today: date(today) }.kpis(None);
        assert_eq!(kpis(&limited, "2026-06-10").redemption_rate, Some(15.0));
        assert_eq!(kpis(&limited, "2026-06-10").average_daily_redemptions, 3.0);
        // The number of days stops growing at the end date and is 1 before the start date.
        assert_eq!(kpis(&limited, "2026-08-01").average_daily_redemptions, 1.0);
        assert_eq!(kpis(&limited, "2026-05-01").average_daily_redemptions, 30.0);
        assert_eq!(kpis(&offer(""), "2026-06-10").redemption_rate, None);
    }

    #[test]
    fn the_full_range_ends_with_the_offer() {
        let offer = offer("");
        let whole = |days: &[Day], today| {
            Analytics { offer: &offer, totals: Totals::default(), days, today: date(today) }.whole_range()
        };
        assert_eq!(whole(&[], "2026-06-10"), range("2026-06-01", "2026-06-10"));
        assert_eq!(whole(&[], "2026-08-10"), range("2026-06-01", "2026-06-30"));
        assert_eq!(whole(&[], "2026-05-10"), range("2026-05-10", "2026-05-10"));
        assert_eq!(whole(&[on("2026-05-20", 1)], "2026-06-10"), range("2026-05-20", "2026-06-10"));
    }
}
