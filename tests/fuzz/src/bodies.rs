//! Bodies of requests, through the readers and the rules of the API.

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

/// Bodies that make, edit or imagine an offer.
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

/// Terms that the rules accept are the same when they are written down and checked again.
pub fn check_offer(draft: &OfferDraft) {
    if let Ok(terms) = draft.check() {
        assert_eq!(OfferDraft::from(&terms).check().as_ref(), Ok(&terms), "{draft:?}");
    }
}

/// Bodies about an order or about codes.
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
                row.map_or_else(|error| assert_refused(&error), |row| assert_same_again(&row));
            }
        }
        Err(error) => assert_refused(&error),
    }
}

/// The value of a body that is accepted.
fn accepted<T: DeserializeOwned + Serialize + PartialEq + Debug>(bytes: &[u8]) -> Option<T> {
    match body::<T>(bytes) {
        Ok(value) => {
            assert_same_again(&value);
            Some(value)
        }
        Err(error) => {
            assert_refused(&error);
            None
        }
    }
}

/// What was accepted is read to the same value when it is written and read again.
fn assert_same_again<T: DeserializeOwned + Serialize + PartialEq + Debug>(value: &T) {
    let written = serde_json::to_vec(value).expect("what was read can be written");
    match body::<T>(&written) {
        Ok(again) => assert_eq!(&again, value),
        Err(error) => panic!("{value:?} was written and then refused: {error}"),
    }
}

/// A refusal blames the request and says why.
fn assert_refused(error: &ApiError) {
    assert!(error.status.is_client_error(), "{error:?}");
    assert!(!error.message.is_empty(), "{error:?}");
}
