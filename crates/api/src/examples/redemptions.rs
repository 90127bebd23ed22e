use chrono::Utc;
use offercast_contract::{
    BatchResult, BatchRow, CodeCounts, CodesRequest, CustomerId, ErrorBody, IssuedCodes, LedgerEntry,
    OfferReference, Quote, RedeemByCodeRequest, RedeemRequest, Redeemed, ReverseRequest, Reversed,
};
use offercast_domain::Refusal;
use serde_json::Value;

use super::{OFFER_ID, REDEMPTION_ID, june, moment, money, page, success, value};

fn customer() -> CustomerId {
    CustomerId("1001".to_owned())
}

pub fn redeem_request() -> Value {
    value(&RedeemRequest {
        customer_id: Some(customer()),
        order_amount: Some(money("120")),
        order_id: Some("order-5001".to_owned()),
    })
}

pub fn redeem_by_code_request() -> Value {
    value(&RedeemByCodeRequest {
        code: Some("SUMMER-7K3F-Q0RD-9WZN-4HXE".to_owned()),
        customer_id: Some(customer()),
        order_amount: Some(money("120")),
        order_id: Some("order-5001".to_owned()),
    })
}

fn redemption() -> Redeemed {
    Redeemed {
        redemption_id: REDEMPTION_ID,
        offer_id: OFFER_ID,
        remaining_budget: Some(money("587.5")),
        total_redemptions: 45,
        discount_given: money("12"),
        discount_asked: money("12"),
        redemption_date: june(15),
        currency: "USD".to_owned(),
    }
}

pub fn redeemed() -> Value {
    success("Redeemed", redemption())
}

pub fn quote() -> Value {
    success(
        "Quote",
        Quote {
            redeemable: true,
            discount: money("12"),
            discount_asked: money("12"),
            currency: "USD".to_owned(),
            reasons: Vec::new(),
        },
    )
}

pub fn batch() -> Value {
    let row = |offer: &str, order_id: &str| BatchRow {
        offer: Some(OfferReference(offer.to_owned())),
        customer_id: Some(customer()),
        order_amount: Some(money("120")),
        order_id: Some(order_id.to_owned()),
        idempotency_key: None,
    };
    value(&vec![row("SUMMER10", "order-5001"), row("WINTER5", "order-5002")])
}

pub fn batch_results() -> Value {
    let redeemed = BatchResult {
        http_status: 201,
        status: true,
        message: "Redeemed".to_owned(),
        data: Some(redemption()),
        error: None,
    };
    success("Batch processed", vec![redeemed, declined()])
}

fn declined() -> BatchResult {
    let error = ErrorBody {
        code: Refusal::Expired.code().to_owned(),
        request_id: "0198c5a2-7d4e-7b61-9d0f-3a5e8c21b7f4".to_owned(),
        redemption_id: None,
        fields: Vec::new(),
    };
    let message = format!("Not redeemed: {}", Refusal::Expired);
    BatchResult { http_status: 409, status: false, message, data: None, error: Some(error) }
}

pub fn reverse_request() -> Value {
    value(&ReverseRequest { reason: Some("Order returned".to_owned()) })
}

pub fn reversed() -> Value {
    success(
        "Reversed",
        Reversed {
            reversal_id: 46,
            redemption_id: REDEMPTION_ID,
            offer_id: OFFER_ID,
            remaining_budget: Some(money("599.5")),
            total_redemptions: 44,
        },
    )
}

pub fn ledger_page() -> Value {
    let entry = LedgerEntry {
        redemption_id: REDEMPTION_ID,
        reverses: None,
        reason: None,
        customer_id: "1001".to_owned(),
        order_id: Some("order-5001".to_owned()),
        order_amount: money("120"),
        discount_given: money("12"),
        redeemed_at: moment("2026-06-15T15:59:30Z", &Utc),
        redemption_date: june(15),
    };
    page("Redemptions", vec![entry], &REDEMPTION_ID)
}

pub fn ledger_csv() -> Value {
    "offer_code,customer_id,order_amount,discount_given,redeemed_at,order_id\n\
     SUMMER10,1001,120,12,2026-06-15T15:59:30+00:00,order-5001\n"
        .into()
}

pub fn codes_request() -> Value {
    value(&CodesRequest { count: Some(2), prefix: Some("SUMMER".to_owned()), length: Some(16) })
}

pub fn issued_codes() -> Value {
    let codes = ["SUMMER-7K3F-Q0RD-9WZN-4HXE", "SUMMER-2M8C-V5TA-1GJP-6YBS"];
    success(
        "Codes issued",
        IssuedCodes {
            offer_id: OFFER_ID,
            count: 2,
            prefix: "SUMMER".to_owned(),
            length: 16,
            first_number: 1,
            last_number: 2,
            issued_at: moment("2026-06-15T16:00:00Z", &Utc),
            guess_bits: 69,
            codes: Some(codes.map(str::to_owned).to_vec()),
        },
    )
}

pub fn code_counts() -> Value {
    success("Codes", CodeCounts { offer_id: OFFER_ID, issued: 2, used: 1 })
}

pub fn codes_csv() -> Value {
    "code,issued_at,redeemed_at,redemption_id,customer_id\n\
     SUMMER-7K3F-Q0RD-9WZN-4HXE,2026-06-15T16:00:00+00:00,2026-06-15T16:02:11+00:00,45,1001\n\
     SUMMER-2M8C-V5TA-1GJP-6YBS,2026-06-15T16:00:00+00:00,,,\n"
        .into()
}
