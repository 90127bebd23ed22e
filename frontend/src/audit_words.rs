//! Entries of the audit log in words.

mod fields;

use offercast_contract::{AuditEntry, FieldChange};

use crate::i18n::audit as texts;
use fields::{change_in_words, role_in_words};

/// What was done: `Budget raised from 3,000 to 4,000`. An action that only a newer server knows is named as in the API.
pub fn in_words(entry: &AuditEntry) -> String {
    let text = match entry.action.as_str() {
        "offer.created" => texts::offer_created(),
        "offer.updated" => return changes_or(entry, texts::offer_changed()),
        "offer.archived" => texts::offer_archived(),
        "offer.deleted" => texts::offer_deleted(),
        "codes.issued" => return codes_issued(entry),
        "key.created" => return key_created(entry),
        "key.rotated" => texts::key_rotated(),
        "key.revoked" => texts::key_revoked(),
        "user.invited" => return invited(entry),
        "user.updated" => return changes_or(entry, texts::person_changed()),
        "user.removed" => texts::person_removed(),
        "user.reset" => texts::person_reset(),
        "user.link_created" => texts::link_created(),
        "user.password_set" => texts::password_set(),
        "user.second_factor_on" => texts::second_factor_on(),
        "user.second_factor_off" => texts::second_factor_off(),
        "session.started" => texts::signed_in(),
        "session.failed" => texts::sign_in_failed(),
        "session.second_factor_asked" => texts::second_factor_asked(),
        "session.ended" => return session_ended(entry),
        unknown => return changes_or(entry, unknown),
    };
    text.to_owned()
}

/// Who acted.
pub fn actor_in_words(entry: &AuditEntry) -> String {
    match entry.actor.as_str() {
        "command_line" => texts::command_line().to_owned(),
        "anonymous" => texts::nobody().to_owned(),
        actor if entry.actor_name.is_empty() => actor.to_owned(),
        _ => entry.actor_name.clone(),
    }
}

/// The changed fields in words, or `otherwise` if there are none.
fn changes_or(entry: &AuditEntry, otherwise: &str) -> String {
    let changes: Vec<String> = entry.changes.iter().map(change_in_words).collect();
    match changes.is_empty() {
        true => otherwise.to_owned(),
        // The name of an unknown action says what the fields belong to.
        false if otherwise == entry.action => format!("{otherwise}: {}", changes.join("; ")),
        false => changes.join("; "),
    }
}

fn after<'a>(entry: &'a AuditEntry, field: &str) -> Option<&'a str> {
    let is_of = |change: &&FieldChange| change.field == field;
    entry.changes.iter().find(is_of)?.after.as_deref()
}

/// A person's own sign-out ends one session.
fn session_ended(entry: &AuditEntry) -> String {
    let number =
        after(entry, "sessions").and_then(|number| number.parse().ok()).filter(|number| *number != 1);
    number.map_or_else(|| texts::signed_out().to_owned(), texts::sessions_over)
}

fn codes_issued(entry: &AuditEntry) -> String {
    let number = after(entry, "count").and_then(|number| number.parse().ok());
    number.map_or_else(
        || texts::codes_issued().to_owned(),
        |number: i64| texts::number_issued(&texts::code_count(number)),
    )
}

fn key_created(entry: &AuditEntry) -> String {
    after(entry, "scopes").map_or_else(
        || texts::key_created().to_owned(),
        |scopes| texts::key_created_for(&scopes.replace(' ', ", ")),
    )
}

fn invited(entry: &AuditEntry) -> String {
    after(entry, "role").map_or_else(
        || texts::person_invited().to_owned(),
        |role| texts::person_invited_as(&role_in_words(role)),
    )
}

#[cfg(test)]
mod tests;
