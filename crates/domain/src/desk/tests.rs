use std::collections::HashSet;

use proptest::prelude::*;

use super::*;
use crate::{Offer, sample};

fn offer(budget: u32, max: u32) -> Offer {
    sample::offer(|draft| {
        draft.discount_type = "percent".to_owned();
        draft.discount_value = "10".to_owned();
        draft.budget = budget.to_string();
        draft.max_redemptions = max.to_string();
    })
}

fn at(offer: &Offer, totals: Totals) -> OfferService<'_> {
    OfferService { offer, totals, today: "2026-06-15".parse().unwrap() }
}

fn request(amount: u32, key: &str, order_id: &str) -> RedeemRequest {
    let order = Order {
        customer_id: "c".into(),
        order_amount: amount.into(),
        order_id: Some(order_id.to_owned()).filter(|id| !id.is_empty()),
    };
    RedeemRequest { order, key: IdempotencyKey::parse(key).ok() }
}

fn is_granted(decision: Decision) -> bool {
    matches!(decision, Decision::Granted(_))
}

#[test]
fn a_key_is_visible_ascii() {
    for good in ["a", "~!", "0b9c-11", &"x".repeat(255)] {
        assert!(IdempotencyKey::parse(good).is_ok(), "{good}");
    }
    for bad in ["", " ", "a b", "tab\t", "\u{e9}", &"x".repeat(256)] {
        assert_eq!(IdempotencyKey::parse(bad).unwrap_err().field, "Idempotency-Key", "{bad}");
    }
}

#[test]
fn the_essence_is_what_was_meant() {
    let mut same = request(50, "k", "o");
    same.order.order_amount = Decimal::new(5_000, 2);
    assert_eq!(request(50, "other key", "o").essence(), same.essence());
    assert_ne!(request(50, "", "o").essence(), request(50, "", "").essence());
    assert_ne!(request(50, "", "o").essence(), request(5, "", "o").essence());
}

#[test]
fn two_copies_in_one_batch_are_one_redemption() {
    let offer = offer(100, 10);
    let mut desk = Desk::new(at(&offer, Totals::default()));
    assert!(is_granted(desk.decide(&request(50, "k", ""))));
    assert_eq!(desk.decide(&request(50, "k", "")), Decision::Repeated(First::InBatch(0)));
    assert_eq!(desk.decide(&request(60, "k", "")), Decision::KeyReused);
    assert_eq!(desk.totals().redeemed, 1);
    // A refusal is repeated too, also when it would be granted by now.
    let mut desk = Desk::new(at(&offer, Totals { redeemed: 10, spent: Decimal::ONE }));
    assert_eq!(desk.decide(&request(50, "k", "")), Decision::Refused(Refusal::MaxRedemptionsReached));
    assert_eq!(desk.decide(&request(50, "k", "")), Decision::Repeated(First::InBatch(0)));
}

#[test]
fn an_order_redeems_once() {
    let offer = offer(100, 10);
    let mut desk = Desk::new(at(&offer, Totals::default()));
    assert!(is_granted(desk.decide(&request(50, "a", "o"))));
    assert_eq!(desk.decide(&request(50, "b", "o")), Decision::Repeated(First::InBatch(0)));
    assert_eq!(desk.decide(&request(51, "c", "o")), Decision::OrderTaken(First::InBatch(0)));
    let mut other = request(50, "", "o");
    other.order.customer_id = "d".into();
    assert_eq!(desk.decide(&other), Decision::OrderTaken(First::InBatch(0)));
    // What was answered by way of the order is the key's answer from then on.
    assert_eq!(desk.decide(&request(50, "b", "o")), Decision::Repeated(First::InBatch(1)));
    assert_eq!(desk.totals().redeemed, 1);
}

#[test]
fn an_order_that_was_refused_may_try_again() {
    let offer = offer(5, 10);
    let mut desk = Desk::new(at(&offer, Totals::default()));
    assert_eq!(desk.decide(&request(60, "", "o")), Decision::Refused(Refusal::BudgetExhausted));
    assert!(is_granted(desk.decide(&request(50, "", "o"))));
}

#[test]
fn what_is_on_record_is_answered_before_the_rules_are_asked() {
    let mut paused = offer(100, 10);
    paused.terms.status = crate::OfferStatus::Paused;
    let mut desk = Desk::new(at(&paused, Totals::default()));
    desk.recall_key("k", &request(50, "", "").essence(), 7);
    desk.recall_order("o", "c", 50.into(), 8);
    assert_eq!(desk.decide(&request(50, "k", "")), Decision::Repeated(First::Recorded(7)));
    assert_eq!(desk.decide(&request(50, "", "o")), Decision::Repeated(First::Recorded(8)));
    assert_eq!(desk.decide(&request(50, "", "")), Decision::Refused(Refusal::Paused));
}

proptest! {
    /// A batch is a way of writing, not of deciding: the same requests get the same answers one by one, with
    /// everything between them on record.
    #[test]
    fn a_batch_decides_as_one_by_one(
        budget in 1u32..300,
        max in 1u32..30,
        requests in prop::collection::vec((1u32..400, 0u32..25, 0u32..25), 0..60),
    ) {
        let offer = offer(budget, max);
        let name = |kind: &str, n: u32| if n < 5 { String::new() } else { format!("{kind}{n}") };
        let requests: Vec<_> =
            requests.iter().map(|(amount, k, o)| request(*amount, &name("k", *k), &name("o", *o))).collect();
        let mut desk = Desk::new(at(&offer, Totals::default()));
        let together: Vec<_> = requests.iter().map(|request| desk.decide(request)).collect();

        let mut record = Desk::new(at(&offer, Totals::default()));
        for (n, (request, decision)) in requests.iter().zip(&together).enumerate() {
            record.decided = 0;
            let alone = record.decide(request);
            let same = match (alone, *decision) {
                (Decision::Repeated(First::Recorded(a)), Decision::Repeated(First::InBatch(b)))
                | (Decision::OrderTaken(First::Recorded(a)), Decision::OrderTaken(First::InBatch(b))) => a == b,
                (alone, together) => alone == together,
            };
            prop_assert!(same, "{n}: {alone:?}, {decision:?}");
            put_on_record(&mut record, n);
        }
        prop_assert_eq!(record.totals(), desk.totals());
        prop_assert!(desk.totals().spent <= Decimal::from(budget) && desk.totals().redeemed <= i64::from(max));
        // One grant an order and a key.
        let granted = || requests.iter().zip(&together).filter(|(_, d)| is_granted(**d)).map(|(r, _)| r);
        let orders: Vec<_> = granted().filter_map(|r| r.order.order_id.clone()).collect();
        prop_assert_eq!(orders.iter().collect::<HashSet<_>>().len(), orders.len());
        let keys: Vec<_> = granted().filter_map(|r| r.key.clone()).collect();
        prop_assert_eq!(keys.iter().collect::<HashSet<_>>().len(), keys.len());
    }
}

/// What was first in its batch of one is number `n` of the record now.
fn put_on_record(desk: &mut Desk<'_>, n: usize) {
    let firsts = desk.keys.values_mut().map(|(_, first)| first);
    for first in firsts.chain(desk.orders.values_mut().map(|(_, _, first)| first)) {
        if *first == First::InBatch(0) {
            *first = First::Recorded(n);
        }
    }
}
