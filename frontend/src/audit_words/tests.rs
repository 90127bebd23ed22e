use chrono::DateTime;

use super::*;
use crate::i18n::in_german;

fn entry(action: &str, changes: &[(&str, Option<&str>, Option<&str>)]) -> AuditEntry {
    let changes = changes.iter().map(|(field, before, after)| FieldChange {
        field: (*field).to_owned(),
        before: before.map(str::to_owned),
        after: after.map(str::to_owned),
    });
    AuditEntry {
        id: 1,
        at: DateTime::default(),
        actor: "user:3".to_owned(),
        actor_name: "Ada".to_owned(),
        action: action.to_owned(),
        subject: "offer:1".to_owned(),
        subject_name: "SUMMER-10".to_owned(),
        offer_id: Some(1),
        changes: changes.collect(),
        address: "192.0.2.1".to_owned(),
        request_id: "r1".to_owned(),
    }
}

fn updated(field: &str, before: Option<&str>, after: Option<&str>) -> AuditEntry {
    entry("offer.updated", &[(field, before, after)])
}

#[test]
fn changes_of_an_offer_in_both_languages() {
    for (field, before, after, english, german) in [
        (
            "budget",
            Some("3000"),
            Some("4000"),
            "Budget raised from 3,000 to 4,000",
            "Budget von 3.000 auf 4.000 erhöht",
        ),
        (
            "budget",
            Some("4000"),
            Some("999.50"),
            "Budget lowered from 4,000 to 999.50",
            "Budget von 4.000 auf 999,50 gesenkt",
        ),
        (
            "max_redemptions",
            None,
            Some("100"),
            "Redemption limit set to 100",
            "Einlöselimit auf 100 festgelegt",
        ),
        ("budget", Some("50"), None, "Budget removed (was 50)", "Budget entfernt (zuvor 50)"),
        (
            "end_date",
            Some("2026-11-30"),
            Some("2026-12-31"),
            "End date moved from 30 Nov 2026 to 31 Dec 2026",
            "Enddatum von 30. Nov. 2026 auf 31. Dez. 2026 verschoben",
        ),
        (
            "name",
            Some("Sale"),
            Some("Big sale"),
            "Name changed from “Sale” to “Big sale”",
            "Name von „Sale“ in „Big sale“ geändert",
        ),
        ("status", Some("active"), Some("paused"), "Paused", "Pausiert"),
        ("status", Some("paused"), Some("active"), "Resumed", "Fortgesetzt"),
        ("status", Some("archived"), Some("active"), "Restored", "Wiederhergestellt"),
    ] {
        let entry = updated(field, before, after);
        assert_eq!(in_words(&entry), english);
        assert_eq!(in_german(|| in_words(&entry)), german);
    }
}

#[test]
fn several_changes_are_one_sentence() {
    let entry = entry(
        "offer.updated",
        &[("budget", Some("10"), Some("20")), ("discount_type", Some("percent"), Some("flat"))],
    );
    assert_eq!(
        in_words(&entry),
        "Budget raised from 10 to 20; Discount type changed from Percentage to Fixed amount"
    );
}

#[test]
fn people_and_keys() {
    for (action, changes, words) in [
        (
            "user.invited",
            vec![("name", None, Some("Ada")), ("role", None, Some("manager"))],
            "Invited as Manager",
        ),
        (
            "user.updated",
            vec![("role", Some("analyst"), Some("owner"))],
            "Role changed from Analyst to Owner",
        ),
        ("user.updated", vec![("disabled", Some("false"), Some("true"))], "Disabled"),
        (
            "key.created",
            vec![("scopes", None, Some("offers:read admin"))],
            "API key created with offers:read, admin",
        ),
        ("codes.issued", vec![("count", None, Some("1000"))], "1,000 codes generated"),
        ("session.failed", vec![], "Sign-in failed"),
    ] {
        assert_eq!(in_words(&entry(action, &changes)), words);
    }
}

#[test]
fn every_known_action_has_words_in_both_languages() {
    for action in ACTIONS {
        let entry = entry(action, &[]);
        let (english, german) = (in_words(&entry), in_german(|| in_words(&entry)));
        assert!(english != *action && english != german, "{action}: {english}, {german}");
    }
}

const ACTIONS: &[&str] = &[
    "offer.created",
    "offer.updated",
    "offer.archived",
    "offer.deleted",
    "codes.issued",
    "key.created",
    "key.rotated",
    "key.revoked",
    "user.invited",
    "user.updated",
    "user.removed",
    "user.reset",
    "user.link_created",
    "user.password_set",
    "user.second_factor_on",
    "user.second_factor_off",
    "session.started",
    "session.failed",
    "session.second_factor_asked",
    "session.ended",
];

#[test]
fn what_only_a_newer_server_knows_is_shown_plainly() {
    assert_eq!(in_words(&entry("offer.cloned", &[])), "offer.cloned");
    let changes = [("shape", Some("round"), Some("square"))];
    assert_eq!(
        in_words(&entry("offer.cloned", &changes)),
        "offer.cloned: shape changed from round to square"
    );
}

#[test]
fn the_actor_has_a_name() {
    let by = |actor: &str, name: &str| {
        actor_in_words(&AuditEntry { actor: actor.to_owned(), actor_name: name.to_owned(), ..entry("", &[]) })
    };
    assert_eq!(by("user:3", "Ada"), "Ada");
    assert_eq!(by("key:9", ""), "key:9");
    assert_eq!(by("command_line", ""), "Command line");
    assert_eq!(in_german(|| by("anonymous", "")), "Nicht angemeldet");
}
