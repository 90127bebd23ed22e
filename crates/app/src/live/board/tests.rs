use chrono::{DateTime, Utc};
use offercast_domain::{Analytics, Day, Offer, OfferDraft, Totals};
use offercast_storage::StoredOffer;
use rust_decimal::Decimal;

use super::*;
use crate::OfferView;

/// Offer 7 after so many redemptions, as read at a second of a minute.
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

fn seen(watcher: &mut watch::Receiver<Update>) -> Option<i64> {
    watcher.borrow_and_update().as_ref().map(|view| view.today.redemptions)
}

#[test]
fn a_watched_offer_is_read_at_once_and_then_once_a_second_at_most() {
    let (mut board, start) = (Board::default(), Instant::now());
    let after = |milliseconds| start + Duration::from_millis(milliseconds);
    let (_watcher, is_first) = board.join(7, start);
    assert!(is_first);
    assert_eq!(board.next_due(), Some(start));
    assert_eq!(board.take_due(start), [7]);
    // It changes while it is read, and again and again.
    for changed in [1, 200, 900] {
        board.mark(&[7, 8]);
        assert!(board.take_due(after(changed)).is_empty());
    }
    assert_eq!(board.next_due(), Some(after(1_000)));
    assert_eq!(board.take_due(after(1_000)), [7]);
}

#[test]
fn an_offer_that_nothing_is_heard_of_is_read_every_fifteen_seconds() {
    let (mut board, start) = (Board::default(), Instant::now());
    let (_watcher, _) = board.join(7, start);
    board.take_due(start);
    assert_eq!(board.next_due(), Some(start + REST));
    assert_eq!(board.take_due(start + REST), [7]);
    // After a gap anything may have changed.
    board.mark_all();
    assert_eq!(board.next_due(), Some(start + REST + PACE));
}

#[test]
fn watchers_are_told_what_has_changed_and_nothing_else() {
    let (mut board, start) = (Board::default(), Instant::now());
    let (mut watcher, _) = board.join(7, start);
    assert_eq!(seen(&mut watcher), None);
    board.publish(&[7], vec![view(1, 0)]);
    assert_eq!((watcher.has_changed().unwrap(), seen(&mut watcher)), (true, Some(1)));
    // Later, but nothing new.
    board.publish(&[7], vec![view(1, 5)]);
    assert!(!watcher.has_changed().unwrap());
    board.publish(&[7], vec![view(2, 6)]);
    assert_eq!((watcher.has_changed().unwrap(), seen(&mut watcher)), (true, Some(2)));
}

#[test]
fn whoever_comes_later_sees_what_the_others_have_seen() {
    let (mut board, start) = (Board::default(), Instant::now());
    let (_first, _) = board.join(7, start);
    board.publish(&[7], vec![view(3, 0)]);
    let (mut second, is_first) = board.join(7, start);
    assert!(!is_first);
    assert_eq!((second.has_changed().unwrap(), seen(&mut second)), (true, Some(3)));
}

#[test]
fn the_board_is_left_alone_once_nobody_watches() {
    let (mut board, start) = (Board::default(), Instant::now());
    let (watcher, _) = board.join(7, start);
    drop(watcher);
    assert_eq!(board.next_due(), None);
    let (_watcher, is_first) = board.join(7, start);
    assert!(is_first, "somebody has to serve it again");
}

#[test]
fn the_watch_of_an_offer_that_is_gone_ends() {
    let (mut board, start) = (Board::default(), Instant::now());
    let (watcher, _) = board.join(7, start);
    board.publish(&[7], Vec::new());
    assert!(watcher.has_changed().is_err());
}
