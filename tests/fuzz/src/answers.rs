//! Answers of the API, through the reader of the browser.

use std::fmt::Debug;

use offercast_contract::{
    Dashboard, Failure, Forecast, IssuedCodes, LedgerEntry, ListedOffer, LiveOffer, Offer, Overview, Page,
    Redeemed, Success, read,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

pub fn answers(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    same_again::<Success<Offer>>(text);
    same_again::<Success<Redeemed>>(text);
    same_again::<Success<IssuedCodes>>(text);
    same_again::<Page<LedgerEntry>>(text);
    same_again::<Failure>(text);
    readable_again::<Page<ListedOffer>>(text);
    readable_again::<Success<Dashboard>>(text);
    readable_again::<Success<Forecast>>(text);
    readable_again::<Success<Overview>>(text);
    readable_again::<LiveOffer>(text);
}

/// What is read is the same when it is written and read again.
fn same_again<T: DeserializeOwned + Serialize + PartialEq + Debug>(text: &str) {
    let Ok(value) = read::<T>(text) else { return };
    let written = serde_json::to_string(&value).expect("what was read can be written");
    assert_eq!(read::<T>(&written).as_ref(), Ok(&value), "{written}");
}

/// Of floats the last digit may be another.
fn readable_again<T: DeserializeOwned + Serialize + Debug>(text: &str) {
    let Ok(value) = read::<T>(text) else { return };
    let written = serde_json::to_string(&value).expect("what was read can be written");
    assert!(read::<T>(&written).is_ok(), "{written}");
}
