use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::{Limit, OfferService, OfferState, RunOut};

/// Raises an alert if the offer is more likely than not to run out within this many days.
pub const RUNS_OUT_WITHIN: i64 = 7;
/// Raises an alert if the offer ends within this many days.
pub const ENDS_WITHIN: i64 = 3;
/// Raises an alert if the redemptions differ from their forecast by more than this share of it ...
pub const FAR_OFF: f64 = 0.5;
/// ... and by at least this many redemptions: small numbers often differ a lot.
pub const OFF_BY: f64 = 20.0;

/// Raises an alert if this many redemptions were declined in [`TURNED_AWAY_DAYS`] ...
pub const MANY_TURNED_AWAY: i64 = 20;
/// ... and if they are at least this share of all requests.
pub const TURNED_AWAY_SHARE: f64 = 0.2;
/// Days over which declined redemptions are counted, today included.
pub const TURNED_AWAY_DAYS: u64 = 7;

/// A reason to look at an offer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Alert {
    /// The limit is reached before the end date.
    Exhausted(Limit),
    /// The limit will be reached on this day, more likely than not.
    RunsOut {
        on: NaiveDate,
        limit: Option<Limit>,
    },
    /// The offer ends on this day.
    Ends {
        on: NaiveDate,
    },
    TurnedAway(TurnedAway),
    BelowForecast(Outcome),
    AboveForecast(Outcome),
}

/// Declined and successful redemptions of the last days.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TurnedAway {
    pub refusals: i64,
    /// The discount that was not given.
    pub discount: Decimal,
    pub redemptions: i64,
}

/// Expected and actual redemptions of the days of a forecast.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outcome {
    pub first_day: NaiveDate,
    pub days: i64,
    pub expected: f64,
    pub redemptions: i64,
}

/// The data from which the alerts of an offer are derived.
#[derive(Debug, Clone, Copy)]
pub struct AlertInputs<'a> {
    pub service: OfferService<'a>,
    /// From the stored forecast.
    pub run_out: Option<RunOut>,
    /// From the latest forecast whose days are over.
    pub outcome: Option<Outcome>,
    /// Over the last [`TURNED_AWAY_DAYS`].
    pub turned_away: Option<TurnedAway>,
}

impl AlertInputs<'_> {
    /// Returns the alerts, most urgent first. Offers that are scheduled, paused, archived or over have none.
    pub fn alerts(&self) -> Vec<Alert> {
        match self.service.state() {
            OfferState::BudgetExhausted => vec![Alert::Exhausted(Limit::Budget)],
            OfferState::RedemptionsExhausted => vec![Alert::Exhausted(Limit::MaxRedemptions)],
            OfferState::Active => [self.runs_out(), self.ends(), self.turned_away(), self.off_forecast()]
                .into_iter()
                .flatten()
                .collect(),
            OfferState::Scheduled | OfferState::Paused | OfferState::Expired | OfferState::Archived => {
                Vec::new()
            }
        }
    }

    /// Running out on the last day is no reason for an alert.
    fn runs_out(&self) -> Option<Alert> {
        let run_out = self.run_out?;
        // The date of an older forecast may be over by now.
        let on = run_out.median?.max(self.service.today);
        let is_soon = self.days_until(on) <= RUNS_OUT_WITHIN && on < self.service.offer.terms.end_date;
        is_soon.then_some(Alert::RunsOut { on, limit: run_out.limit })
    }

    fn ends(&self) -> Option<Alert> {
        let on = self.service.offer.terms.end_date;
        (self.days_until(on) <= ENDS_WITHIN).then_some(Alert::Ends { on })
    }

    #[expect(clippy::cast_precision_loss, reason = "far fewer than 2^52 customers")]
    fn turned_away(&self) -> Option<Alert> {
        let week = self.turned_away?;
        let requests = week.refusals + week.redemptions;
        let are_many =
            week.refusals >= MANY_TURNED_AWAY && week.refusals as f64 >= TURNED_AWAY_SHARE * requests as f64;
        are_many.then_some(Alert::TurnedAway(week))
    }

    #[expect(clippy::cast_precision_loss, reason = "far fewer than 2^52 redemptions")]
    fn off_forecast(&self) -> Option<Alert> {
        let outcome = self.outcome?;
        let off = outcome.redemptions as f64 - outcome.expected;
        if off.abs() < OFF_BY || off.abs() <= FAR_OFF * outcome.expected {
            return None;
        }
        Some(if off < 0.0 { Alert::BelowForecast(outcome) } else { Alert::AboveForecast(outcome) })
    }

    fn days_until(&self, day: NaiveDate) -> i64 {
        day.signed_duration_since(self.service.today).num_days()
    }
}

impl Alert {
    /// Returns the sort key of a list of alerts, most urgent first; by date within a kind.
    pub fn urgency(&self) -> (u8, NaiveDate) {
        match *self {
            Alert::Exhausted(_) => (0, NaiveDate::MIN),
            Alert::RunsOut { on, .. } => (1, on),
            Alert::Ends { on } => (2, on),
            Alert::TurnedAway(_) => (3, NaiveDate::MIN),
            Alert::BelowForecast(_) => (4, NaiveDate::MIN),
            Alert::AboveForecast(_) => (5, NaiveDate::MIN),
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

    /// Returns the alerts on 15 June of an offer from 1 to 30 June with one redemption of 5.
    fn alerts(
        change: impl FnOnce(&mut OfferDraft),
        run_out: Option<&str>,
        outcome: Option<(f64, i64)>,
    ) -> Vec<Alert> {
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
        AlertInputs { service, run_out, outcome, turned_away: None }.alerts()
    }

    #[test]
    fn running_out_raises_an_alert_a_week_ahead() {
        let runs_out = |on: &str| Alert::RunsOut { on: date(on), limit: Some(Limit::Budget) };
        assert_eq!(alerts(|_| {}, Some("2026-06-22"), None), [runs_out("2026-06-22")]);
        assert_eq!(alerts(|_| {}, Some("2026-06-23"), None), []);
        // A forecast date in the past counts as today.
        assert_eq!(alerts(|_| {}, Some("2026-06-14"), None), [runs_out("2026-06-15")]);
    }

    #[test]
    fn ending_raises_an_alert_three_days_ahead_and_running_out_on_the_last_day_does_not() {
        let ending = |end: &'static str| move |draft: &mut OfferDraft| draft.end_date = end.to_owned();
        let ends = Alert::Ends { on: date("2026-06-18") };
        assert_eq!(alerts(ending("2026-06-18"), Some("2026-06-18"), None), [ends]);
        assert_eq!(alerts(ending("2026-06-19"), None, None), []);
        // Running out the day before raises one, which comes first.
        let both = alerts(ending("2026-06-18"), Some("2026-06-17"), None);
        assert_eq!(both, [Alert::RunsOut { on: date("2026-06-17"), limit: Some(Limit::Budget) }, ends]);
    }

    #[test]
    fn an_exhausted_offer_has_no_other_alerts() {
        let exhausted = alerts(|draft| draft.budget = "5".to_owned(), Some("2026-06-16"), Some((100.0, 1)));
        assert_eq!(exhausted, [Alert::Exhausted(Limit::Budget)]);
        let exhausted = alerts(|draft| draft.max_redemptions = "1".to_owned(), None, None);
        assert_eq!(exhausted, [Alert::Exhausted(Limit::MaxRedemptions)]);
    }

    #[test]
    fn paused_archived_and_scheduled_offers_have_no_alerts() {
        for status in ["paused", "archived"] {
            assert_eq!(
                alerts(|draft| draft.status = status.to_owned(), Some("2026-06-16"), Some((100.0, 1))),
                []
            );
        }
        assert_eq!(alerts(|draft| draft.start_date = "2026-06-16".to_owned(), None, Some((100.0, 1))), []);
    }

    #[test]
    fn redemptions_half_below_or_above_the_forecast_raise_an_alert() {
        let is_below = |expected, actual| {
            matches!(alerts(|_| {}, None, Some((expected, actual)))[..], [Alert::BelowForecast(_)])
        };
        let is_above = |expected, actual| {
            matches!(alerts(|_| {}, None, Some((expected, actual)))[..], [Alert::AboveForecast(_)])
        };
        assert!(is_below(100.0, 49) && !is_below(100.0, 50));
        assert!(is_above(100.0, 151) && !is_above(100.0, 150));
        // Small numbers often differ a lot.
        assert!(!is_below(20.0, 1) && is_below(21.0, 1) && is_above(0.0, 20) && !is_above(0.0, 19));
    }

    #[test]
    fn many_declined_redemptions_raise_an_alert_if_their_share_is_high() {
        let has_alert = |refusals, redemptions| {
            let offer = sample::offer(|_| {});
            let service =
                OfferService { offer: &offer, totals: Totals::default(), today: date("2026-06-15") };
            let week = TurnedAway { refusals, discount: Decimal::TEN, redemptions };
            let inputs = AlertInputs { service, run_out: None, outcome: None, turned_away: Some(week) };
            inputs.alerts() == [Alert::TurnedAway(week)]
        };
        assert!(has_alert(20, 80) && !has_alert(20, 81));
        assert!(has_alert(20, 0) && !has_alert(19, 0));
    }

    proptest! {
        #[test]
        fn the_most_urgent_alert_comes_first(
            median in 0u64..20, end in 0u64..20, expected in 0.0..200.0, actual in 0i64..400,
        ) {
            let day = |after| (date("2026-06-15") + chrono::Days::new(after)).to_string();
            let found = alerts(|draft| draft.end_date = day(end), Some(&day(median)), Some((expected, actual)));
            prop_assert!(found.is_sorted_by_key(|alert| alert.urgency().0));
            for alert in found {
                match alert {
                    Alert::RunsOut { .. } => prop_assert!(median <= 7 && median < end),
                    Alert::Ends { .. } => prop_assert!(end <= 3),
                    _ => {}
                }
            }
        }
    }
}
