use chrono::{Days, NaiveDate};

use crate::analytics::counts;
use crate::{Analytics, DateRange, Day, HORIZON, OfferForecast, OfferService, OfferState, fill_days};

/// How long snapshots are kept: until their last day is over and a daily forecast has [`COMPARED`] newer ones.
pub const SNAPSHOTS_KEPT: Days = Days::new((HORIZON + COMPARED) as u64);
/// Number of forecasts from which the accuracy is computed.
const COMPARED: usize = 30;

/// The values of a forecast that are stored to compare them with the actual redemptions later.
#[derive(Debug, Clone, PartialEq)]
pub struct ForecastSnapshot {
    pub first_day: NaiveDate,
    /// Expected redemptions of all days, by the model and by the moving average.
    pub expected: f64,
    pub moving_average: f64,
    /// The 80 % band of each day up to the end date, in the precision in which it is stored.
    pub lower_80: Vec<f32>,
    pub upper_80: Vec<f32>,
}

/// A forecast compared with the actual redemptions.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Comparison {
    pub first_day: NaiveDate,
    pub days: i16,
    pub expected: f64,
    pub moving_average: f64,
    /// Redemptions of all days.
    pub actual: i64,
    /// Days whose redemptions were within the 80 % band.
    pub days_within: i16,
}

/// Accuracy of an offer's last forecasts, in percent. `None` if there were no redemptions.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ForecastAccuracy {
    pub forecasts: usize,
    /// Sum of the absolute errors of the totals, relative to the actual redemptions.
    pub total_off: Option<f64>,
    pub moving_average_off: Option<f64>,
    pub days_within_80: f64,
}

impl ForecastSnapshot {
    /// Takes a snapshot of the days on which the offer is open. Returns `None` if the offer is not active or has no
    /// history: its forecast is trivially right and would distort the accuracy.
    pub fn of(forecast: &OfferForecast, analytics: &Analytics<'_>) -> Option<ForecastSnapshot> {
        let Analytics { offer, totals, today, .. } = *analytics;
        let state = OfferService { offer, totals, today }.state();
        if state != OfferState::Active || forecast.history_days == 0 {
            return None;
        }
        let open = || forecast.points.iter().filter(|day| day.date <= offer.terms.end_date);
        let days = open().count();
        Some(ForecastSnapshot {
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

    /// Compares the snapshot with the actual redemptions. Returns `None` until all of its days are over. `days` may
    /// omit days without redemptions.
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

#[expect(clippy::cast_possible_truncation, reason = "the conversion to single precision is intended")]
fn single(value: f64) -> f32 {
    value as f32
}

/// Returns the moving average's forecast of this many days, starting with today.
fn moving_average(analytics: &Analytics<'_>, days: usize) -> f64 {
    let history = counts(&analytics.history());
    let past = history.split_last().map_or(&[][..], |(_, past)| past);
    offercast_forecast::moving_average(past, offercast_forecast::WEEK, days).iter().sum()
}

impl ForecastAccuracy {
    /// Computes the accuracy of the latest [`COMPARED`] forecasts. Returns `None` if there are none.
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

    /// Takes a snapshot with a history of four redemptions a day from 1 June to yesterday.
    fn snapshot(offer: &Offer, today: &str) -> Option<ForecastSnapshot> {
        let today = date(today);
        let days: Vec<Day> =
            offer.terms.start_date.iter_days().take_while(|day| *day < today).map(|day| on(day, 4)).collect();
        let analytics = Analytics { offer, totals: Totals::default(), days: &days, today };
        ForecastSnapshot::of(&ForecastService::default().forecast(&analytics), &analytics)
    }

    fn compared(expected: f64, moving_average: f64, actual: i64, first_day: NaiveDate) -> Comparison {
        Comparison { first_day, days: 10, expected, moving_average, actual, days_within: 8 }
    }

    #[test]
    fn a_snapshot_covers_the_days_on_which_the_offer_is_open() {
        let offer = sample::offer(|draft| draft.end_date = "2026-06-25".to_owned());
        let snapshot = snapshot(&offer, "2026-06-20").unwrap();
        assert_eq!((snapshot.lower_80.len(), snapshot.upper_80.len()), (6, 6));
        assert!((snapshot.expected - 24.0).abs() < 0.1, "{snapshot:?}");
        assert_eq!(snapshot.moving_average, 24.0);
    }

    #[test]
    fn trivial_forecasts_have_no_snapshot() {
        let mut offer = sample::offer(|_| ());
        assert_eq!(snapshot(&offer, "2026-06-01"), None, "there is no history");
        assert!(snapshot(&offer, "2026-06-20").is_some());
        offer.terms.status = OfferStatus::Paused;
        assert_eq!(snapshot(&offer, "2026-06-20"), None);
        offer.terms.status = OfferStatus::Active;
        assert_eq!(snapshot(&offer, "2026-07-01"), None, "the offer is over");
    }

    #[test]
    fn a_snapshot_is_compared_once_its_days_are_over() {
        let first_day = date("2026-06-10");
        let band = |value: f32| vec![value; 3];
        let snapshot = ForecastSnapshot {
            first_day,
            expected: 9.0,
            moving_average: 6.0,
            lower_80: band(2.0),
            upper_80: band(4.0),
        };
        let days = [
            on(date("2026-06-09"), 50),
            on(first_day, 2),
            on(date("2026-06-12"), 5),
            on(date("2026-06-13"), 50),
        ];
        assert_eq!(snapshot.compare(&days, date("2026-06-12")), None, "its last day is not over");
        let comparison = snapshot.compare(&days, date("2026-06-13")).unwrap();
        let expected =
            Comparison { first_day, days: 3, expected: 9.0, moving_average: 6.0, actual: 7, days_within: 1 };
        assert_eq!(comparison, expected);
    }

    #[test]
    fn accuracy_covers_the_last_thirty_forecasts_and_adds_absolute_errors() {
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
