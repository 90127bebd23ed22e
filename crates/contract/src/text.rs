//! What text of requests may hold, for the OpenAPI document. The rules are those of `offercast_domain`; a test holds these
//! patterns against them.

use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaType, Type};

/// All characters but spaces, control characters and those that cannot be seen.
macro_rules! inked {
    () => {
        concat!(
            r"\u0021-\u007e\u00a1-\u00ac\u00ae-\u034e\u0350-\u061b\u061d-\u115e\u1161-\u167f\u1681-\u17b3",
            r"\u17b6-\u180a\u1810-\u1fff\u2010-\u2027\u2030-\u205e\u2070-\u2fff\u3001-\u3163\u3165-\ud7ff",
            r"\uf900-\ufdcf\ufdf0-\ufdff\ufe10-\ufefe\uff00-\uff9f\uffa1-\uffef\ufffc-\ufffd",
            // Beyond \uffff each dialect of patterns has an escape of its own.
            "\u{10000}-\u{1bc9f}\u{1bca4}-\u{1d172}\u{1d17b}-\u{1fffd}\u{20000}-\u{2fffd}\u{30000}-\u{3fffd}"
        )
    };
}

/// The same with spaces.
macro_rules! visible {
    () => {
        concat!(r"\u0020\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000", inked!())
    };
}

/// What is left out of a code that is typed: spaces of all kinds, and what cannot be seen.
macro_rules! left_out {
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
            left_out!(),
            r"_\uff3f\u2010-\u2015\u2043\u2212\u2e3a\u2e3b\ufe58\ufe63\uff0d\u30fc\uff70\-"
        )
    };
}

/// An id that somebody else has given.
pub const REFERENCE: &str = concat!("^[", visible!(), "]+$");
/// What people read.
pub const LINE: &str = REFERENCE;
pub const NAME: &str = concat!("^[", visible!(), "]*[", inked!(), "][", visible!(), "]*$");
/// A code as people type and paste it. Its length counts when all that is left out is gone.
pub const CODE: &str = concat!("^[", code_characters!(), "]*[", letters!(), "][", code_characters!(), "]*$");
pub const PREFIX: &str =
    concat!("^[", left_out!(), "]*([", letters!(), digits!(), "][", left_out!(), "]*){0,16}$");

pub(crate) fn order_id() -> Schema {
    let text = may_be_null(text(REFERENCE)).min_length(Some(1)).max_length(Some(64));
    text.description(Some("The shop's own reference of the order, 1 to 64 characters that can be seen."))
        .into()
}

pub(crate) fn reason() -> Schema {
    let text = may_be_null(text(LINE)).min_length(Some(1)).max_length(Some(200));
    let what = "For the ledger, 1 to 200 characters that can be seen. Joiners and variation selectors are accepted, too, \
                where an emoji or a script needs them.";
    text.description(Some(what)).into()
}

pub(crate) fn name() -> Schema {
    let what = "1 to 200 characters that can be seen. Joiners and variation selectors are accepted, too, where an emoji \
                or a script needs them.";
    text(NAME).min_length(Some(1)).max_length(Some(200)).description(Some(what)).into()
}

pub(crate) fn code() -> Schema {
    let what = "1 to 64 of letters, digits, `-` and `_`, at least one letter; stored in upper case. Spaces and characters \
                that cannot be seen are left out, other dashes and characters in full width are taken for those of ASCII.";
    text(CODE).description(Some(what)).into()
}

pub(crate) fn prefix() -> Schema {
    let what = "What each begins with, 0 to 16 letters and digits, typed as codes may be.";
    may_be_null(text(PREFIX)).description(Some(what)).into()
}

fn text(pattern: &str) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String).pattern(Some(pattern))
}

fn may_be_null(text: ObjectBuilder) -> ObjectBuilder {
    text.schema_type(SchemaType::from_iter([Type::String, Type::Null]))
}
