use std::fmt;

use serde::de::{Deserialize, Deserializer, Visitor};
use serde_json::value::RawValue;

/// The name under which [`raw_text`] asks [`crate::json_reader`] for the text of a value.
pub(crate) const RAW_TEXT: &str = "offercast::raw_text";

/// Returns the text of a JSON value as it was written.
///
/// serde has no call for this, and `RawValue` asks serde_json for it under a private name. Here it is asked for as a
/// newtype struct with a name of ours: our own reader returns the text, and serde_json passes itself on, so that
/// `RawValue` only ever meets serde_json.
pub(crate) fn raw_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<&'de str, D::Error> {
    deserializer.deserialize_newtype_struct(RAW_TEXT, RawText)
}

struct RawText;

impl<'de> Visitor<'de> for RawText {
    type Value = &'de str;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<&'de str, E> {
        Ok(text)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<&'de str, D::Error> {
        <&RawValue>::deserialize(deserializer).map(RawValue::get)
    }
}
