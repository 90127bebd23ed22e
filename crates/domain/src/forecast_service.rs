use chrono::NaiveDate;
use offercast_forecast::{Model, Point};

use crate::Analytics;

/// Days that a forecast looks ahead.
pub const HORIZON: usize = 14;

/// What becomes of an offer: the forecast of its daily redemptions, within what its terms allow.
#[derive(Debug, Clone, Copy)]
pub struct ForecastService {
    pub model: Model,
}

/// A forecast and what it was made from.
#[derive(Debug, Clone, PartialEq)]
pub struct OfferForecast {
    pub model: Model,
    /// Days of history that went in.
    pub history_days: usize,
    /// The day of the first point: the first one that is not finished.
    pub first_day: NaiveDate,
    pub points: Vec<ForecastDay>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ForecastDay {
    pub date: NaiveDate,
    pub point: Point,
}

impl ForecastService {
    /// The next [`HORIZON`] days, today being the first. Days after the offer's end are 0.
    pub fn forecast(self, analytics: &Analytics<'_>) -> OfferForecast {
        let history = analytics.history();
        let end_date = analytics.offer.terms.end_date;
        let points = analytics
            .today
            .iter_days()
            .zip(self.model.forecast(&history, HORIZON))
            .map(|(date, point)| ForecastDay {
                date,
                point: if date > end_date { Point::NOTHING } else { point },
            })
            .collect();
        OfferForecast { model: self.model, history_days: history.len(), first_day: analytics.today, points }
    }
}

#[cfg(test)]
mod tests {
    use chrono::Days;
    use proptest::prelude::*;
    use rust_decimal::Decimal;

    use super::*;
    use crate::{Day, Offer, OfferDraft, Totals};

    fn offer(end_date: &str) -> Offer {
        let text = str::to_owned;
        let draft = OfferDraft {
            name: text("Test"),
            code: text("TEST"),
            discount_type: text("flat"),
            discount_value: text("5"),
            currency: text("USD"),
            start_date: text("2026-06-01"),
            end_date: text(end_date),
            ..OfferDraft::default()
        };
        Offer { id: 1, terms: draft.check().unwrap() }
    }

    fn forecast(offer: &Offer, days: &[Day], today: &str) -> OfferForecast {
        let today = today.parse().unwrap();
        let analytics = Analytics { offer, totals: Totals::default(), days, today };
        ForecastService { model: Model::MovingAverage7 }.forecast(&analytics)
    }

    fn on(date: NaiveDate, redemptions: i64) -> Day {
        Day { date, redemptions, discount: Decimal::ZERO }
    }

    #[test]
    fn starts_today_and_is_nothing_after_the_end() {
        let offer = offer("2026-06-20");
        let days = [on("2026-06-01".parse().unwrap(), 14)];
        let quiet = forecast(&offer, &days, "2026-06-15");
        assert_eq!(quiet.points.len(), HORIZON);
        assert_eq!(quiet.first_day.to_string(), "2026-06-15");
        assert_eq!(quiet.history_days, 14);
        assert!(quiet.points.iter().all(|day| day.point.mean == 0.0));
        let busy: Vec<Day> = (0..14).map(|i| on(offer.terms.start_date + Days::new(i), 3)).collect();
        let busy = forecast(&offer, &busy, "2026-06-15");
        let mean: Vec<f64> = busy.points.iter().map(|day| day.point.mean).collect();
        assert_eq!(mean[..6], [3.0; 6]);
        assert_eq!(mean[6..], [0.0; 8]);
    }

    #[test]
    fn without_history_there_is_nothing_to_expect() {
        let forecast = forecast(&offer("2026-06-30"), &[], "2026-06-01");
        assert!(forecast.points.iter().all(|day| day.point.mean == 0.0));
    }

    proptest! {
        #[test]
        fn is_finite_and_not_negative(counts in prop::collection::vec(0i64..100_000, 0..60)) {
            let offer = offer("2026-07-20");
            let days: Vec<Day> = (0u64..).zip(&counts)
                .map(|(i, &count)| on(offer.terms.start_date + Days::new(i), count)).collect();
            for day in forecast(&offer, &days, "2026-07-15").points {
                let p = day.point;
                for value in [p.mean, p.lower_80, p.upper_80, p.lower_95, p.upper_95] {
                    prop_assert!(value.is_finite() && value >= 0.0);
                }
            }
        }
    }
}
