use serde::{Deserialize, Deserializer};
use serde_json::Number;

/// A whole number as JSON means it: `12`, `12.0` and `1.2e1` are the same.
pub(crate) fn of(number: &Number) -> Option<i128> {
    let text = number.to_string();
    text.parse().ok().or_else(|| {
        let decimal = crate::money::parse(&text)?.normalize();
        (decimal.scale() == 0).then(|| decimal.mantissa())
    })
}

pub(crate) fn optional<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    let Some(number) = Option::<Number>::deserialize(deserializer)? else { return Ok(None) };
    let whole = of(&number).and_then(|whole| i64::try_from(whole).ok());
    whole.map(Some).ok_or_else(|| serde::de::Error::custom("has to be a whole number"))
}

/// The same where null and absent mean different things.
pub(crate) fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<i64>>, D::Error> {
    optional(deserializer).map(Some)
}
