use std::fmt;

use crate::text::is_ignorable;

/// Longest input in bytes, including spaces and invisible characters. Longer text is never a code.
const MAX_INPUT: usize = 1_024;

/// Normalizes a typed or pasted code: upper case, `-` for every kind of dash, ASCII for full-width characters, without
/// whitespace and invisible characters, which are often copied along from a web page or a letter. Does not check that
/// the result is a code. Returns `None` for text that is too long to be one.
pub(crate) fn typed(text: &str) -> Option<impl Iterator<Item = char>> {
    let characters = text.chars().filter(|c| !is_dropped(*c));
    (text.len() <= MAX_INPUT).then(|| characters.map(normalized))
}

/// Ignorable characters beyond the first plane are marks of musical and shorthand notation, which are not copied by
/// mistake.
fn is_dropped(character: char) -> bool {
    character.is_whitespace() || (is_ignorable(character) && character <= '\u{ffff}')
}

fn normalized(character: char) -> char {
    match character {
        '！'..='～' => full_width_to_ascii(character),
        // Dashes inserted by word processors and by keyboards of other languages.
        '\u{2010}'..='\u{2015}'
        | '\u{2043}'
        | '\u{2212}'
        | '\u{2e3a}'
        | '\u{2e3b}'
        | '\u{fe58}'
        | '\u{fe63}'
        | 'ー'
        | 'ｰ' => '-',
        // Turkish: capital I with a dot, lower-case i without one.
        'İ' | 'ı' => 'I',
        other => other.to_ascii_uppercase(),
    }
}

/// Converts a full-width character, as typed on East Asian keyboards, to upper-case ASCII.
fn full_width_to_ascii(full_width: char) -> char {
    let distance = u32::from('！') - u32::from('!');
    let ascii = char::from_u32(u32::from(full_width) - distance);
    ascii.map_or(full_width, |ascii| ascii.to_ascii_uppercase())
}

/// The code of an offer: 1 to 64 characters of `A-Z 0-9 - _`, with at least one letter, so that it cannot be mistaken
/// for an id. Input is normalized (see [`typed`]).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OfferCode(String);

impl OfferCode {
    pub const MAX_LENGTH: usize = 64;

    pub fn parse(text: &str) -> Option<OfferCode> {
        let code: String = typed(text)?.take(Self::MAX_LENGTH + 1).collect();
        let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        let valid = code.chars().all(allowed)
            && code.len() <= Self::MAX_LENGTH
            && code.chars().any(|c| c.is_ascii_alphabetic());
        valid.then_some(OfferCode(code))
    }

    /// Parses a search term for codes. Returns `None` for text that no code can contain.
    pub fn part(text: &str) -> Option<String> {
        let part: String = typed(text)?.take(Self::MAX_LENGTH + 1).collect();
        let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        ((1..=Self::MAX_LENGTH).contains(&part.len()) && part.chars().all(allowed)).then_some(part)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for OfferCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A reference to an offer in a request: digits are an id, anything else is a code.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum OfferRef {
    Id(i64),
    Code(OfferCode),
}

impl OfferRef {
    /// Returns `None` for text that can be neither an id nor a code.
    pub fn parse(text: &str) -> Option<OfferRef> {
        let id: String = typed(text)?.take_while(char::is_ascii_digit).take(MAX_ID_DIGITS + 1).collect();
        if typed(text)?.count() > id.len() {
            return OfferCode::parse(text).map(OfferRef::Code);
        }
        // Digits separated by spaces are several numbers.
        let is_one = !text.trim().contains(char::is_whitespace);
        id.parse().ok().filter(|_| is_one).map(OfferRef::Id)
    }
}

/// Digits of the largest id.
const MAX_ID_DIGITS: usize = 19;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_offer_reference_is_an_id_or_a_code() {
        for text in ["12", " 12 ", "１２", "12\u{200b}"] {
            assert_eq!(OfferRef::parse(text), Some(OfferRef::Id(12)), "{text:?}");
        }
        assert_eq!(OfferRef::parse("a12"), OfferCode::parse("A12").map(OfferRef::Code));
        for text in ["", " ", "1 2", "99999999999999999999", "no/such", "-1", "+1", &"1".repeat(5_000)] {
            assert_eq!(OfferRef::parse(text), None, "{text}");
        }
    }

    #[test]
    fn typed_and_pasted_codes_are_normalized() {
        for text in [
            "summer_10-x",
            " SUMMER_10-X\n",
            "SUMMER_10\u{2011}X",
            "SUMMER_10\u{2013}X",
            "SUMMER_10\u{2212}X",
            "ＳＵＭＭＥＲ＿１０－Ｘ",
            "ｓｕｍｍｅｒ＿１０ーｘ",
            "\u{feff}SUMMER_10-X",
            "SUM\u{ad}MER\u{200b}_\u{2060}10-X\u{200e}",
            "\u{202a}SUMMER_10-X\u{202c}",
            "\u{a0}SUMMER_10 -\u{3000}X\u{2009}",
        ] {
            assert_eq!(OfferCode::parse(text).unwrap().as_str(), "SUMMER_10-X", "{text:?}");
        }
        assert_eq!(OfferCode::parse("gıft").unwrap(), OfferCode::parse("GİFT").unwrap());
    }

    #[test]
    fn ids_and_invalid_codes_are_rejected() {
        for text in [
            "",
            "123",
            "-_-",
            "１２",
            "SUMMER+10",
            "SÜMMER",
            "SUMMER\0",
            "А1",
            "👍A",
            &"A".repeat(65),
            &"A\u{200b}".repeat(65),
        ] {
            assert_eq!(OfferCode::parse(text), None, "{text:?}");
        }
        assert!(OfferCode::parse(&"A".repeat(64)).is_some());
        assert!(OfferCode::parse(&"A\u{200b}".repeat(64)).is_some());
        assert_eq!(OfferCode::parse(&format!("A{}", " ".repeat(MAX_INPUT))), None);
    }

    #[test]
    fn a_search_term_needs_no_letter() {
        assert_eq!(OfferCode::part("er\u{2013}10").as_deref(), Some("ER-10"));
        assert_eq!(OfferCode::part("10").as_deref(), Some("10"));
        for text in ["", " ", "Größe", "a.b", &"A".repeat(65)] {
            assert_eq!(OfferCode::part(text), None, "{text}");
        }
    }

    /// Variants of a code character as users may enter it, with or without an invisible character after it.
    fn decorated(written: char) -> impl Strategy<Value = String> {
        let wide = char::from_u32(u32::from(written) + 0xfee0).unwrap();
        let same = match written {
            '-' => vec!['-', wide, '\u{2010}', '\u{2011}', '\u{2013}', '\u{2014}', '\u{2212}', 'ー'],
            other => vec![other, other.to_ascii_lowercase(), wide],
        };
        let suffix = prop::sample::select(vec![
            "", "", "", "\u{200b}", "\u{feff}", "\u{ad}", "\u{2060}", "\u{202a}", "\u{a0}", " ", "\u{3000}",
        ]);
        (prop::sample::select(same), suffix).prop_map(|(character, suffix)| format!("{character}{suffix}"))
    }

    fn decorate(code: &str) -> impl Strategy<Value = String> + use<> {
        code.chars().map(decorated).collect::<Vec<_>>().prop_map(|parts| parts.concat())
    }

    proptest! {
        #[test]
        fn variants_of_a_code_are_the_same_code((code, typed) in "[A-Z0-9_-]{0,30}[A-Z][A-Z0-9_-]{0,33}".prop_flat_map(|code| { let typed = decorate(&code); (Just(code), typed) })) {
            let read = OfferCode::parse(&typed).unwrap();
            prop_assert_eq!(read.as_str(), code.as_str());
            prop_assert_eq!(OfferRef::parse(&typed), Some(OfferRef::Code(read)));
        }

        #[test]
        fn a_parsed_code_is_canonical(text in any::<String>()) {
            if let Some(code) = OfferCode::parse(&text) {
                prop_assert!(code.as_str().bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-' || b == b'_'));
                prop_assert_eq!(OfferCode::parse(code.as_str()), Some(code));
            }
        }
    }
}
