use chrono::Utc;
use offercast_contract::{
    Attention, AttentionReason, ComparedRanges, CountFigure, DateRange, DayCount, Limit, MoneyFigure,
    OfferCounts, OfferName, OfferState, Overview, TopOffer,
};
use serde_json::Value;

use super::{OFFER_ID, june, moment, money, success};

pub fn overview() -> Value {
    success(
        "Overview",
        Overview {
            as_of: moment("2026-06-15T16:00:00Z", &Utc),
            range: DateRange { from: june(13), to: june(15) },
            compared: Some(compared()),
            offers: OfferCounts { active: 3, scheduled: 1, exhausted: 0 },
            redemptions: redemptions(),
            discounts: vec![discounts()],
            daily: [(13, 14), (14, 12), (15, 10)]
                .map(|(day, redemptions)| DayCount { date: june(day), redemptions })
                .to_vec(),
            top_offers: vec![top_offer()],
            attention: vec![attention()],
            attention_total: 1,
        },
    )
}

/// The two finished days of the range, and the two days before the range.
fn compared() -> ComparedRanges {
    ComparedRanges {
        now: DateRange { from: june(13), to: june(14) },
        before: DateRange { from: june(11), to: june(12) },
    }
}

fn redemptions() -> CountFigure {
    CountFigure { total: 36, change: Some(188.9) }
}

fn discounts() -> MoneyFigure {
    MoneyFigure { currency: "USD".to_owned(), total: money("331"), change: Some(188.3) }
}

fn name() -> OfferName {
    OfferName {
        id: OFFER_ID,
        code: "SUMMER10".to_owned(),
        name: "Summer sale".to_owned(),
        state: OfferState::Active,
        currency: "USD".to_owned(),
    }
}

fn top_offer() -> TopOffer {
    TopOffer { offer: name(), redemptions: redemptions(), discount_given: money("331") }
}

fn attention() -> Attention {
    Attention {
        offer: name(),
        reason: AttentionReason::RunsOut,
        date: Some(june(22)),
        limit: Some(Limit::Budget),
        days: None,
        expected: None,
        redemptions: None,
        refusals: None,
        discount_not_given: None,
    }
}
