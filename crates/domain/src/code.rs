use std::fmt;

/// The code of an offer: 1 to 64 of `A-Z 0-9 - _`, at least one letter (so that it is never mistaken for
/// an id). Lower case is accepted and means the same code.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OfferCode(String);

impl OfferCode {
    pub const MAX_LENGTH: usize = 64;

    pub fn parse(text: &str) -> Option<OfferCode> {
        let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        let valid = text.len() <= Self::MAX_LENGTH
            && text.chars().all(allowed)
            && text.chars().any(|c| c.is_ascii_alphabetic());
        valid.then(|| OfferCode(text.to_ascii_uppercase()))
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

/// How a request names an offer: digits are an id, anything else a code (which holds a letter).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum OfferRef {
    Id(i64),
    Code(OfferCode),
}

impl OfferRef {
    /// None for what no offer can be called.
    pub fn parse(text: &str) -> Option<OfferRef> {
        if text.bytes().all(|byte| byte.is_ascii_digit()) {
            text.parse().ok().map(OfferRef::Id)
        } else {
            OfferCode::parse(text).map(OfferRef::Code)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offer_is_named_by_id_or_code() {
        assert_eq!(OfferRef::parse("12"), Some(OfferRef::Id(12)));
        assert_eq!(OfferRef::parse("a12"), OfferCode::parse("A12").map(OfferRef::Code));
        for text in ["", "99999999999999999999", "no such", "-1"] {
            assert_eq!(OfferRef::parse(text), None, "{text}");
        }
    }

    #[test]
    fn case_does_not_matter() {
        assert_eq!(OfferCode::parse("Summer_10-x"), OfferCode::parse("SUMMER_10-X"));
    }

    #[test]
    fn refuses_what_could_be_an_id_or_is_not_a_code() {
        for text in ["", "123", "-_-", "SUMMER 10", "SÜMMER", &"A".repeat(65)] {
            assert_eq!(OfferCode::parse(text), None, "{text}");
        }
        assert!(OfferCode::parse(&"A".repeat(64)).is_some());
    }
}
