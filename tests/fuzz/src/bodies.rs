//! Request bodies, parsed and checked as the API does.

use std::fmt::Debug;

use offercast_api::reading::{
    ApiError, body, codes_draft, imagined, offer_draft, order_draft, patched, reservation_draft, rows,
};
use offercast_contract::{
    BatchRow, CodesRequest, OfferInput, OfferPatch, RedeemByCodeRequest, RedeemRequest, ReserveRequest,
    ReverseRequest, WhatIfInput,
};
use offercast_domain::{OfferDraft, OrderDraft};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Bodies that create or edit an offer, or ask for a what-if forecast.
pub fn offers(bytes: &[u8]) {
    if let Some(input) = accepted::<OfferInput>(bytes) {
        check_offer(&offer_draft(input));
    }
    if let Some(patch) = accepted::<OfferPatch>(bytes) {
        check_offer(&patched(OfferDraft::default(), patch));
    }
    if let Some(input) = accepted::<WhatIfInput>(bytes) {
        check_offer(&imagined(OfferDraft::default(), input));
    }
}

/// Valid terms are the same after converting them to a draft and checking it again.
pub fn check_offer(draft: &OfferDraft) {
    if let Ok(terms) = draft.check() {
        assert_eq!(OfferDraft::from(&terms).check().as_ref(), Ok(&terms), "{draft:?}");
    }
}

/// Bodies with an order or for codes.
pub fn orders(bytes: &[u8]) {
    if let Some(request) = accepted::<RedeemRequest>(bytes) {
        check_order(&order_draft(request));
    }
    if let Some(request) = accepted::<ReserveRequest>(bytes) {
        check_order(&reservation_draft(request).0);
    }
    if let Some(request) = accepted::<CodesRequest>(bytes) {
        let _ = codes_draft(request).check();
    }
    accepted::<RedeemByCodeRequest>(bytes);
    accepted::<ReverseRequest>(bytes);
}

fn check_order(draft: &OrderDraft) {
    if let Ok(order) = draft.check() {
        assert!(order.order_amount > 0.into(), "{draft:?}");
        assert_eq!((&order.customer_id, &order.order_id), (&draft.customer_id, &draft.order_id));
    }
}

/// The rows of a batch.
pub fn batches(bytes: &[u8]) {
    match rows::<BatchRow>(bytes) {
        Ok(rows) => {
            assert!((1..=1_000).contains(&rows.len()));
            for row in rows {
                row.map_or_else(|error| assert_client_error(&error), |row| assert_round_trip(&row));
            }
        }
        Err(error) => assert_client_error(&error),
    }
}

/// The value of a body that is accepted.
fn accepted<T: DeserializeOwned + Serialize + PartialEq + Debug>(bytes: &[u8]) -> Option<T> {
    match body::<T>(bytes) {
        Ok(value) => {
            assert_round_trip(&value);
            Some(value)
        }
        Err(error) => {
            assert_client_error(&error);
            None
        }
    }
}

/// An accepted value is the same after serialising and parsing it again.
fn assert_round_trip<T: DeserializeOwned + Serialize + PartialEq + Debug>(value: &T) {
    let written = serde_json::to_vec(value).expect("a parsed value can be serialised");
    match body::<T>(&written) {
        Ok(again) => assert_eq!(&again, value),
        Err(error) => panic!("{value:?} is rejected after serialising it: {error}"),
    }
}

/// The error is a 4xx with a message.
fn assert_client_error(error: &ApiError) {
    assert!(error.status.is_client_error(), "{error:?}");
    assert!(!error.message.is_empty(), "{error:?}");
}
