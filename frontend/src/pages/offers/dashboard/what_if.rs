//! What-if scenarios: an offer's dashboard under other terms, computed in the browser by the server's own rules.

use chrono::{Days, NaiveDate};
use leptos::wasm_split::{SplitLoaderError, wasm_split};
use offercast_contract::{
    Dashboard, Forecast, ForecastPoint, ForecastTotal, Limit, Money, Offer, OfferPatch, RunOut,
};
use offercast_domain as domain;
use offercast_domain::{Analytics, ForecastService, Held, Model, OfferTerms, Totals, WhatIf};
use rust_decimal::Decimal;

use super::super::form::draft_of;

/// How far a slider can move the end date.
const MAX_EXTENSION: Days = Days::new(180);
/// Approximate number of steps of a slider, up to the current limit.
const STEPS: Decimal = Decimal::from_parts(60, 0, 0, false, 0);

/// Computes the dashboard of a scenario. A separate download, fetched when a slider is first moved.
#[wasm_split(what_if, wasm_split_path = leptos::wasm_split, fallible)]
pub fn evaluate(scenario: Scenario, data: Dashboard) -> Result<Option<Dashboard>, SplitLoaderError> {
    Ok(scenario.dashboard(&data))
}

/// The terms that a scenario can change.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scenario {
    pub budget: Option<Decimal>,
    pub max_redemptions: Option<i64>,
    pub end_date: NaiveDate,
    pub discount: Decimal,
}

impl Scenario {
    /// The current terms of the offer.
    pub fn of(offer: &Offer) -> Self {
        Scenario {
            budget: offer.budget.map(|budget| budget.0),
            max_redemptions: offer.max_redemptions,
            end_date: offer.end_date,
            discount: offer.discount_value.0,
        }
    }

    /// The changes that make the scenario real. Contains changed fields only.
    pub fn patch(self, offer: &Offer) -> OfferPatch {
        let now = Scenario::of(offer);
        OfferPatch {
            budget: (self.budget != now.budget).then_some(self.budget.map(Money)),
            max_redemptions: (self.max_redemptions != now.max_redemptions).then_some(self.max_redemptions),
            end_date: (self.end_date != now.end_date).then(|| Some(self.end_date.to_string())),
            discount_value: (self.discount != now.discount).then_some(Some(Money(self.discount))),
            version: Some(offer.version),
            ..OfferPatch::default()
        }
    }

    /// The dashboard of the scenario. `None` if its terms are invalid or the forecast model is unknown here.
    pub fn dashboard(self, data: &Dashboard) -> Option<Dashboard> {
        let offer = self.applied_to(&data.offer);
        let forecast = forecast(data, &self.checked_terms(&data.offer)?)?;
        let mut shown = Dashboard { offer, forecast, ..data.clone() };
        shown.budget.total = self.budget.map(Money);
        shown.budget.remaining = self.budget.map(|budget| Money(totals(data).left_of(budget)));
        Some(shown)
    }

    fn applied_to(self, offer: &Offer) -> Offer {
        Offer {
            budget: self.budget.map(Money),
            max_redemptions: self.max_redemptions,
            end_date: self.end_date,
            discount_value: Money(self.discount),
            ..offer.clone()
        }
    }

    fn checked_terms(self, offer: &Offer) -> Option<OfferTerms> {
        draft_of(&self.applied_to(offer)).check().ok()
    }
}

fn forecast(data: &Dashboard, terms: &OfferTerms) -> Option<Forecast> {
    let offer = domain::Offer { id: data.offer.id, terms: draft_of(&data.offer).check().ok()? };
    let analytics = Analytics {
        offer: &offer,
        totals: totals(data),
        days: &history(data),
        today: data.as_of.date_naive(),
    };
    let model = Model::parse(&data.forecast.model)?;
    let forecast = ForecastService { model }.what_if(&analytics, &WhatIf::from(terms));
    Some(Forecast {
        points: forecast.points.iter().map(point).collect(),
        total: total(forecast.total),
        run_out: forecast.run_out.map(run_out),
        ..data.forecast.clone()
    })
}

/// The dashboard does not contain the number of held redemptions: neither the remaining budget nor the forecast uses
/// it.
fn totals(data: &Dashboard) -> Totals {
    Totals {
        redeemed: data.kpis.total_redemptions,
        spent: data.kpis.total_discount_given.0,
        held: Held { discount: data.budget.held.0, ..Held::default() },
    }
}

fn history(data: &Dashboard) -> Vec<domain::Day> {
    let history = &data.history;
    let figures = history.redemptions.iter().zip(&history.discount_given);
    let days = history.first_day.into_iter().flat_map(|first| first.iter_days());
    days.zip(figures)
        .map(|(date, (redemptions, discount))| domain::Day {
            date,
            redemptions: *redemptions,
            discount: discount.0,
        })
        .collect()
}

fn point(day: &domain::ForecastDay) -> ForecastPoint {
    let domain::ForecastPoint { mean, lower_80, upper_80, lower_95, upper_95 } = day.point;
    ForecastPoint { date: day.date, redemptions: mean, lower_80, upper_80, lower_95, upper_95 }
}

fn total(point: domain::ForecastPoint) -> ForecastTotal {
    let domain::ForecastPoint { mean, lower_80, upper_80, lower_95, upper_95 } = point;
    ForecastTotal { redemptions: mean, lower_80, upper_80, lower_95, upper_95 }
}

fn run_out(run_out: domain::RunOut) -> RunOut {
    RunOut {
        probability: run_out.probability,
        limit: run_out.limit.map(|limit| match limit {
            domain::Limit::Budget => Limit::Budget,
            domain::Limit::MaxRedemptions => Limit::MaxRedemptions,
        }),
        median: run_out.median,
        earliest_80: run_out.earliest,
        latest_80: run_out.latest,
    }
}

/// The range of a slider.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SliderRange {
    pub least: Decimal,
    pub most: Decimal,
    pub step: Decimal,
}

impl SliderRange {
    /// From what is used already to three times the limit, in round steps that include the limit itself.
    pub fn of_limit(limit: Decimal, used: Decimal, digits: u32) -> SliderRange {
        let step = round_step(limit / STEPS).max(Decimal::new(1, digits));
        let below = ((limit - used) / step).floor().max(Decimal::ZERO);
        SliderRange {
            least: limit - below * step,
            most: limit + (limit * Decimal::TWO / step).floor() * step,
            step,
        }
    }

    /// Like a limit, but above zero, and at most 100 for a percentage.
    pub fn of_discount(value: Decimal, percent: bool, digits: u32) -> SliderRange {
        let range = SliderRange::of_limit(value, Decimal::ZERO, digits);
        let least = if range.least.is_zero() { range.step } else { range.least };
        let most = if percent { range.most.min(Decimal::ONE_HUNDRED) } else { range.most };
        SliderRange { least, most, ..range }
    }

    /// The end date in days from today.
    pub fn of_end(today: NaiveDate, end: NaiveDate) -> SliderRange {
        let last = end.checked_add_days(MAX_EXTENSION).unwrap_or(end);
        let most = Decimal::from(last.signed_duration_since(today).num_days().max(1));
        SliderRange { least: Decimal::ZERO, most, step: Decimal::ONE }
    }
}

/// The largest of 1, 2 or 5 times a power of ten that is at most `value`.
fn round_step(value: Decimal) -> Decimal {
    let mut power = Decimal::new(1, 4);
    while power * Decimal::TEN <= value {
        power *= Decimal::TEN;
    }
    [5, 2].into_iter().map(|times| power * Decimal::from(times)).find(|step| *step <= value).unwrap_or(power)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::sample_dashboard;

    fn current() -> Scenario {
        Scenario::of(&sample_dashboard().offer)
    }

    #[test]
    fn the_current_terms_change_nothing() {
        let offer = sample_dashboard().offer;
        let patch = current().patch(&offer);
        assert_eq!(patch, OfferPatch { version: Some(offer.version), ..OfferPatch::default() });
    }

    #[test]
    fn a_larger_budget_lasts_longer() {
        let data = sample_dashboard();
        let median = |budget: i64| {
            let scenario = Scenario { budget: Some(budget.into()), max_redemptions: None, ..current() };
            scenario.dashboard(&data).unwrap().forecast.run_out.and_then(|run_out| run_out.median)
        };
        assert!(median(40).unwrap() < median(100).unwrap());
    }

    #[test]
    fn only_changed_fields_are_sent() {
        let offer = sample_dashboard().offer;
        let scenario = Scenario { budget: Some(80.into()), ..current() };
        let sent = serde_json::to_string(&scenario.patch(&offer)).unwrap();
        assert_eq!(sent, r#"{"budget":80,"version":1}"#);
        assert_eq!(scenario.dashboard(&sample_dashboard()).unwrap().budget.remaining, Some(Money(46.into())));
    }

    #[test]
    fn the_remaining_budget_excludes_held_discounts() {
        let mut data = sample_dashboard();
        data.budget.held = Money(5.into());
        let remaining = |budget: i64| {
            let scenario = Scenario { budget: Some(budget.into()), ..current() };
            scenario.dashboard(&data).unwrap().budget.remaining
        };
        assert_eq!(remaining(80), Some(Money(41.into())));
        assert_eq!(remaining(36), Some(Money(0.into())));
    }

    #[test]
    fn invalid_terms_have_no_dashboard() {
        let scenario = Scenario { discount: Decimal::ZERO, ..current() };
        assert_eq!(scenario.dashboard(&sample_dashboard()), None);
    }

    #[test]
    fn slider_steps_are_round_and_include_the_limit() {
        let range = |limit: i64, used: i64| {
            let SliderRange { least, most, step } = SliderRange::of_limit(limit.into(), used.into(), 2);
            [least, most, step].map(|number| number.normalize().to_string())
        };
        assert_eq!(range(2_875, 2_280), ["2295", "8615", "20"]);
        assert_eq!(range(50, 60), ["50", "150", "0.5"]);
        assert_eq!(SliderRange::of_discount(40.into(), true, 4).most, Decimal::ONE_HUNDRED);
    }
}
