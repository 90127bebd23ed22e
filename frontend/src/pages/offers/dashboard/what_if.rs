//! What would become of an offer under other terms: worked out here, by the server's own rules.

use chrono::{Days, NaiveDate};
use leptos::wasm_split::{SplitLoaderError, wasm_split};
use offercast_contract::{
    Dashboard, Forecast, ForecastPoint, ForecastTotal, Limit, Money, Offer, OfferPatch, RunOut,
};
use offercast_domain as domain;
use offercast_domain::{Analytics, ForecastService, Model, OfferTerms, Totals, WhatIf};
use rust_decimal::Decimal;

use super::super::form::draft_of;

/// How far a slider moves the last day.
const LONGEST: Days = Days::new(180);
/// Steps of a slider, about.
const STEPS: Decimal = Decimal::from_parts(60, 0, 0, false, 0);

/// What the page would show, by the rules and the forecast: a download of its own, fetched when somebody first
/// moves a slider.
#[wasm_split(what_if, wasm_split_path = leptos::wasm_split, fallible)]
pub fn worked_out(question: Question, data: Dashboard) -> Result<Option<Dashboard>, SplitLoaderError> {
    Ok(question.answer(&data))
}

/// The terms that can be asked about.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Question {
    pub budget: Option<Decimal>,
    pub max_redemptions: Option<i64>,
    pub end_date: NaiveDate,
    pub discount: Decimal,
}

impl Question {
    /// The offer as it is.
    pub fn of(offer: &Offer) -> Self {
        Question {
            budget: offer.budget.map(|budget| budget.0),
            max_redemptions: offer.max_redemptions,
            end_date: offer.end_date,
            discount: offer.discount_value.0,
        }
    }

    /// What an edit would send to make it so; what stays is not in it.
    pub fn patch(self, offer: &Offer) -> OfferPatch {
        let now = Question::of(offer);
        OfferPatch {
            budget: (self.budget != now.budget).then_some(self.budget.map(Money)),
            max_redemptions: (self.max_redemptions != now.max_redemptions).then_some(self.max_redemptions),
            end_date: (self.end_date != now.end_date).then(|| Some(self.end_date.to_string())),
            discount_value: (self.discount != now.discount).then_some(Some(Money(self.discount))),
            version: Some(offer.version),
            ..OfferPatch::default()
        }
    }

    /// The dashboard as it would be. `None` for terms that the rules refuse, or a model that is not known here.
    pub fn answer(self, data: &Dashboard) -> Option<Dashboard> {
        let offer = self.asked(&data.offer);
        let forecast = forecast(data, &self.terms(&data.offer)?)?;
        let mut shown = Dashboard { offer, forecast, ..data.clone() };
        shown.budget.total = self.budget.map(Money);
        shown.budget.remaining = self.budget.map(|budget| Money(budget - data.budget.spent.0));
        Some(shown)
    }

    fn asked(self, offer: &Offer) -> Offer {
        Offer {
            budget: self.budget.map(Money),
            max_redemptions: self.max_redemptions,
            end_date: self.end_date,
            discount_value: Money(self.discount),
            ..offer.clone()
        }
    }

    fn terms(self, offer: &Offer) -> Option<OfferTerms> {
        draft_of(&self.asked(offer)).check().ok()
    }
}

fn forecast(data: &Dashboard, asked: &OfferTerms) -> Option<Forecast> {
    let offer = domain::Offer { id: data.offer.id, terms: draft_of(&data.offer).check().ok()? };
    let analytics = Analytics {
        offer: &offer,
        totals: Totals {
            redeemed: data.kpis.total_redemptions,
            spent: data.kpis.total_discount_given.0,
            ..Totals::default()
        },
        days: &history(data),
        today: data.as_of.date_naive(),
    };
    let model = Model::parse(&data.forecast.model)?;
    let answer = ForecastService { model }.what_if(&analytics, &WhatIf::from(asked));
    Some(Forecast {
        points: answer.points.iter().map(point).collect(),
        total: total(answer.total),
        run_out: answer.run_out.map(run_out),
        ..data.forecast.clone()
    })
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

/// What a slider runs over.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Span {
    pub least: Decimal,
    pub most: Decimal,
    pub step: Decimal,
}

impl Span {
    /// From what is used already to three times the limit, in round steps that hit the limit itself.
    pub fn of_limit(limit: Decimal, used: Decimal, digits: u32) -> Span {
        let step = round_step(limit / STEPS).max(Decimal::new(1, digits));
        let below = ((limit - used) / step).floor().max(Decimal::ZERO);
        Span { least: limit - below * step, most: limit + (limit * Decimal::TWO / step).floor() * step, step }
    }

    /// A percentage stays one.
    pub fn of_discount(value: Decimal, percent: bool, digits: u32) -> Span {
        let span = Span::of_limit(value, Decimal::ZERO, digits);
        let least = if span.least.is_zero() { span.step } else { span.least };
        let most = if percent { span.most.min(Decimal::ONE_HUNDRED) } else { span.most };
        Span { least, most, ..span }
    }

    /// Days from today.
    pub fn of_end(today: NaiveDate, end: NaiveDate) -> Span {
        let last = end.checked_add_days(LONGEST).unwrap_or(end);
        let most = Decimal::from(last.signed_duration_since(today).num_days().max(1));
        Span { least: Decimal::ZERO, most, step: Decimal::ONE }
    }
}

/// 1, 2 or 5 times a power of ten, at most the value.
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

    fn question() -> Question {
        Question::of(&sample_dashboard().offer)
    }

    #[test]
    fn the_offer_as_it_is_changes_nothing() {
        let offer = sample_dashboard().offer;
        let patch = question().patch(&offer);
        assert_eq!(patch, OfferPatch { version: Some(offer.version), ..OfferPatch::default() });
    }

    #[test]
    fn more_money_lasts_longer() {
        let data = sample_dashboard();
        let median = |budget: i64| {
            let question = Question { budget: Some(budget.into()), max_redemptions: None, ..question() };
            question.answer(&data).unwrap().forecast.run_out.and_then(|run_out| run_out.median)
        };
        assert!(median(40).unwrap() < median(100).unwrap());
    }

    #[test]
    fn what_changes_is_sent_and_nothing_else() {
        let offer = sample_dashboard().offer;
        let asked = Question { budget: Some(80.into()), ..question() };
        let sent = serde_json::to_string(&asked.patch(&offer)).unwrap();
        assert_eq!(sent, r#"{"budget":80,"version":1}"#);
        assert_eq!(asked.answer(&sample_dashboard()).unwrap().budget.remaining, Some(Money(46.into())));
    }

    #[test]
    fn terms_that_the_rules_refuse_have_no_answer() {
        let asked = Question { discount: Decimal::ZERO, ..question() };
        assert_eq!(asked.answer(&sample_dashboard()), None);
    }

    #[test]
    fn a_slider_stops_at_round_figures_and_at_the_limit_itself() {
        let span = |limit: i64, used: i64| {
            let Span { least, most, step } = Span::of_limit(limit.into(), used.into(), 2);
            [least, most, step].map(|number| number.normalize().to_string())
        };
        assert_eq!(span(2_875, 2_280), ["2295", "8615", "20"]);
        assert_eq!(span(50, 60), ["50", "150", "0.5"]);
        assert_eq!(Span::of_discount(40.into(), true, 4).most, Decimal::ONE_HUNDRED);
    }
}
