use rust_decimal::Decimal;
use serde::de::{Deserialize, Deserializer, Error};

use offercast_domain::decimal;

use crate::raw_text::raw_text;

/// A JSON number or string. A number keeps its digits as written.
///
/// serde passes numbers as binary floats or, with `arbitrary_precision`, under a private key of serde_json that a
/// request could also contain. Reading the raw text of the value avoids both, and does not recurse into nested values.
pub(crate) enum Scalar<'de> {
    Number(&'de str),
    Text(String),
}

impl<'de> Scalar<'de> {
    /// Reads a number or a string. Any other value is an error with the message `expected`, which completes the
    /// sentence "The field ...".
    pub fn read<D: Deserializer<'de>>(deserializer: D, expected: &str) -> Result<Scalar<'de>, D::Error> {
        let text = raw_text(deserializer)?;
        let scalar = match text.as_bytes() {
            [b'"', ..] => serde_json::from_str(text).ok().map(Scalar::Text),
            [b'-' | b'0'..=b'9', ..] => Some(Scalar::Number(text)),
            _ => None,
        };
        scalar.ok_or_else(|| D::Error::custom(expected))
    }

    /// Parses a number, or a string that contains a number.
    pub fn decimal(&self) -> Option<Decimal> {
        match self {
            Scalar::Number(number) => decimal::parse_json_number(number),
            Scalar::Text(text) => decimal::parse(text),
        }
    }

    /// Returns a string as it is and a whole number as its digits (`12`, `12.0` and `1.2e1` are all `12`). `None` for
    /// other numbers.
    pub fn name(self) -> Option<String> {
        match self {
            Scalar::Number(number) => whole(number).map(|whole| whole.to_string()),
            Scalar::Text(text) => Some(text),
        }
    }
}

/// Parses a JSON number that is whole and fits 64 bits, also if written as `12.0` or `1.2e1`.
fn whole(number: &str) -> Option<i64> {
    let decimal = decimal::parse_json_number(number)?.normalize();
    (decimal.scale() == 0).then(|| i64::try_from(decimal.mantissa()).ok())?
}

const WHOLE: &str = "must be a whole number";

/// Deserializes a whole number or null.
pub(crate) fn optional_whole<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    Ok(Option::<Whole>::deserialize(deserializer)?.map(|Whole(number)| number))
}

/// Like [`optional_whole`], for fields where null and absent differ: a present null is `Some(None)`.
pub(crate) fn present_whole<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<i64>>, D::Error> {
    optional_whole(deserializer).map(Some)
}

struct Whole(i64);

impl<'de> Deserialize<'de> for Whole {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = match Scalar::read(deserializer, WHOLE)? {
            Scalar::Number(number) => whole(number),
            Scalar::Text(_) => None,
        };
        number.map(Whole).ok_or_else(|| D::Error::custom(WHOLE))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_are_accepted_in_every_json_notation() {
        let read = |json: &str| {
            let mut deserializer = serde_json::Deserializer::from_str(json);
            optional_whole(&mut deserializer).ok()
        };
        for same in ["12", "12.0", "1.2e1", "1200E-2"] {
            assert_eq!(read(same), Some(Some(12)), "{same}");
        }
        assert_eq!(read("9223372036854775807"), Some(Some(i64::MAX)));
        assert_eq!(read("null"), Some(None));
        for other in ["12.5", "\"12\"", "true", "[]", "{}", "9223372036854775808", "1e28"] {
            assert_eq!(read(other), None, "{other}");
        }
    }
}
