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

fn order(customer_id: &str, amount: u32, order_id: &str) -> Order {
    Order {
        customer_id: customer_id.to_owned(),
        order_amount: amount.into(),
        order_id: Some(order_id.to_owned()).filter(|id| !id.is_empty()),
    }
}

fn request(amount: u32, key: &str, order_id: &str) -> Request {
    Request { ask: Ask::Redeem(order("c", amount, order_id)), key: IdempotencyKey::parse(key).ok() }
}

fn ask(ask: Ask) -> Request {
    Request { ask, key: None }
}

fn is_granted(decision: &Decision) -> bool {
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
    let essence = |request: Request| request.ask.essence();
    let mut same = order("c", 50, "o");
    same.order_amount = Decimal::new(5_000, 2);
    assert_eq!(essence(request(50, "other key", "o")), Ask::Redeem(same.clone()).essence());
    assert_ne!(essence(request(50, "", "o")), essence(request(50, "", "")));
    assert_ne!(essence(request(50, "", "o")), essence(request(5, "", "o")));
    assert_ne!(essence(request(50, "", "o")), Ask::Reserve { order: same, ttl_seconds: 1 }.essence());
    let (confirm, release) = (Ask::Confirm { reservation_id: 1 }, Ask::Release { reservation_id: 1 });
    assert_ne!(confirm.essence(), release.essence());
}

#[test]
fn two_copies_in_one_batch_are_one_redemption() {
    let offer = offer(100, 10);
    let mut desk = Desk::new(at(&offer, Totals::default()));
    assert!(is_granted(&desk.decide(&request(50, "k", ""))));
    assert_eq!(desk.decide(&request(50, "k", "")), Decision::Repeated(First::InBatch(0)));
    assert_eq!(desk.decide(&request(60, "k", "")), Decision::KeyReused);
    assert_eq!(desk.totals().redeemed, 1);
    // A refusal is repeated too, also when it would be granted by now.
    let mut desk = Desk::new(at(&offer, Totals { redeemed: 10, ..Totals::default() }));
    assert_eq!(desk.decide(&request(50, "k", "")), Decision::Refused(Refusal::MaxRedemptionsReached));
    assert_eq!(desk.decide(&request(50, "k", "")), Decision::Repeated(First::InBatch(0)));
}

#[test]
fn an_order_redeems_once() {
    let offer = offer(100, 10);
    let mut desk = Desk::new(at(&offer, Totals::default()));
    assert!(is_granted(&desk.decide(&request(50, "a", "o"))));
    assert_eq!(desk.decide(&request(50, "b", "o")), Decision::Repeated(First::InBatch(0)));
    assert_eq!(desk.decide(&request(51, "c", "o")), Decision::OrderTaken(First::InBatch(0)));
    assert_eq!(desk.decide(&ask(Ask::Redeem(order("d", 50, "o")))), Decision::OrderTaken(First::InBatch(0)));
    // What was answered by way of the order is the key's answer from then on.
    assert_eq!(desk.decide(&request(50, "b", "o")), Decision::Repeated(First::InBatch(1)));
    assert_eq!(desk.totals().redeemed, 1);
}

#[test]
fn an_order_that_was_refused_may_try_again() {
    let offer = offer(5, 10);
    let mut desk = Desk::new(at(&offer, Totals::default()));
    assert_eq!(desk.decide(&request(60, "", "o")), Decision::Refused(Refusal::BudgetExhausted));
    assert!(is_granted(&desk.decide(&request(50, "", "o"))));
}

#[test]
fn what_is_on_record_is_answered_before_the_rules_are_asked() {
    let mut paused = offer(100, 10);
    paused.terms.status = crate::OfferStatus::Paused;
    let mut desk = Desk::new(at(&paused, Totals::default()));
    desk.recall_key("k", &request(50, "", "").ask.essence(), 7);
    desk.recall_order(1, &order("c", 50, "o"), 8);
    assert_eq!(desk.decide(&request(50, "k", "")), Decision::Repeated(First::Recorded(7)));
    assert_eq!(desk.decide(&request(50, "", "o")), Decision::Repeated(First::Recorded(8)));
    assert_eq!(desk.decide(&request(50, "", "")), Decision::Refused(Refusal::Paused));
}

fn hold(id: i64, order_id: &str) -> Hold {
    let five = Decimal::from(5);
    let order = order("c", 50, order_id);
    Hold { id, order, discount: five, discount_asked: five, state: HoldState::Open }
}

#[test]
fn a_hold_is_not_in_its_own_way() {
    // Everything that there is, is held.
    let offer = sample::offer(|draft| {
        draft.budget = "5".into();
        draft.max_redemptions = "1".into();
        draft.max_redemptions_per_customer = "1".into();
    });
    let held = Totals::default().hold(5.into());
    let mut desk = Desk::new(at(&offer, held));
    desk.recall_uses("c", 1);
    desk.recall_hold(hold(1, "o"));
    desk.recall_held_order(1, &order("c", 50, "o"), 3);
    let reserve = Ask::Reserve { order: order("c", 50, "o"), ttl_seconds: 60 };
    assert_eq!(desk.decide(&ask(reserve)), Decision::Repeated(First::Recorded(3)));
    let other = desk.decide(&ask(Ask::Redeem(order("d", 50, ""))));
    assert_eq!(other, Decision::Refused(Refusal::MaxRedemptionsReached));
    let Decision::Confirmed(confirmation) = desk.decide(&ask(Ask::Confirm { reservation_id: 1 })) else {
        panic!("the hold is confirmed")
    };
    assert_eq!(confirmation.grant.totals, Totals::default().plus(5.into()));
    assert_eq!(desk.uses()["c"], 1);
    for again in [Ask::Confirm { reservation_id: 1 }, Ask::Release { reservation_id: 1 }] {
        assert_eq!(desk.decide(&ask(again)), Decision::HoldClosed);
    }
    assert_eq!(desk.decide(&request(50, "", "o")), Decision::Repeated(First::InBatch(2)));
}

#[test]
fn an_expired_hold_is_gone_and_what_it_held_is_there_again() {
    let offer = offer(5, 1);
    let mut desk = Desk::new(at(&offer, Totals::default().hold(5.into())));
    desk.recall_hold(hold(1, ""));
    desk.expire(&hold(1, ""));
    assert_eq!(desk.decide(&ask(Ask::Confirm { reservation_id: 1 })), Decision::HoldExpired);
    assert!(is_granted(&desk.decide(&request(50, "", ""))));
}

#[test]
fn a_redemption_is_taken_back_once_and_its_order_may_redeem_again() {
    let offer = offer(5, 1);
    let mut desk = Desk::new(at(&offer, Totals::default().plus(5.into())));
    let standing = standing(7, order("c", 50, "o"));
    desk.recall_redemption(standing.clone());
    desk.recall_order(7, &standing.order, 0);
    let reverse = || ask(Ask::Reverse { redemption_id: 7, reason: None });
    assert!(matches!(desk.decide(&reverse()), Decision::Reversed(_)));
    assert_eq!(desk.totals(), Totals::default());
    assert_eq!(desk.decide(&reverse()), Decision::AlreadyReversed);
    assert!(is_granted(&desk.decide(&request(50, "", "o"))));
    assert_eq!(desk.decide(&ask(Ask::Reverse { redemption_id: 8, reason: None })), Decision::Unknown);
}

fn by_code(serial: i64, amount: u32, order_id: &str) -> Request {
    let code = code(serial);
    ask(Ask::RedeemCode { order: order("c", amount, order_id), code })
}

fn code(serial: i64) -> CodeName {
    CodeName { serial, prefix: "SUMMER".to_owned(), length: 16 }
}

#[test]
fn a_code_redeems_once() {
    let offer = offer(100, 10);
    let mut desk = Desk::new(at(&offer, Totals::default()));
    desk.recall_code(&code(1));
    desk.recall_code(&code(2));
    assert!(matches!(desk.decide(&by_code(1, 50, "o")), Decision::GrantedByCode(_)));
    // The same again is a retry by its order; without one nobody can know that.
    assert_eq!(desk.decide(&by_code(1, 50, "o")), Decision::Repeated(First::InBatch(0)));
    assert_eq!(desk.decide(&by_code(1, 50, "")), Decision::CodeUsed(First::InBatch(0)));
    assert_eq!(desk.decide(&by_code(1, 50, "p")), Decision::CodeUsed(First::InBatch(0)));
    for other in [by_code(2, 50, "o"), by_code(1, 51, "o")] {
        assert_eq!(desk.decide(&other), Decision::OrderTaken(First::InBatch(0)));
    }
    assert!(matches!(desk.decide(&by_code(2, 50, "")), Decision::GrantedByCode(_)));
    // One that was not issued, or not so.
    assert_eq!(desk.decide(&by_code(3, 50, "")), Decision::Unknown);
    let other_prefix = CodeName { prefix: "WINTER".to_owned(), ..code(1) };
    let other_prefix = Ask::RedeemCode { order: order("c", 50, ""), code: other_prefix };
    assert_eq!(desk.decide(&ask(other_prefix)), Decision::Unknown);
    assert_eq!(desk.totals().redeemed, 2);
}

#[test]
fn a_code_is_not_used_up_by_a_refusal_and_comes_back_with_a_reversal() {
    let offer = offer(5, 10);
    let mut desk = Desk::new(at(&offer, Totals::default()));
    desk.recall_code(&code(1));
    assert_eq!(desk.decide(&by_code(1, 60, "")), Decision::Refused(Refusal::BudgetExhausted));
    assert!(matches!(desk.decide(&by_code(1, 50, "")), Decision::GrantedByCode(_)));

    let mut desk = Desk::new(at(&offer, Totals::default().plus(5.into())));
    let order = order("c", 50, "");
    desk.recall_redemption(standing(7, order.clone()));
    desk.recall_used_code(&code(1), 7, &order, 4);
    assert_eq!(desk.decide(&by_code(1, 50, "")), Decision::CodeUsed(First::Recorded(4)));
    let reversed = desk.decide(&ask(Ask::Reverse { redemption_id: 7, reason: None }));
    assert!(matches!(reversed, Decision::Reversed(_)));
    assert!(matches!(desk.decide(&by_code(1, 50, "")), Decision::GrantedByCode(_)));
}

#[test]
fn a_key_of_another_call_is_taken() {
    let offer = offer(100, 10);
    let mut desk = Desk::new(at(&offer, Totals::default()));
    desk.recall_foreign_key("k");
    assert_eq!(desk.decide(&request(50, "k", "")), Decision::KeyReused);
    assert!(is_granted(&desk.decide(&request(50, "l", ""))));
}

fn standing(id: i64, order: Order) -> Standing {
    Standing { id, order, discount: 5.into(), day: "2026-06-14".parse().unwrap(), is_reversed: false }
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
            let same = match (&alone, decision) {
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
        let granted = || requests.iter().zip(&together).filter(|(_, d)| is_granted(d)).map(|(r, _)| r);
        let orders: Vec<_> = granted().filter_map(|r| r.ask.order()?.order_id.clone()).collect();
        prop_assert_eq!(orders.iter().collect::<HashSet<_>>().len(), orders.len());
        let keys: Vec<_> = granted().filter_map(|r| r.key.clone()).collect();
        prop_assert_eq!(keys.iter().collect::<HashSet<_>>().len(), keys.len());
    }
}

/// What was first in its batch of one is number `n` of the record now.
fn put_on_record(desk: &mut Desk<'_>, n: usize) {
    let firsts = desk.keys.values_mut().map(|(_, first)| first);
    for first in firsts.chain(desk.orders.values_mut().map(|claim| &mut claim.first)) {
        if *first == First::InBatch(0) {
            *first = First::Recorded(n);
        }
    }
}

/// What is on record after many batches of one request each.
#[derive(Default)]
struct Record {
    totals: Totals,
    redemptions: Vec<Standing>,
    holds: Vec<Hold>,
    /// By which code each redemption was made that was made by one.
    codes: Vec<(CodeName, i64)>,
}

impl Record {
    fn standing(&self) -> impl Iterator<Item = &Standing> {
        self.redemptions.iter().filter(|redemption| !redemption.is_reversed)
    }

    fn open(&self) -> impl Iterator<Item = &Hold> {
        self.holds.iter().filter(|hold| hold.state == HoldState::Open)
    }

    /// Codes with the standing redemptions that have used them.
    fn used(&self) -> impl Iterator<Item = (&CodeName, &Standing)> {
        self.codes.iter().filter_map(|(code, id)| Some((code, self.standing().find(|r| r.id == *id)?)))
    }

    fn uses(&self, customer_id: &str) -> i64 {
        let orders = self.standing().map(|redemption| &redemption.order).chain(self.open().map(|h| &h.order));
        i64::try_from(orders.filter(|order| order.customer_id == customer_id).count()).unwrap()
    }

    fn desk<'a>(&self, offer: &'a Offer) -> Desk<'a> {
        let mut desk = Desk::new(at(offer, self.totals));
        for redemption in &self.redemptions {
            desk.recall_redemption(redemption.clone());
        }
        for redemption in self.standing() {
            desk.recall_order(redemption.id, &redemption.order, 0);
        }
        for hold in &self.holds {
            desk.recall_hold(hold.clone());
        }
        for hold in self.open() {
            desk.recall_held_order(hold.id, &hold.order, 0);
        }
        (0..4).for_each(|serial| desk.recall_code(&code(serial)));
        for (code, redemption) in self.used() {
            desk.recall_used_code(code, redemption.id, &redemption.order, 0);
        }
        for customer_id in ["0", "1", "2"] {
            desk.recall_uses(customer_id, self.uses(customer_id));
        }
        desk
    }

    fn write(&mut self, request: &Request, decision: Decision) {
        let day = "2026-06-15".parse().unwrap();
        let stand = |id, order, discount| Standing { id, order, discount, day, is_reversed: false };
        let id = i64::try_from(self.redemptions.len()).unwrap();
        match decision {
            Decision::Granted(grant) => {
                let order = request.ask.order().unwrap().clone();
                self.redemptions.push(stand(id, order, grant.discount));
            }
            Decision::GrantedByCode(grant) => {
                self.codes.push((request.ask.code().unwrap().clone(), id));
                self.redemptions.push(stand(id, request.ask.order().unwrap().clone(), grant.discount));
            }
            Decision::Reserved { grant, .. } => {
                let Grant { discount, discount_asked, .. } = grant;
                let (id, order) =
                    (self.holds.len().try_into().unwrap(), request.ask.order().unwrap().clone());
                self.holds.push(Hold { id, order, discount, discount_asked, state: HoldState::Open });
            }
            Decision::Confirmed(Confirmation { hold, grant }) => {
                self.close(&hold, HoldState::Confirmed);
                self.redemptions.push(stand(id, hold.order, grant.discount));
            }
            Decision::Released(hold) => self.close(&hold, HoldState::Released),
            Decision::Reversed(reversal) => {
                self.redemptions[usize::try_from(reversal.standing.id).unwrap()].is_reversed = true;
            }
            _ => {}
        }
    }

    fn close(&mut self, hold: &Hold, state: HoldState) {
        self.holds[usize::try_from(hold.id).unwrap()].state = state;
    }
}

fn any_ask() -> impl Strategy<Value = Ask> {
    let any_order = (0u32..3, 1u32..400, 0u32..12).prop_map(|(customer, amount, n)| {
        let order_id = if n < 4 { String::new() } else { n.to_string() };
        order(&customer.to_string(), amount, &order_id)
    });
    prop_oneof![
        3 => any_order.clone().prop_map(Ask::Redeem),
        3 => (any_order.clone(), 0i64..5).prop_map(|(order, n)| Ask::RedeemCode { order, code: code(n) }),
        3 => any_order.prop_map(|order| Ask::Reserve { order, ttl_seconds: 60 }),
        2 => (0i64..20).prop_map(|redemption_id| Ask::Reverse { redemption_id, reason: None }),
        2 => (0i64..20).prop_map(|reservation_id| Ask::Confirm { reservation_id }),
        1 => (0i64..20).prop_map(|reservation_id| Ask::Release { reservation_id }),
    ]
}

proptest! {
    /// Whatever is asked, in whatever order: no limit is passed, also not by what is held; nothing is given back
    /// twice; and the totals are what the record adds up to.
    #[test]
    fn totals_are_a_fold_of_the_record_and_within_every_limit(
        budget in 1u32..100,
        max in 1u32..12,
        per_customer in 1u32..6,
        partial in any::<bool>(),
        asks in prop::collection::vec((any_ask(), prop::option::of(0i64..20)), 0..80),
    ) {
        let offer = sample::offer(|draft| {
            draft.discount_type = "percent".into();
            draft.discount_value = "10".into();
            draft.budget = budget.to_string();
            draft.max_redemptions = max.to_string();
            draft.max_redemptions_per_customer = per_customer.to_string();
            draft.on_budget_shortfall = if partial { "partial" } else { "reject" }.into();
        });
        let mut record = Record::default();
        for (asked, expires) in asks {
            let mut desk = record.desk(&offer);
            let expired = expires.and_then(|id| record.open().find(|hold| hold.id == id)).cloned();
            if let Some(hold) = &expired {
                desk.expire(hold);
                record.close(hold, HoldState::Expired);
            }
            let request = ask(asked);
            let decision = desk.decide(&request);
            record.write(&request, decision);
            record.totals = desk.totals();

            let spent: Decimal = record.standing().map(|redemption| redemption.discount).sum();
            let held: Decimal = record.open().map(|hold| hold.discount).sum();
            let count = |n: usize| i64::try_from(n).unwrap();
            prop_assert_eq!((record.totals.spent, record.totals.held.discount), (spent, held));
            prop_assert_eq!(record.totals.redeemed, count(record.standing().count()));
            prop_assert_eq!(record.totals.held.redemptions, count(record.open().count()));
            prop_assert!(spent + held <= budget.into() && record.totals.taken() <= max.into());
            for (customer_id, uses) in desk.uses() {
                prop_assert_eq!(*uses, record.uses(customer_id));
                prop_assert!(*uses <= per_customer.into());
            }
            let orders: Vec<_> = record.standing().filter_map(|r| r.order.order_id.as_ref()).collect();
            prop_assert_eq!(orders.iter().collect::<HashSet<_>>().len(), orders.len());
            let codes: Vec<_> = record.used().map(|(code, _)| code).collect();
            prop_assert_eq!(codes.iter().collect::<HashSet<_>>().len(), codes.len());
        }
    }
}
