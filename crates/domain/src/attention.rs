use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::{Limit, OfferService, OfferState, RunOut};

/// An offer that more likely than not runs out within this many days calls for attention.
pub const RUNS_OUT_WITHIN: i64 = 7;
/// One that ends within this many days does.
pub const ENDS_WITHIN: i64 = 3;
/// One that has brought less than this share of what was forecast does, or more than the whole and that share
/// again ...
pub const FAR_OFF: f64 = 0.5;
/// ... if it is off by at least so many redemptions: small numbers are always far off.
pub const OFF_BY: f64 = 20.0;

/// An offer that has turned away so many customers within a week calls for attention ...
pub const MANY_TURNED_AWAY: i64 = 20;
/// ... if they are at least this share of all who asked.
pub const TURNED_AWAY_SHARE: f64 = 0.2;
/// The days of that week.
pub const TURNED_AWAY_DAYS: u64 = 7;

/// Why somebody should look at an offer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Concern {
    /// Nothing is left to redeem, and the offer is not over.
    Exhausted(Limit),
    /// Nothing will be left on this day, more likely than not.
    RunsOut {
        on: NaiveDate,
        limit: Option<Limit>,
    },
    /// This is its last day.
    Ends {
        on: NaiveDate,
    },
    TurnedAway(TurnedAway),
    BelowForecast(Outcome),
    AboveForecast(Outcome),
}

/// Customers who got nothing in the last days, beside those who did.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TurnedAway {
    pub refusals: i64,
    /// What they would have been given.
    pub discount: Decimal,
    pub redemptions: i64,
}

/// What a forecast said about some days, and what came of them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outcome {
    pub first_day: NaiveDate,
    pub days: i64,
    pub expected: f64,
    pub redemptions: i64,
}

/// What is known of an offer that its concerns are told from.
#[derive(Debug, Clone, Copy)]
pub struct Signs<'a> {
    pub service: OfferService<'a>,
    /// Of the stored forecast.
    pub run_out: Option<RunOut>,
    /// Of the latest forecast whose days are over.
    pub outcome: Option<Outcome>,
    /// Over [`TURNED_AWAY_DAYS`].
    pub turned_away: Option<TurnedAway>,
}

impl Signs<'_> {
    /// The most urgent first. An offer that does not redeem because staff want it so is of no concern.
    pub fn concerns(&self) -> Vec<Concern> {
        match self.service.state() {
            OfferState::BudgetExhausted => vec![Concern::Exhausted(Limit::Budget)],
            OfferState::RedemptionsExhausted => vec![Concern::Exhausted(Limit::MaxRedemptions)],
            OfferState::Active => [self.runs_out(), self.ends(), self.turned_away(), self.off_forecast()]
                .into_iter()
                .flatten()
                .collect(),
            OfferState::Scheduled | OfferState::Paused | OfferState::Expired | OfferState::Archived => {
                Vec::new()
            }
        }
    }

    /// On its last day an offer may run out as it likes.
    fn runs_out(&self) -> Option<Concern> {
        let run_out = self.run_out?;
        // A forecast of yesterday may have thought of a day that is over by now.
        let on = run_out.median?.max(self.service.today);
        let is_soon = self.days_until(on) <= RUNS_OUT_WITHIN && on < self.service.offer.terms.end_date;
        is_soon.then_some(Concern::RunsOut { on, limit: run_out.limit })
    }

    fn ends(&self) -> Option<Concern> {
        let on = self.service.offer.terms.end_date;
        (self.days_until(on) <= ENDS_WITHIN).then_some(Concern::Ends { on })
    }

    #[expect(clippy::cast_precision_loss, reason = "far fewer than 2^52 customers")]
    fn turned_away(&self) -> Option<Concern> {
        let week = self.turned_away?;
        let asked = week.refusals + week.redemptions;
        let are_many =
            week.refusals >= MANY_TURNED_AWAY && week.refusals as f64 >= TURNED_AWAY_SHARE * asked as f64;
        are_many.then_some(Concern::TurnedAway(week))
    }

    #[expect(clippy::cast_precision_loss, reason = "far fewer than 2^52 redemptions")]
    fn off_forecast(&self) -> Option<Concern> {
        let outcome = self.outcome?;
        let off = outcome.redemptions as f64 - outcome.expected;
        if off.abs() < OFF_BY || off.abs() <= FAR_OFF * outcome.expected {
            return None;
        }
        Some(if off < 0.0 { Concern::BelowForecast(outcome) } else { Concern::AboveForecast(outcome) })
    }

    fn days_until(&self, day: NaiveDate) -> i64 {
        day.signed_duration_since(self.service.today).num_days()
    }
}

impl Concern {
    /// What to look at first: customers are turned away; they will be, by day; the rest.
    pub fn urgency(&self) -> (u8, NaiveDate) {
        match *self {
            Concern::Exhausted(_) => (0, NaiveDate::MIN),
            Concern::RunsOut { on, .. } => (1, on),
            Concern::Ends { on } => (2, on),
            Concern::TurnedAway(_) => (3, NaiveDate::MIN),
            Concern::BelowForecast(_) => (4, NaiveDate::MIN),
            Concern::AboveForecast(_) => (5, NaiveDate::MIN),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{Offer, OfferDraft, Totals, sample};

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// Of an offer from 1 to 30 June on the 15th, after one redemption of 5.
    fn concerns(
        change: impl FnOnce(&mut OfferDraft),
        run_out: Option<&str>,
        outcome: Option<(f64, i64)>,
    ) -> Vec<Concern> {
        let offer: Offer = sample::offer(change);
        let totals = Totals { redeemed: 1, spent: 5.into(), ..Totals::default() };
        let service = OfferService { offer: &offer, totals, today: date("2026-06-15") };
        let run_out = run_out.map(|median| RunOut {
            probability: 0.6,
            limit: Some(Limit::Budget),
            median: Some(date(median)),
            earliest: None,
            latest: None,
        });
        let outcome = outcome.map(|(expected, redemptions)| Outcome {
            first_day: date("2026-06-01"),
            days: 14,
            expected,
            redemptions,
        });
        Signs { service, run_out, outcome, turned_away: None }.concerns()
    }

    #[test]
    fn running_out_is_of_concern_a_week_ahead() {
        let runs_out = |on: &str| Concern::RunsOut { on: date(on), limit: Some(Limit::Budget) };
        assert_eq!(concerns(|_| {}, Some("2026-06-22"), None), [runs_out("2026-06-22")]);
        assert_eq!(concerns(|_| {}, Some("2026-06-23"), None), []);
        // What was forecast for a day that is over is of today.
        assert_eq!(concerns(|_| {}, Some("2026-06-14"), None), [runs_out("2026-06-15")]);
    }

    #[test]
    fn ending_is_of_concern_three_days_ahead_and_running_out_on_that_day_is_not() {
        let ending = |end: &'static str| move |draft: &mut OfferDraft| draft.end_date = end.to_owned();
        let ends = Concern::Ends { on: date("2026-06-18") };
        assert_eq!(concerns(ending("2026-06-18"), Some("2026-06-18"), None), [ends]);
        assert_eq!(concerns(ending("2026-06-19"), None, None), []);
        // Running out the day before is, and comes first.
        let both = concerns(ending("2026-06-18"), Some("2026-06-17"), None);
        assert_eq!(both, [Concern::RunsOut { on: date("2026-06-17"), limit: Some(Limit::Budget) }, ends]);
    }

    #[test]
    fn an_exhausted_offer_is_of_that_concern_alone() {
        let exhausted = concerns(|draft| draft.budget = "5".to_owned(), Some("2026-06-16"), Some((100.0, 1)));
        assert_eq!(exhausted, [Concern::Exhausted(Limit::Budget)]);
        let exhausted = concerns(|draft| draft.max_redemptions = "1".to_owned(), None, None);
        assert_eq!(exhausted, [Concern::Exhausted(Limit::MaxRedemptions)]);
    }

    #[test]
    fn what_staff_have_stopped_or_not_started_is_of_no_concern() {
        for status in ["paused", "archived"] {
            assert_eq!(
                concerns(|draft| draft.status = status.to_owned(), Some("2026-06-16"), Some((100.0, 1))),
                []
            );
        }
        assert_eq!(concerns(|draft| draft.start_date = "2026-06-16".to_owned(), None, Some((100.0, 1))), []);
    }

    #[test]
    fn less_than_half_or_more_than_half_as_much_again_is_far_off_the_forecast() {
        let is_below = |expected, came| {
            matches!(concerns(|_| {}, None, Some((expected, came)))[..], [Concern::BelowForecast(_)])
        };
        let is_above = |expected, came| {
            matches!(concerns(|_| {}, None, Some((expected, came)))[..], [Concern::AboveForecast(_)])
        };
        assert!(is_below(100.0, 49) && !is_below(100.0, 50));
        assert!(is_above(100.0, 151) && !is_above(100.0, 150));
        // Small numbers are always far off.
        assert!(!is_below(20.0, 1) && is_below(21.0, 1) && is_above(0.0, 20) && !is_above(0.0, 19));
    }

    #[test]
    fn many_customers_turned_away_are_of_concern_if_they_are_many_of_all() {
        let is_of_concern = |refusals, redemptions| {
            let offer = sample::offer(|_| {});
            let service =
                OfferService { offer: &offer, totals: Totals::default(), today: date("2026-06-15") };
            let week = TurnedAway { refusals, discount: Decimal::TEN, redemptions };
            let signs = Signs { service, run_out: None, outcome: None, turned_away: Some(week) };
            signs.concerns() == [Concern::TurnedAway(week)]
        };
        assert!(is_of_concern(20, 80) && !is_of_concern(20, 81));
        assert!(is_of_concern(20, 0) && !is_of_concern(19, 0));
    }

    proptest! {
        #[test]
        fn the_most_urgent_concern_comes_first(
            median in 0u64..20, end in 0u64..20, expected in 0.0..200.0, came in 0i64..400,
        ) {
            let day = |after| (date("2026-06-15") + chrono::Days::new(after)).to_string();
            let found = concerns(|draft| draft.end_date = day(end), Some(&day(median)), Some((expected, came)));
            prop_assert!(found.is_sorted_by_key(|concern| concern.urgency().0));
            for concern in found {
                match concern {
                    Concern::RunsOut { .. } => prop_assert!(median <= 7 && median < end),
                    Concern::Ends { .. } => prop_assert!(end <= 3),
                    _ => {}
                }
            }
        }
    }
}
