use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::de::value::StringDeserializer;
use serde::de::{
    Deserialize, DeserializeOwned, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor,
};
use serde::forward_to_deserialize_any;
use serde_json::value::RawValue;

use crate::raw_text::RAW_TEXT;

/// Parses a JSON response of the API, in the browser.
///
/// This deserializer exists to keep the WASM small: serde_json also supports structs written as lists, maps with
/// numeric keys and error positions, none of which the API needs, and all of which would be about a third of the
/// parsing code. Here serde_json only splits objects and lists into their parts, and each part stays text until its
/// type is known.
///
/// It belongs to the contract because [`crate::ListedOffer`] reads its parts with it.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, Unreadable> {
    T::deserialize(Reader(parse::<&RawValue>(text)?.get()))
}

fn parse<'de, T: Deserialize<'de>>(text: &'de str) -> Result<T, Unreadable> {
    serde_json::from_str(text).map_err(|_| Unreadable)
}

/// The text is not JSON of the expected type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unreadable;

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a valid API response")
    }
}

impl std::error::Error for Unreadable {}

impl serde::de::Error for Unreadable {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Unreadable
    }
}

/// A deserializer for the text of one value, without surrounding whitespace.
#[derive(Clone, Copy)]
struct Reader<'de>(&'de str);

impl<'de> Deserializer<'de> for Reader<'de> {
    type Error = Unreadable;

    /// Not supported: every type of the contract asks for a specific type.
    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Unreadable> {
        Err(Unreadable)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_bool(self.0.parse().map_err(|_| Unreadable)?)
    }

    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_i64(self.0.parse().map_err(|_| Unreadable)?)
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_u64(self.0.parse().map_err(|_| Unreadable)?)
    }

    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_u64(visitor)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_f64(float(self.0).ok_or(Unreadable)?)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_string(parse(self.0)?)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        if self.0 == "null" { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_seq(Items(parse::<Vec<&RawValue>>(self.0)?.into_iter()))
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        let Pairs(pairs) = parse(self.0)?;
        visitor.visit_map(Fields { rest: pairs.into_iter(), value: "null" })
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        self.deserialize_map(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        if name == RAW_TEXT { visitor.visit_borrowed_str(self.0) } else { visitor.visit_newtype_struct(self) }
    }

    /// Supports unit variants only, written as strings.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        visitor.visit_enum(StringDeserializer::new(parse(self.0)?))
    }

    /// Skips unknown fields, which a newer server may send.
    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! { i8 i16 i32 i128 u8 u16 u128 f32 char bytes byte_buf unit unit_struct tuple tuple_struct identifier }
}

/// Parses a float through `Decimal`, which money needs anyway: the standard parser's tables would add 10 kB to the
/// browser's first download. The last of 17 digits may differ. Every number of the API fits a `Decimal`.
fn float(text: &str) -> Option<f64> {
    let decimal = Decimal::from_str(text).or_else(|_| Decimal::from_scientific_lossy(text)).ok();
    // A decimal has at most 28 digits after the point; smaller numbers count as 0.
    decimal.or_else(|| text.contains("e-").then_some(Decimal::ZERO))?.to_f64()
}

struct Items<'de>(std::vec::IntoIter<&'de RawValue>);

impl<'de> SeqAccess<'de> for Items<'de> {
    type Error = Unreadable;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Unreadable> {
        self.0.next().map(|item| seed.deserialize(Reader(item.get()))).transpose()
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.0.len())
    }
}

/// The fields of an object, with their values as raw text.
struct Pairs<'de>(Vec<(String, &'de RawValue)>);

impl<'de> Deserialize<'de> for Pairs<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(PairsVisitor)
    }
}

struct PairsVisitor;

impl<'de> Visitor<'de> for PairsVisitor {
    type Value = Pairs<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs<'de>, A::Error> {
        let mut pairs = Vec::new();
        while let Some(pair) = map.next_entry()? {
            pairs.push(pair);
        }
        Ok(Pairs(pairs))
    }
}

struct Fields<'de> {
    rest: std::vec::IntoIter<(String, &'de RawValue)>,
    /// The value of the key that was read last.
    value: &'de str,
}

impl<'de> MapAccess<'de> for Fields<'de> {
    type Error = Unreadable;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Unreadable> {
        let Some((key, value)) = self.rest.next() else { return Ok(None) };
        self.value = value.get();
        seed.deserialize(StringDeserializer::new(key)).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Unreadable> {
        seed.deserialize(Reader(self.value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{BudgetUse, Failure, Money, Removal, Removed, Success};

    #[test]
    fn every_digit_is_preserved_and_unknown_fields_are_skipped() {
        let budget: BudgetUse = read(
            r#"{"total": null, "spent": 12345678901234567890.12, "remaining": "0.10", "from_a_newer_server": [{}]}"#,
        )
        .unwrap();
        assert_eq!(budget.spent.to_string(), "12345678901234567890.12");
        assert_eq!((budget.total, budget.held), (None, Money::default()));
        assert_eq!(budget.remaining.unwrap().to_string(), "0.1");
        let success: Success<Removed> =
            read(r#"{"status": true, "message": "Archived", "data": {"id": 7, "result": "archived"}}"#)
                .unwrap();
        assert_eq!(success.data, Removed { id: 7, result: Removal::Archived });
        assert_eq!(read::<Vec<f64>>("[1, 2.5, -1e3, 0.0]"), Ok(vec![1.0, 2.5, -1000.0, 0.0]));
    }

    #[test]
    fn floats_are_exact_except_for_the_last_digit() {
        for float in [0.1, 1.0 / 3.0, 12_345.678_901_234_567, 3.0 / 7e14, 9.9e-27, 4e15, -2.0 / 7.0] {
            let text = serde_json::to_string(&float).unwrap();
            let read: f64 = read(&text).unwrap();
            assert!((read - float).abs() <= float.abs() * 1e-15 + 1e-27, "{text} was parsed as {read}");
        }
        assert_eq!(read::<f64>("1e99"), Err(Unreadable));
        for tiny in
            ["1e-29", "3.2e-40", "1e-300", "-7e-31", "1.4e-45", "0.00000000000000000000000000000000001"]
        {
            assert_eq!(read::<f64>(tiny), Ok(0.0), "{tiny}");
        }
    }

    #[test]
    fn other_values_are_rejected() {
        for text in [
            "",
            "<html>",
            "{}",
            "[]",
            "[7, \"archived\"]",
            r#"{"id": "7", "result": "archived"}"#,
            r#"{"id": 7, "result": "gone"}"#,
        ] {
            assert_eq!(read::<Removed>(text), Err(Unreadable), "{text}");
        }
        assert_eq!(read::<Failure>("null"), Err(Unreadable));
    }
}
