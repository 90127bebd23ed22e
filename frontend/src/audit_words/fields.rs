//! Changed fields in words.

use chrono::NaiveDate;
use offercast_contract::FieldChange;
use rust_decimal::Decimal;

use crate::format::long_day;
use crate::i18n::{access, audit as texts, common, form, grouped};

/// What changed: `Budget raised from 3,000 to 4,000`, `Paused`.
pub fn change_in_words(change: &FieldChange) -> String {
    let FieldChange { field, before, after } = change;
    let (before, after) = (before.as_deref(), after.as_deref());
    if let Some(words) = switched(field, before, after) {
        return words.to_owned();
    }
    let (label, value) = (label(field), |text: &str| value_in_words(field, text));
    match (before, after) {
        (Some(before), Some(after)) => compared(field, before, after)(&label, &value(before), &value(after)),
        (None, Some(after)) => texts::set_to(&label, &value(after)),
        (Some(before), None) => texts::removed(&label, &value(before)),
        (None, None) => label,
    }
}

pub fn role_in_words(role: &str) -> String {
    match role {
        "owner" => common::owner().to_owned(),
        "manager" => common::manager().to_owned(),
        "analyst" => common::analyst().to_owned(),
        other => other.to_owned(),
    }
}

/// A change of a state, which has a word of its own.
fn switched(field: &str, before: Option<&str>, after: Option<&str>) -> Option<&'static str> {
    Some(match (field, before?, after?) {
        ("status", _, "paused") => texts::paused(),
        ("status", _, "archived") => texts::archived(),
        ("status", "archived", "active") => texts::restored(),
        ("status", _, "active") => texts::resumed(),
        ("disabled", _, "true") => texts::person_disabled(),
        ("disabled", _, "false") => texts::person_enabled(),
        _ => return None,
    })
}

type Sentence = fn(&str, &str, &str) -> String;

/// How the new value compares to the old one.
fn compared(field: &str, before: &str, after: &str) -> Sentence {
    let numbers = || Some((number(field, before)?, number(field, after)?));
    match (field, numbers()) {
        (_, Some((before, after))) if after > before => texts::raised,
        (_, Some(_)) => texts::lowered,
        ("start_date" | "end_date", None) => texts::moved,
        _ => texts::changed,
    }
}

fn number(field: &str, text: &str) -> Option<Decimal> {
    let is_number = matches!(
        field,
        "discount_value"
            | "budget"
            | "max_redemptions"
            | "min_order_amount"
            | "max_discount"
            | "max_redemptions_per_customer"
    );
    is_number.then(|| text.parse().ok()).flatten()
}

/// The name of a field as in the form. Fields that only a newer server knows keep the name of the API.
fn label(field: &str) -> String {
    let known = match field {
        "name" => access::name(),
        "role" => texts::role(),
        "code" => form::code(),
        "discount_type" => form::discount_type(),
        "discount_value" => form::discount_value(),
        "currency" => form::currency(),
        "timezone" => form::timezone(),
        "start_date" => form::start_date(),
        "end_date" => form::end_date(),
        "budget" => form::budget(),
        "max_redemptions" => form::max_redemptions(),
        "min_order_amount" => form::min_order_amount(),
        "max_discount" => form::max_discount(),
        "max_redemptions_per_customer" => form::max_redemptions_per_customer(),
        "on_budget_shortfall" => form::on_budget_shortfall(),
        other => other,
    };
    known.to_owned()
}

fn value_in_words(field: &str, text: &str) -> String {
    if number(field, text).is_some() {
        return grouped(text);
    }
    match (field, text) {
        ("start_date" | "end_date", day) => {
            day.parse::<NaiveDate>().map_or_else(|_| day.to_owned(), long_day)
        }
        ("discount_type", "percent") => form::percentage().to_owned(),
        ("discount_type", "flat") => form::fixed_amount().to_owned(),
        ("on_budget_shortfall", "reject") => form::decline().to_owned(),
        ("on_budget_shortfall", "partial") => form::apply_what_is_left().to_owned(),
        ("role", role) => role_in_words(role),
        ("name" | "code", text) => texts::quoted(text),
        (_, other) => other.to_owned(),
    }
}
