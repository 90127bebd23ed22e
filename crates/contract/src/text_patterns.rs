//! Regular expressions of accepted text, for the OpenAPI document. `offercast_domain` has the actual rules; a test of
//! `offercast_api` checks that the patterns match them.

use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaType, Type};

/// Visible characters other than spaces.
macro_rules! visible_without_space {
    () => {
        concat!(
            r"\u0021-\u007e\u00a1-\u00ac\u00ae-\u034e\u0350-\u061b\u061d-\u115e\u1161-\u167f\u1681-\u17b3",
            r"\u17b6-\u180a\u1810-\u1fff\u2010-\u2027\u2030-\u205e\u2070-\u2fff\u3001-\u3163\u3165-\ud7ff",
            r"\uf900-\ufdcf\ufdf0-\ufdff\ufe10-\ufefe\uff00-\uff9f\uffa1-\uffef\ufffc-\ufffd",
            // Regex dialects have different escapes for characters beyond \uffff, so they are written literally.
            "\u{10000}-\u{1bc9f}\u{1bca4}-\u{1d172}\u{1d17b}-\u{1fffd}\u{20000}-\u{2fffd}\u{30000}-\u{3fffd}"
        )
    };
}

/// Visible characters, including spaces.
macro_rules! visible {
    () => {
        concat!(r"\u0020\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000", visible_without_space!())
    };
}

/// Characters that are removed from a code: spaces of all kinds and invisible characters.
macro_rules! ignored {
    () => {
        concat!(
            r"\u0009-\u000d\u0020\u0085\u00a0\u00ad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f",
            r"\u2028-\u202f\u205f-\u206f\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8"
        )
    };
}

macro_rules! letters {
    () => {
        r"A-Za-z\u0130\u0131\uff21-\uff3a\uff41-\uff5a"
    };
}

macro_rules! digits {
    () => {
        r"0-9\uff10-\uff19"
    };
}

macro_rules! code_characters {
    () => {
        concat!(
            letters!(),
            digits!(),
            ignored!(),
            r"_\uff3f\u2010-\u2015\u2043\u2212\u2e3a\u2e3b\ufe58\ufe63\uff0d\u30fc\uff70\-"
        )
    };
}

/// An id from another system.
pub const REFERENCE: &str = concat!("^[", visible!(), "]+$");
/// A line of text for people.
pub const LINE: &str = REFERENCE;
/// A line of text with at least one character that is not a space.
pub const NAME: &str = concat!("^[", visible!(), "]*[", visible_without_space!(), "][", visible!(), "]*$");
/// An offer code as people type it. Its length is not checked here: the limit applies after ignored characters are
/// removed.
pub const CODE: &str = concat!("^[", code_characters!(), "]*[", letters!(), "][", code_characters!(), "]*$");
/// A prefix of unique codes.
pub const PREFIX: &str =
    concat!("^[", ignored!(), "]*([", letters!(), digits!(), "][", ignored!(), "]*){0,16}$");

pub(crate) fn order_id() -> Schema {
    let text = nullable(text(REFERENCE)).min_length(Some(1)).max_length(Some(64));
    text.description(Some("The shop's reference for the order, 1 to 64 visible characters.")).into()
}

pub(crate) fn reason() -> Schema {
    let text = nullable(text(LINE)).min_length(Some(1)).max_length(Some(200));
    let description = "The reason, recorded in the ledger: 1 to 200 visible characters. Joiners and variation selectors \
                       are accepted where an emoji or a script needs them.";
    text.description(Some(description)).into()
}

pub(crate) fn name() -> Schema {
    let description = "The name, 1 to 200 visible characters. Joiners and variation selectors are accepted where an \
                       emoji or a script needs them.";
    text(NAME).min_length(Some(1)).max_length(Some(200)).description(Some(description)).into()
}

pub(crate) fn code() -> Schema {
    let description = "The code: 1 to 64 letters, digits, `-` and `_`, with at least one letter. Stored in upper case. \
                       Spaces and invisible characters are removed; other dashes and full-width characters are \
                       converted to ASCII.";
    text(CODE).description(Some(description)).into()
}

pub(crate) fn prefix() -> Schema {
    let description = "Prefix of every code: 0 to 16 letters and digits, in any case. Spaces and invisible characters are \
                       removed.";
    nullable(text(PREFIX)).description(Some(description)).into()
}

fn text(pattern: &str) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String).pattern(Some(pattern))
}

fn nullable(text: ObjectBuilder) -> ObjectBuilder {
    text.schema_type(SchemaType::from_iter([Type::String, Type::Null]))
}
