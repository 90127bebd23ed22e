//! Tests that the regular expressions in the OpenAPI document accept the same text as the domain's rules.

use offercast_contract::text_patterns::{CODE, NAME, PREFIX, REFERENCE};
use offercast_domain::{CodePrefix, OfferCode, text};
use regex::Regex;

fn pattern(text: &str) -> Regex {
    Regex::new(text).unwrap()
}

/// All characters of the basic multilingual plane and, of the other planes, those at limits of the patterns and a
/// sample.
fn characters() -> impl Iterator<Item = char> {
    let planes = (0x1_0000..=0x11_0000_u32).step_by(0x1_0000);
    let edges = planes.chain([0x1_bca0, 0x1_bca4, 0x1_d173, 0x1_d17b, 0x1_f600, 0xe_0041]);
    let near_edges = edges.flat_map(|edge| edge - 4..edge + 4);
    (0..0x1_0000).chain(near_edges).chain((0x1_0000..=0x10_ffff).step_by(997)).filter_map(char::from_u32)
}

#[test]
fn text_patterns_match_the_rules() {
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
fn code_patterns_match_the_parsers() {
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
