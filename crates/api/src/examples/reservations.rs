use chrono::Utc;
use offercast_contract::{CustomerId, Released, ReserveRequest, Reserved};
use serde_json::Value;

use super::{OFFER_ID, RESERVATION_ID, moment, money, success, value};

pub fn reserve_request() -> Value {
    value(&ReserveRequest {
        customer_id: Some(CustomerId("1001".to_owned())),
        order_amount: Some(money("120")),
        order_id: Some("order-5001".to_owned()),
        ttl_seconds: Some(600),
    })
}

pub fn reserved() -> Value {
    success(
        "Reserved",
        Reserved {
            reservation_id: RESERVATION_ID,
            offer_id: OFFER_ID,
            expires_at: moment("2026-06-15T16:10:00Z", &Utc),
            discount_held: money("12"),
            discount_asked: money("12"),
            remaining_budget: Some(money("575.5")),
            currency: "USD".to_owned(),
        },
    )
}

pub fn released() -> Value {
    success(
        "Released",
        Released {
            reservation_id: RESERVATION_ID,
            offer_id: OFFER_ID,
            discount_released: money("12"),
            currency: "USD".to_owned(),
        },
    )
}
