use chrono::{Days, NaiveDate};

use crate::analytics::counts;
use crate::{Analytics, DateRange, Day, HORIZON, OfferForecast, OfferService, OfferState, fill_days};

/// Days for which what a forecast said is kept: until its last day is over, and then until it is none of the
/// last [`COMPARED`] of an offer that is forecast daily.
pub const CLAIMS_KEPT: Days = Days::new((HORIZON + COMPARED) as u64);
/// Forecasts that an accuracy is told from.
const COMPARED: usize = 30;

/// What a forecast has said, until it can be held against what came.
#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    pub first_day: NaiveDate,
    /// Redemptions of all its days, and how many the moving average expected of the same days.
    pub expected: f64,
    pub moving_average: f64,
    /// The 80 % band of each day up to the end date, as precisely as it is kept: what lies below single
    /// precision is nothing.
    pub lower_80: Vec<f32>,
    pub upper_80: Vec<f32>,
}

/// A forecast beside what came.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Comparison {
    pub first_day: NaiveDate,
    pub days: i16,
    pub expected: f64,
    pub moving_average: f64,
    /// Redemptions of all its days.
    pub actual: i64,
    /// Days that lay inside of their 80 % band.
    pub days_within: i16,
}

/// How good the last forecasts of an offer were. In percent; None where nothing came that could be missed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ForecastAccuracy {
    pub forecasts: usize,
    /// Errors of the totals, whatever their sign, over what came.
    pub total_off: Option<f64>,
    pub moving_average_off: Option<f64>,
    pub days_within_80: f64,
}

impl Claim {
    /// What a forecast says of the days on which the offer is open. None for an offer that does not redeem
    /// or has no past: to be right about nothing is no merit.
    pub fn of(forecast: &OfferForecast, analytics: &Analytics<'_>) -> Option<Claim> {
        let Analytics { offer, totals, today, .. } = *analytics;
        let state = OfferService { offer, totals, today }.state();
        if state != OfferState::Active || forecast.history_days == 0 {
            return None;
        }
        let open = || forecast.points.iter().filter(|day| day.date <= offer.terms.end_date);
        let days = open().count();
        Some(Claim {
            first_day: forecast.first_day,
            expected: open().map(|day| day.point.mean).sum(),
            moving_average: moving_average(analytics, days),
            lower_80: open().map(|day| single(day.point.lower_80)).collect(),
            upper_80: open().map(|day| single(day.point.upper_80)).collect(),
        })
    }

    fn days(&self) -> usize {
        self.lower_80.len().min(self.upper_80.len())
    }

    /// What came, once all its days are over. `days` are those on which something was redeemed.
    pub fn compare(&self, days: &[Day], today: NaiveDate) -> Option<Comparison> {
        let ahead = Days::new(self.days().checked_sub(1)? as u64);
        let last = self.first_day.checked_add_days(ahead).filter(|last| *last < today)?;
        let actual = fill_days(days, DateRange { from: self.first_day, to: last });
        let within = counts(&actual)
            .iter()
            .zip(self.lower_80.iter().zip(&self.upper_80))
            .filter(|(count, (lower, upper))| (f64::from(**lower)..=f64::from(**upper)).contains(count))
            .count();
        Some(Comparison {
            first_day: self.first_day,
            days: i16::try_from(self.days()).ok()?,
            expected: self.expected,
            moving_average: self.moving_average,
            actual: actual.iter().map(|day| day.redemptions).sum(),
            days_within: i16::try_from(within).ok()?,
        })
    }
}

#[expect(clippy::cast_possible_truncation, reason = "that is what it is for")]
fn single(value: f64) -> f32 {
    value as f32
}

/// What the moving average expects of so many days, today being the first.
fn moving_average(analytics: &Analytics<'_>, days: usize) -> f64 {
    let history = counts(&analytics.history());
    let past = history.split_last().map_or(&[][..], |(_, past)| past);
    offercast_forecast::moving_average(past, offercast_forecast::WEEK, days).iter().sum()
}

impl ForecastAccuracy {
    /// Of the last [`COMPARED`] of these; None without any.
    pub fn of(comparisons: &[Comparison]) -> Option<ForecastAccuracy> {
        let mut last: Vec<&Comparison> = comparisons.iter().collect();
        last.sort_unstable_by_key(|comparison| std::cmp::Reverse(comparison.first_day));
        last.truncate(COMPARED);
        let days: i32 = last.iter().map(|comparison| i32::from(comparison.days)).sum();
        let within: i32 = last.iter().map(|comparison| i32::from(comparison.days_within)).sum();
        (days > 0).then(|| ForecastAccuracy {
            forecasts: last.len(),
            total_off: off(&last, |comparison| comparison.expected),
            moving_average_off: off(&last, |comparison| comparison.moving_average),
            days_within_80: 100.0 * f64::from(within) / f64::from(days),
        })
    }
}

#[expect(clippy::cast_precision_loss, reason = "redemptions of two weeks are far fewer than 2^52")]
fn off(comparisons: &[&Comparison], expected: fn(&Comparison) -> f64) -> Option<f64> {
    let actual: i64 = comparisons.iter().map(|comparison| comparison.actual).sum();
    let errors: f64 = comparisons.iter().map(|one| (expected(one) - one.actual as f64).abs()).sum();
    (actual > 0).then(|| 100.0 * errors / actual as f64)
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use super::*;
    use crate::{ForecastService, Offer, OfferStatus, Totals, sample};

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn on(date: NaiveDate, redemptions: i64) -> Day {
        Day { date, redemptions, discount: Decimal::from(redemptions) }
    }

    /// Four a day from 1 June to the day before today.
    fn claim(offer: &Offer, today: &str) -> Option<Claim> {
        let today = date(today);
        let days: Vec<Day> =
            offer.terms.start_date.iter_days().take_while(|day| *day < today).map(|day| on(day, 4)).collect();
        let analytics = Analytics { offer, totals: Totals::default(), days: &days, today };
        Claim::of(&ForecastService::default().forecast(&analytics), &analytics)
    }

    fn compared(expected: f64, moving_average: f64, actual: i64, first_day: NaiveDate) -> Comparison {
        Comparison { first_day, days: 10, expected, moving_average, actual, days_within: 8 }
    }

    #[test]
    fn a_claim_is_of_the_days_on_which_the_offer_is_open() {
        let offer = sample::offer(|draft| draft.end_date = "2026-06-25".to_owned());
        let claim = claim(&offer, "2026-06-20").unwrap();
        assert_eq!((claim.lower_80.len(), claim.upper_80.len()), (6, 6));
        assert!((claim.expected - 24.0).abs() < 0.1, "{claim:?}");
        assert_eq!(claim.moving_average, 24.0);
    }

    #[test]
    fn what_cannot_be_wrong_is_no_claim() {
        let mut offer = sample::offer(|_| ());
        assert_eq!(claim(&offer, "2026-06-01"), None, "there is no past");
        assert!(claim(&offer, "2026-06-20").is_some());
        offer.terms.status = OfferStatus::Paused;
        assert_eq!(claim(&offer, "2026-06-20"), None);
        offer.terms.status = OfferStatus::Active;
        assert_eq!(claim(&offer, "2026-07-01"), None, "it is over");
    }

    #[test]
    fn a_claim_is_compared_once_its_days_are_over() {
        let first_day = date("2026-06-10");
        let band = |value: f32| vec![value; 3];
        let claim =
            Claim { first_day, expected: 9.0, moving_average: 6.0, lower_80: band(2.0), upper_80: band(4.0) };
        let days = [
            on(date("2026-06-09"), 50),
            on(first_day, 2),
            on(date("2026-06-12"), 5),
            on(date("2026-06-13"), 50),
        ];
        assert_eq!(claim.compare(&days, date("2026-06-12")), None, "its last day is not over");
        let comparison = claim.compare(&days, date("2026-06-13")).unwrap();
        let expected =
            Comparison { first_day, days: 3, expected: 9.0, moving_average: 6.0, actual: 7, days_within: 1 };
        assert_eq!(comparison, expected);
    }

    #[test]
    fn accuracy_is_of_the_last_thirty_and_counts_errors_of_either_sign() {
        let first = date("2026-06-01");
        let mut all: Vec<Comparison> = (0..30)
            .map(|day| compared(if day % 2 == 0 { 90.0 } else { 110.0 }, 150.0, 100, first + Days::new(day)))
            .collect();
        all.push(compared(0.0, 0.0, 1_000, first - Days::new(1)));
        let accuracy = ForecastAccuracy::of(&all).unwrap();
        let expected = ForecastAccuracy {
            forecasts: 30,
            total_off: Some(10.0),
            moving_average_off: Some(50.0),
            days_within_80: 80.0,
        };
        assert_eq!(accuracy, expected);
        assert_eq!(ForecastAccuracy::of(&[]), None);
        assert_eq!(ForecastAccuracy::of(&[compared(3.0, 3.0, 0, first)]).unwrap().total_off, None);
    }
}
