use offercast_app::{OfferView, OverviewView};
use offercast_contract as wire;
use offercast_contract::{AttentionReason, Money};
use offercast_domain::{Alert, DateRange, Figure, Limit, Outcome};

use super::{limit, rounded, state};

pub fn overview(view: &OverviewView) -> wire::Overview {
    wire::Overview {
        as_of: view.as_of,
        range: range(view.periods.range),
        compared: view.periods.compared.map(|compared| wire::ComparedRanges {
            now: range(compared.now),
            before: range(compared.before),
        }),
        offers: wire::OfferCounts {
            active: view.states.active as u64,
            scheduled: view.states.scheduled as u64,
            exhausted: view.states.exhausted as u64,
        },
        redemptions: count(view.redemptions),
        discounts: view
            .discounts
            .iter()
            .map(|(currency, figure)| wire::MoneyFigure {
                currency: currency.to_string(),
                total: Money(figure.total),
                change: figure.change,
            })
            .collect(),
        daily: view.daily.iter().map(|&(date, redemptions)| wire::DayCount { date, redemptions }).collect(),
        top_offers: view
            .top
            .iter()
            .map(|top| wire::TopOffer {
                offer: name(&top.offer),
                redemptions: count(top.redemptions),
                discount_given: Money(top.discount),
            })
            .collect(),
        attention: view.alerts.iter().map(|(offer, alert)| attention(offer, *alert)).collect(),
        attention_total: view.alerts_total as u64,
    }
}

fn attention(offer: &OfferView, alert: Alert) -> wire::Attention {
    let plain = |reason| wire::Attention {
        offer: name(offer),
        reason,
        date: None,
        limit: None,
        days: None,
        expected: None,
        redemptions: None,
        refusals: None,
        discount_not_given: None,
    };
    let off = |reason, outcome: Outcome| wire::Attention {
        date: Some(outcome.first_day),
        days: Some(outcome.days),
        expected: Some(rounded(outcome.expected)),
        redemptions: Some(outcome.redemptions),
        ..plain(reason)
    };
    match alert {
        Alert::Exhausted(Limit::Budget) => plain(AttentionReason::BudgetExhausted),
        Alert::Exhausted(Limit::MaxRedemptions) => plain(AttentionReason::RedemptionsExhausted),
        Alert::RunsOut { on, limit: of } => {
            wire::Attention { date: Some(on), limit: of.map(limit), ..plain(AttentionReason::RunsOut) }
        }
        Alert::Ends { on } => wire::Attention { date: Some(on), ..plain(AttentionReason::Ends) },
        Alert::TurnedAway(week) => wire::Attention {
            redemptions: Some(week.redemptions),
            refusals: Some(week.refusals),
            discount_not_given: Some(Money(week.discount)),
            ..plain(AttentionReason::TurnedAway)
        },
        Alert::BelowForecast(outcome) => off(AttentionReason::BelowForecast, outcome),
        Alert::AboveForecast(outcome) => off(AttentionReason::AboveForecast, outcome),
    }
}

fn name(view: &OfferView) -> wire::OfferName {
    let offer = &view.stored.offer;
    wire::OfferName {
        id: offer.id,
        code: offer.terms.code.to_string(),
        name: offer.terms.name.clone(),
        state: state(view.state),
        currency: offer.terms.currency.to_string(),
    }
}

fn count(figure: Figure<i64>) -> wire::CountFigure {
    wire::CountFigure { total: figure.total, change: figure.change }
}

fn range(range: DateRange) -> wire::DateRange {
    wire::DateRange { from: range.from, to: range.to }
}
