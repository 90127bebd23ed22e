use chrono::{DateTime, Utc};
use offercast_domain::{Analytics, Day, Offer, OfferDraft, Totals};
use offercast_storage::offers::StoredOffer;
use rust_decimal::Decimal;

use std::time::Duration;

use super::*;
use crate::OfferView;

/// Offer 7 after this many redemptions, read at a second of a minute.
fn view(redeemed: i64, second: u32) -> LiveView {
    let text = str::to_owned;
    let draft = OfferDraft {
        name: text("Test"),
        code: text("TEST"),
        discount_type: text("flat"),
        discount_value: text("5"),
        currency: text("USD"),
        start_date: text("2026-06-01"),
        end_date: text("2026-06-30"),
        ..OfferDraft::default()
    };
    let now: DateTime<Utc> = format!("2026-06-15T12:00:{second:02}Z").parse().unwrap();
    let totals = Totals { redeemed, spent: Decimal::from(5 * redeemed), ..Totals::default() };
    let offer = Offer { id: 7, terms: draft.check().unwrap() };
    let created_at = "2026-06-01T00:00:00Z".parse().unwrap();
    let stored = StoredOffer { offer, totals, version: 1, created_at, updated_at: created_at };
    let date = "2026-06-15".parse().unwrap();
    let kpis = Analytics { offer: &stored.offer, totals, days: &[], today: date }.kpis(None);
    let today = Day { date, redemptions: redeemed, discount: totals.spent };
    LiveView { kpis, today, as_of: now.fixed_offset(), offer: OfferView::at(now, stored) }
}

fn last(updates: &mut watch::Receiver<Update>) -> Option<i64> {
    updates.borrow_and_update().as_ref().map(|view| view.today.redemptions)
}

#[test]
fn an_offer_is_read_at_once_and_then_at_most_once_a_second() {
    let (mut subscriptions, start) = (Subscriptions::default(), Instant::now());
    let after = |milliseconds| start + Duration::from_millis(milliseconds);
    let (_updates, is_first) = subscriptions.subscribe(7, start);
    assert!(is_first);
    assert_eq!(subscriptions.next_due(), Some(start));
    assert_eq!(subscriptions.take_due(start), [7]);
    // It changes during the read, and again later.
    for changed in [1, 200, 900] {
        subscriptions.mark_changed(&[7, 8]);
        assert!(subscriptions.take_due(after(changed)).is_empty());
    }
    assert_eq!(subscriptions.next_due(), Some(after(1_000)));
    assert_eq!(subscriptions.take_due(after(1_000)), [7]);
}

#[test]
fn an_offer_without_notifications_is_read_every_fifteen_seconds() {
    let (mut subscriptions, start) = (Subscriptions::default(), Instant::now());
    let (_updates, _) = subscriptions.subscribe(7, start);
    subscriptions.take_due(start);
    assert_eq!(subscriptions.next_due(), Some(start + MAX_INTERVAL));
    assert_eq!(subscriptions.take_due(start + MAX_INTERVAL), [7]);
    // After a reconnect anything may have changed.
    subscriptions.mark_all_changed();
    assert_eq!(subscriptions.next_due(), Some(start + MAX_INTERVAL + MIN_INTERVAL));
}

#[test]
fn only_changes_are_published() {
    let (mut subscriptions, start) = (Subscriptions::default(), Instant::now());
    let (mut updates, _) = subscriptions.subscribe(7, start);
    assert_eq!(last(&mut updates), None);
    subscriptions.publish(&[7], vec![view(1, 0)]);
    assert_eq!((updates.has_changed().unwrap(), last(&mut updates)), (true, Some(1)));
    // A later moment, but nothing new.
    subscriptions.publish(&[7], vec![view(1, 5)]);
    assert!(!updates.has_changed().unwrap());
    subscriptions.publish(&[7], vec![view(2, 6)]);
    assert_eq!((updates.has_changed().unwrap(), last(&mut updates)), (true, Some(2)));
}

#[test]
fn a_later_subscriber_starts_with_the_last_state() {
    let (mut subscriptions, start) = (Subscriptions::default(), Instant::now());
    let (_first, _) = subscriptions.subscribe(7, start);
    subscriptions.publish(&[7], vec![view(3, 0)]);
    let (mut second, is_first) = subscriptions.subscribe(7, start);
    assert!(!is_first);
    assert_eq!((second.has_changed().unwrap(), last(&mut second)), (true, Some(3)));
}

#[test]
fn publishing_ends_with_the_last_subscriber() {
    let (mut subscriptions, start) = (Subscriptions::default(), Instant::now());
    let (updates, _) = subscriptions.subscribe(7, start);
    drop(updates);
    assert_eq!(subscriptions.next_due(), None);
    let (_updates, is_first) = subscriptions.subscribe(7, start);
    assert!(is_first, "publishing must start again");
}

#[test]
fn subscriptions_to_a_deleted_offer_end() {
    let (mut subscriptions, start) = (Subscriptions::default(), Instant::now());
    let (updates, _) = subscriptions.subscribe(7, start);
    subscriptions.publish(&[7], Vec::new());
    assert!(updates.has_changed().is_err());
}
