//! Query parameters.

use offercast_api::reading::{cursor, day, number, offer_query, written_cursor};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt::Debug;

/// Cursors of the lists.
pub fn cursors(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    check_cursor::<(String, i64)>(text);
    check_cursor::<i64>(text);
    // Also tries the text as the content of a cursor, because random texts are rarely Base64 of JSON.
    if let Ok(position) = serde_json::from_str::<(String, i64)>(text) {
        assert_eq!(cursor::<(String, i64)>(Some(&written_cursor(&position))).ok().flatten(), Some(position));
    }
}

fn check_cursor<T: DeserializeOwned + Serialize + PartialEq + Debug>(text: &str) {
    let Ok(position) = cursor::<T>(Some(text)) else { return };
    let position = position.expect("a cursor was sent");
    let again = cursor::<T>(Some(&written_cursor(&position)));
    assert_eq!(again.ok().flatten().as_ref(), Some(&position), "{text:?}");
}

/// Ranges, limits, filters and sort orders of lists.
pub fn queries(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(query) = offer_query(text) {
        assert!((1..=200).contains(&query.limit), "{text:?}");
        assert!(!query.search.chars().any(char::is_control), "{text:?}");
        assert!(query.after.is_none_or(|(name, _)| !name.contains('\0')), "{text:?}");
    }
    if let Ok(Some(read)) = day("from", Some(text.to_owned())) {
        assert_eq!(read.to_string(), text);
    }
    if let Ok(read) = number("limit", Some(text), 50, 1_000) {
        assert!((1..=1_000).contains(&read), "{text:?}");
        assert!(text.bytes().all(|byte| byte.is_ascii_digit()), "{text:?} was parsed as {read}");
    }
}
