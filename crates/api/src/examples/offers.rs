use chrono::Utc;
use offercast_contract::{
    DailyPoint, DiscountType, ListedOffer, Offer, OfferInput, OfferPatch, OfferState, OfferStatus,
    OfferTotals, Removal, Removed, Shortfall,
};
use serde_json::Value;

use super::{OFFER_ID, analytics, june, moment, money, page, success, value};

/// The offer on 15 June.
pub fn offer() -> Offer {
    Offer {
        id: OFFER_ID,
        name: "Summer sale".to_owned(),
        code: "SUMMER10".to_owned(),
        discount_type: DiscountType::Percent,
        discount_value: money("10"),
        currency: "USD".to_owned(),
        timezone: "America/New_York".to_owned(),
        start_date: june(1),
        end_date: june(30),
        budget: Some(money("1000")),
        max_redemptions: None,
        min_order_amount: Some(money("20")),
        max_discount: Some(money("50")),
        max_redemptions_per_customer: Some(1),
        on_budget_shortfall: Shortfall::Reject,
        status: OfferStatus::Active,
        state: OfferState::Active,
        totals: totals(),
        version: 3,
        created_at: moment("2026-05-20T09:30:00Z", &Utc),
        updated_at: moment("2026-06-02T14:05:00Z", &Utc),
    }
}

fn totals() -> OfferTotals {
    OfferTotals { redemptions: 45, discount_given: money("412.5"), remaining_budget: Some(money("587.5")) }
}

/// The offer before its first redemption.
fn new_offer() -> Offer {
    Offer {
        totals: OfferTotals {
            redemptions: 0,
            discount_given: money("0"),
            remaining_budget: Some(money("1000")),
        },
        state: OfferState::Scheduled,
        version: 1,
        updated_at: moment("2026-05-20T09:30:00Z", &Utc),
        ..offer()
    }
}

pub fn offer_input() -> Value {
    value(&OfferInput {
        name: Some("Summer sale".to_owned()),
        code: Some("SUMMER10".to_owned()),
        discount_type: Some("percent".to_owned()),
        discount_value: Some(money("10")),
        currency: Some("USD".to_owned()),
        timezone: Some("America/New_York".to_owned()),
        start_date: Some("2026-06-01".to_owned()),
        end_date: Some("2026-06-30".to_owned()),
        budget: Some(money("1000")),
        min_order_amount: Some(money("20")),
        max_discount: Some(money("50")),
        max_redemptions_per_customer: Some(1),
        ..OfferInput::default()
    })
}

pub fn created_offer() -> Value {
    success("Offer created", new_offer())
}

pub fn shown_offer() -> Value {
    success("Offer", offer())
}

pub fn offer_patch() -> Value {
    value(&OfferPatch {
        budget: Some(Some(money("1500"))),
        max_discount: Some(None),
        ..OfferPatch::default()
    })
}

pub fn edited_offer() -> Value {
    let totals = OfferTotals { remaining_budget: Some(money("1087.5")), ..totals() };
    let edited = Offer { budget: Some(money("1500")), max_discount: None, totals, ..offer() };
    success("Offer edited", Offer { version: 4, updated_at: moment("2026-06-15T16:00:00Z", &Utc), ..edited })
}

pub fn replaced_offer() -> Value {
    success("Offer replaced", offer())
}

pub fn removed_offer() -> Value {
    let removed = Removed { id: OFFER_ID, result: Removal::Archived };
    success("Offer archived, because it has redemptions", removed)
}

pub fn offer_page() -> Value {
    let listed = ListedOffer { offer: offer(), daily: daily(), run_out: Some(analytics::run_out()) };
    page("Offers", vec![listed], &("1", OFFER_ID))
}

/// Redemptions from 2 to 15 June.
fn daily() -> Vec<DailyPoint> {
    (2..=15).map(|day| analytics::daily_point(day, i64::from(day % 4 + 2))).collect()
}
