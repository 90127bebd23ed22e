//! Responses of the API, parsed as the browser parses them.

use std::fmt::Debug;

use offercast_contract::{
    Dashboard, Failure, Forecast, IssuedCodes, LedgerEntry, ListedOffer, LiveOffer, Offer, Overview, Page,
    Redeemed, Success, read,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

pub fn answers(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    check_round_trip::<Success<Offer>>(text);
    check_round_trip::<Success<Redeemed>>(text);
    check_round_trip::<Success<IssuedCodes>>(text);
    check_round_trip::<Page<LedgerEntry>>(text);
    check_round_trip::<Failure>(text);
    check_readable::<Page<ListedOffer>>(text);
    check_readable::<Success<Dashboard>>(text);
    check_readable::<Success<Forecast>>(text);
    check_readable::<Success<Overview>>(text);
    check_readable::<LiveOffer>(text);
}

/// A parsed value is the same after serialising and parsing it again.
fn check_round_trip<T: DeserializeOwned + Serialize + PartialEq + Debug>(text: &str) {
    let Ok(value) = read::<T>(text) else { return };
    let written = serde_json::to_string(&value).expect("a parsed value can be serialised");
    assert_eq!(read::<T>(&written).as_ref(), Ok(&value), "{written}");
}

/// A parsed value can be serialised and parsed again. The last digit of floats may differ.
fn check_readable<T: DeserializeOwned + Serialize + Debug>(text: &str) {
    let Ok(value) = read::<T>(text) else { return };
    let written = serde_json::to_string(&value).expect("a parsed value can be serialised");
    assert!(read::<T>(&written).is_ok(), "{written}");
}
