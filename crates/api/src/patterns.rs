//! What the document says of texts is what the rules say.

use offercast_contract::text::{CODE, NAME, PREFIX, REFERENCE};
use offercast_domain::{CodePrefix, OfferCode, text};
use regex::Regex;

fn pattern(text: &str) -> Regex {
    Regex::new(text).unwrap()
}

/// All of the first plane, and of the others what lies beside their limits and some between.
fn characters() -> impl Iterator<Item = char> {
    let planes = (0x1_0000..=0x11_0000_u32).step_by(0x1_0000);
    let edges = planes.chain([0x1_bca0, 0x1_bca4, 0x1_d173, 0x1_d17b, 0x1_f600, 0xe_0041]);
    let beside = edges.flat_map(|edge| edge - 4..edge + 4);
    (0..0x1_0000).chain(beside).chain((0x1_0000..=0x10_ffff).step_by(997)).filter_map(char::from_u32)
}

#[test]
fn texts_are_described_as_they_are_judged() {
    let (reference, name) = (pattern(REFERENCE), pattern(NAME));
    for character in characters() {
        for text in [format!("{character}"), format!("a{character}b")] {
            let is_reference = text::reference("customer_id", &text).is_ok();
            assert_eq!(reference.is_match(&text), is_reference, "{text:?}");
            let is_name = text::line("name", text.trim(), 200).is_ok();
            assert_eq!(name.is_match(text.trim()), is_name, "{text:?}");
        }
    }
}

#[test]
fn codes_are_described_as_they_are_read() {
    let (code, prefix) = (pattern(CODE), pattern(PREFIX));
    for character in characters() {
        for text in [format!("{character}"), format!("A{character}1")] {
            assert_eq!(code.is_match(&text), OfferCode::parse(&text).is_some(), "{text:?}");
            assert_eq!(prefix.is_match(&text), CodePrefix::parse(&text).is_some(), "{text:?}");
        }
    }
    for length in [0, 1, 16, 17] {
        let text = "A \u{200b}".repeat(length);
        assert_eq!(prefix.is_match(&text), CodePrefix::parse(&text).is_some(), "{length}");
    }
}
