use offercast_app::{OfferView, OverviewView};
use offercast_contract as wire;
use offercast_contract::{AttentionReason, Money};
use offercast_domain::{Concern, DateRange, Figure, Limit, Outcome};

use super::{limit, shown, state};

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
        attention: view.concerns.iter().map(|(offer, concern)| attention(offer, *concern)).collect(),
        attention_total: view.concerns_in_all as u64,
    }
}

fn attention(offer: &OfferView, concern: Concern) -> wire::Attention {
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
        expected: Some(shown(outcome.expected)),
        redemptions: Some(outcome.redemptions),
        ..plain(reason)
    };
    match concern {
        Concern::Exhausted(Limit::Budget) => plain(AttentionReason::BudgetExhausted),
        Concern::Exhausted(Limit::MaxRedemptions) => plain(AttentionReason::RedemptionsExhausted),
        Concern::RunsOut { on, limit: of } => {
            wire::Attention { date: Some(on), limit: of.map(limit), ..plain(AttentionReason::RunsOut) }
        }
        Concern::Ends { on } => wire::Attention { date: Some(on), ..plain(AttentionReason::Ends) },
        Concern::TurnedAway(week) => wire::Attention {
            redemptions: Some(week.redemptions),
            refusals: Some(week.refusals),
            discount_not_given: Some(Money(week.discount)),
            ..plain(AttentionReason::TurnedAway)
        },
        Concern::BelowForecast(outcome) => off(AttentionReason::BelowForecast, outcome),
        Concern::AboveForecast(outcome) => off(AttentionReason::AboveForecast, outcome),
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
