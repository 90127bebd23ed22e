//! Codes and idempotency keys.

use offercast_domain::redemption::IdempotencyKey;
use offercast_domain::{OfferCode, OfferRef, UniqueCode};

/// Codes of offers and unique codes.
pub fn codes(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Some(code) = OfferCode::parse(text) {
        assert_eq!(OfferCode::parse(code.as_str()).as_ref(), Some(&code), "{text:?}");
        assert_eq!(OfferRef::parse(code.as_str()), Some(OfferRef::Code(code.clone())), "{text:?}");
        assert!(code.as_str().bytes().any(|byte| byte.is_ascii_uppercase()), "{text:?}");
    }
    if let Some(OfferRef::Id(id)) = OfferRef::parse(text) {
        assert!(id >= 0, "{text:?}");
    }
    if let Some(code) = UniqueCode::parse(text) {
        check_unique(&code);
    }
}

/// Case and hyphens do not matter, and changing any character makes the code invalid.
fn check_unique(code: &UniqueCode) {
    let written = code.to_string();
    for same in [written.clone(), written.to_lowercase(), written.replace('-', "")] {
        assert_eq!(UniqueCode::parse(&same).as_ref(), Some(code), "{written} as {same}");
    }
    for (index, character) in written.char_indices().filter(|(_, c)| *c != '-') {
        let other = if character == '7' { "8" } else { "7" };
        let mut wrong = written.clone();
        wrong.replace_range(index..=index, other);
        assert_eq!(UniqueCode::parse(&wrong), None, "{written} and {wrong}");
    }
}

/// Idempotency keys.
pub fn keys(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let is_key = (1..=255).contains(&text.len()) && text.bytes().all(|byte| (b'!'..=b'~').contains(&byte));
    match IdempotencyKey::parse(&text) {
        Ok(key) => assert!(is_key && key.as_str() == text, "{text:?}"),
        Err(error) => assert!(!is_key && !error.message.is_empty(), "{text:?}"),
    }
}
