//! The examples in the OpenAPI document. They are built from the contract's types, so that they cannot become outdated.
//!
//! All examples show the same state: on 15 June 2026 the offer SUMMER10 has 45 redemptions.

#![expect(clippy::disallowed_types, reason = "examples are only written, never parsed")]

mod access;
mod analytics;
mod offers;
mod operations;
mod overview;
mod redemptions;
mod reservations;

use std::str::FromStr;

use chrono::{DateTime, NaiveDate};
use offercast_contract::{Meta, Money, Page, Success};
use serde::Serialize;
use serde_json::Value;

pub use access::{
    account, audit_csv, audit_page, change_password_request, confirm_second_factor_request, ended_session,
    ended_sessions, invite_request, invited_user, key_input, keys, link_request, new_key, password_request,
    recovery_codes, removed_user, revoked_key, rotate_request, second_factor_secret, sessions,
    set_password_request, shown_link, sign_in_request, signed_in, user, user_link, user_patch, users,
};
pub use analytics::{dashboard, forecast, live_offer, queued_forecast, what_if_forecast, what_if_input};
pub use offers::{
    created_offer, edited_offer, offer_input, offer_page, offer_patch, removed_offer, replaced_offer,
    shown_offer,
};
pub use operations::{alive, metrics, ready};
pub use overview::overview;
pub use redemptions::{
    batch, batch_results, code_counts, codes_csv, codes_request, issued_codes, ledger_csv, ledger_page,
    quote, redeem_by_code_request, redeem_request, redeemed, reverse_request, reversed,
};
pub use reservations::{released, reserve_request, reserved};

const OFFER_ID: i64 = 1;
const REDEMPTION_ID: i64 = 45;
const RESERVATION_ID: i64 = 12;

fn value(value: &impl Serialize) -> Value {
    serde_json::to_value(value).expect("the contract's types can be serialized")
}

fn success(message: &str, data: impl Serialize) -> Value {
    value(&Success::new(message, data))
}

/// The first page of a list that has more pages.
fn page<T: Serialize>(message: &str, data: Vec<T>, next: &impl Serialize) -> Value {
    let meta = Meta { next_cursor: Some(crate::cursor::encode(next)) };
    value(&Page { status: true, message: message.to_owned(), data, meta })
}

fn money(digits: &str) -> Money {
    Money(FromStr::from_str(digits).expect("examples have valid decimals"))
}

/// A day of June 2026.
fn june(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 6, day).expect("June has 30 days")
}

/// A time, with its offset from UTC.
fn moment<T: chrono::TimeZone>(text: &str, zone: &T) -> DateTime<T> {
    DateTime::parse_from_rfc3339(text).expect("examples have RFC 3339 times").with_timezone(zone)
}
