use rust_decimal::Decimal;
use serde::de::{Deserialize, Deserializer, Error};
use serde_json::value::RawValue;

use offercast_domain::decimal;

/// A JSON number or string, with a number's digits as they were written.
///
/// serde hands numbers over as binary floats, or under a private name of serde_json that a request can use as well. The
/// text of the value has neither problem: it is looked at without recursion, and nothing in it has a second meaning.
pub(crate) enum Scalar<'de> {
    Number(&'de str),
    Text(String),
}

impl<'de> Scalar<'de> {
    /// `expected` completes the sentence "The field ...".
    pub fn read<D: Deserializer<'de>>(deserializer: D, expected: &str) -> Result<Scalar<'de>, D::Error> {
        let text = <&RawValue>::deserialize(deserializer)?.get();
        let scalar = match text.as_bytes() {
            [b'"', ..] => serde_json::from_str(text).ok().map(Scalar::Text),
            [b'-' | b'0'..=b'9', ..] => Some(Scalar::Number(text)),
            _ => None,
        };
        scalar.ok_or_else(|| D::Error::custom(expected))
    }

    /// The decimal that it stands for: a number, or a string that holds one.
    pub fn decimal(&self) -> Option<Decimal> {
        match self {
            Scalar::Number(number) => decimal::parse_json_number(number),
            Scalar::Text(text) => decimal::parse(text),
        }
    }

    /// A whole number as JSON means it (`12`, `12.0` and `1.2e1` are the same) in digits, a string as it is.
    pub fn name(self) -> Option<String> {
        match self {
            Scalar::Number(number) => whole(number).map(|whole| whole.to_string()),
            Scalar::Text(text) => Some(text),
        }
    }
}

/// The whole number that a JSON number stands for.
fn whole(number: &str) -> Option<i64> {
    let decimal = decimal::parse_json_number(number)?.normalize();
    (decimal.scale() == 0).then(|| i64::try_from(decimal.mantissa()).ok())?
}

const WHOLE: &str = "must be a whole number";

/// A whole number or null.
pub(crate) fn optional_whole<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    Ok(Option::<Whole>::deserialize(deserializer)?.map(|Whole(number)| number))
}

/// The same where null and absent mean different things.
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
    fn whole_numbers_are_read_as_json_means_them() {
        let read = |json: &str| {
            let mut deserializer = serde_json::Deserializer::from_str(json);
            optional_whole(&mut deserializer).ok()
        };
        for same in ["12", "12.0", "1.2e1", "1200E-2"] {
            assert_eq!(read(same), Some(Some(12)), "{same}");
        }
        assert_eq!(read("9223372036854775807"), Some(Some(i64::MAX)));
        assert_eq!(read("null"), Some(None));
        for no in ["12.5", "\"12\"", "true", "[]", "{}", "9223372036854775808", "1e28"] {
            assert_eq!(read(no), None, "{no}");
        }
    }
}
