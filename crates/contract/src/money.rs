use std::fmt;

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::scalar::Scalar;

/// An amount of money in the offer's currency.
///
/// Serialized as a JSON number with its exact decimal digits and without trailing zeros (`49.5`). Accepted as a number
/// or a decimal string. Neither direction uses a binary float.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Money(pub Decimal);

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        rust_decimal::serde::arbitrary_precision::serialize(&self.0.normalize(), serializer)
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let scalar = Scalar::read(deserializer, EXPECTED)?;
        scalar.decimal().map(Money).ok_or_else(|| serde::de::Error::custom(EXPECTED))
    }
}

const EXPECTED: &str = "must be a number or a decimal string such as \"12.50\", of at most 28 digits";

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.normalize().fmt(f)
    }
}

#[cfg(feature = "openapi")]
mod openapi {
    use utoipa::openapi::RefOr;
    use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, OneOfBuilder, Schema, SchemaFormat, Type};

    use super::Money;

    impl utoipa::PartialSchema for Money {
        fn schema() -> RefOr<Schema> {
            let number = ObjectBuilder::new()
                .schema_type(Type::Number)
                .format(Some(SchemaFormat::KnownFormat(KnownFormat::Double)));
            let text = ObjectBuilder::new()
                .schema_type(Type::String)
                .pattern(Some(r"^-?[0-9]{1,14}(\.[0-9]{1,4})?$"));
            OneOfBuilder::new()
                .item(number)
                .item(text)
                .description(Some(
                    "An amount in the offer's currency. Responses have a number with exact decimal digits; \
                     requests may have a number or a decimal string.",
                ))
                .into()
        }
    }

    impl utoipa::ToSchema for Money {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_digit_is_preserved() {
        for (given, expected) in [
            ("0.1", "0.1"),
            ("12345678901234567890.12", "12345678901234567890.12"),
            ("\"950.00\"", "950"),
            ("1e3", "1000"),
        ] {
            let money: Money = serde_json::from_str(given).unwrap();
            assert_eq!(serde_json::to_string(&money).unwrap(), expected, "{given}");
        }
    }

    #[test]
    fn values_other_than_exact_decimals_are_rejected() {
        for given in [
            "\"ten\"",
            "true",
            "null",
            "[1]",
            "\"\"",
            "1e400",
            "0.12345678901234567890123456789012",
            "12345678901234567890123456789.5",
            "\"1_000\"",
            "\"12_50\"",
            "\"+5\"",
            "\"1e3\"",
            "\" 5\"",
            // Private tokens that serde_json uses for its `Value`.
            r#"{"$serde_json::private::Number": "5"}"#,
            r#"{"$serde_json::private::RawValue": "5"}"#,
        ] {
            assert!(serde_json::from_str::<Money>(given).is_err(), "{given}");
        }
    }
}
