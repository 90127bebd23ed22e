use std::collections::HashSet;

use proptest::prelude::*;

use rust_decimal::Decimal;

use super::*;
use crate::{CodeName, Grant, Offer, OfferService, Order, Refusal, Totals, sample};

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
    Request { command: Command::Redeem(order("c", amount, order_id)), key: IdempotencyKey::parse(key).ok() }
}

fn ask(command: Command) -> Request {
    Request { command, key: None }
}

fn rejected(rejection: Rejection<Prior>) -> Decision {
    Decision::Reject(rejection)
}

fn is_granted(decision: &Decision) -> bool {
    matches!(decision, Decision::Apply(Effect::Redeem(_)))
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
fn the_fingerprint_is_what_was_meant() {
    let fingerprint = |request: Request| request.command.fingerprint();
    let mut same = order("c", 50, "o");
    same.order_amount = Decimal::new(5_000, 2);
    assert_eq!(fingerprint(request(50, "other key", "o")), Command::Redeem(same.clone()).fingerprint());
    assert_ne!(fingerprint(request(50, "", "o")), fingerprint(request(50, "", "")));
    assert_ne!(fingerprint(request(50, "", "o")), fingerprint(request(5, "", "o")));
    assert_ne!(
        fingerprint(request(50, "", "o")),
        Command::Reserve { order: same, ttl_seconds: 1 }.fingerprint()
    );
    let (confirm, release) = (Command::Confirm { reservation_id: 1 }, Command::Release { reservation_id: 1 });
    assert_ne!(confirm.fingerprint(), release.fingerprint());
}

#[test]
fn two_copies_in_one_batch_are_one_redemption() {
    let offer = offer(100, 10);
    let mut engine = RedemptionEngine::new(at(&offer, Totals::default()));
    assert!(is_granted(&engine.decide(&request(50, "k", ""))));
    assert_eq!(engine.decide(&request(50, "k", "")), Decision::Replay(Prior::InBatch(0)));
    assert_eq!(engine.decide(&request(60, "k", "")), Decision::Invalid(Invalid::KeyReused));
    assert_eq!(engine.totals().redeemed, 1);
    // A refusal is repeated too, also when it would be granted by now.
    let mut engine = RedemptionEngine::new(at(&offer, Totals { redeemed: 10, ..Totals::default() }));
    assert_eq!(
        engine.decide(&request(50, "k", "")),
        rejected(Rejection::Refused(Refusal::MaxRedemptionsReached))
    );
    assert_eq!(engine.decide(&request(50, "k", "")), Decision::Replay(Prior::InBatch(0)));
}

#[test]
fn an_order_redeems_once() {
    let offer = offer(100, 10);
    let mut engine = RedemptionEngine::new(at(&offer, Totals::default()));
    assert!(is_granted(&engine.decide(&request(50, "a", "o"))));
    assert_eq!(engine.decide(&request(50, "b", "o")), Decision::Replay(Prior::InBatch(0)));
    assert_eq!(
        engine.decide(&request(51, "c", "o")),
        rejected(Rejection::OrderAlreadyRedeemed(Prior::InBatch(0)))
    );
    assert_eq!(
        engine.decide(&ask(Command::Redeem(order("d", 50, "o")))),
        rejected(Rejection::OrderAlreadyRedeemed(Prior::InBatch(0)))
    );
    // What was answered by way of the order is the key's answer from then on.
    assert_eq!(engine.decide(&request(50, "b", "o")), Decision::Replay(Prior::InBatch(1)));
    assert_eq!(engine.totals().redeemed, 1);
}

#[test]
fn an_order_that_was_refused_may_try_again() {
    let offer = offer(5, 10);
    let mut engine = RedemptionEngine::new(at(&offer, Totals::default()));
    assert_eq!(engine.decide(&request(60, "", "o")), rejected(Rejection::Refused(Refusal::BudgetExhausted)));
    assert!(is_granted(&engine.decide(&request(50, "", "o"))));
}

#[test]
fn what_is_on_record_is_answered_before_the_rules_are_asked() {
    let mut paused = offer(100, 10);
    paused.terms.status = crate::OfferStatus::Paused;
    let mut engine = RedemptionEngine::new(at(&paused, Totals::default()));
    engine.load_key("k", &request(50, "", "").command.fingerprint());
    engine.load_order(1, &order("c", 50, "o"));
    assert_eq!(engine.decide(&request(50, "k", "")), Decision::Replay(Prior::Key));
    assert_eq!(engine.decide(&request(50, "", "o")), Decision::Replay(Prior::Redemption(1)));
    assert_eq!(engine.decide(&request(50, "", "")), rejected(Rejection::Refused(Refusal::Paused)));
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
    let mut engine = RedemptionEngine::new(at(&offer, held));
    engine.load_customer_usage("c", 1);
    engine.load_hold(hold(1, "o"));
    engine.load_held_order(1, &order("c", 50, "o"));
    let reserve = Command::Reserve { order: order("c", 50, "o"), ttl_seconds: 60 };
    assert_eq!(engine.decide(&ask(reserve)), Decision::Replay(Prior::Reservation(1)));
    let other = engine.decide(&ask(Command::Redeem(order("d", 50, ""))));
    assert_eq!(other, rejected(Rejection::Refused(Refusal::MaxRedemptionsReached)));
    let confirmed = engine.decide(&ask(Command::Confirm { reservation_id: 1 }));
    let Decision::Apply(Effect::Confirm { grant, .. }) = confirmed else { panic!("the hold is confirmed") };
    assert_eq!(grant.totals, Totals::default().plus(5.into()));
    assert_eq!(engine.customer_usage()["c"], 1);
    for again in [Command::Confirm { reservation_id: 1 }, Command::Release { reservation_id: 1 }] {
        assert_eq!(engine.decide(&ask(again)), rejected(Rejection::ReservationClosed));
    }
    assert_eq!(engine.decide(&request(50, "", "o")), Decision::Replay(Prior::InBatch(2)));
}

#[test]
fn an_expired_hold_is_gone_and_what_it_held_is_there_again() {
    let offer = offer(5, 1);
    let mut engine = RedemptionEngine::new(at(&offer, Totals::default().hold(5.into())));
    engine.load_hold(hold(1, ""));
    engine.expire(&hold(1, ""));
    assert_eq!(
        engine.decide(&ask(Command::Confirm { reservation_id: 1 })),
        rejected(Rejection::ReservationExpired)
    );
    assert!(is_granted(&engine.decide(&request(50, "", ""))));
}

#[test]
fn a_redemption_is_taken_back_once_and_its_order_may_redeem_again() {
    let offer = offer(5, 1);
    let mut engine = RedemptionEngine::new(at(&offer, Totals::default().plus(5.into())));
    let standing = standing(7, order("c", 50, "o"));
    engine.load_redemption(standing.clone());
    engine.load_order(7, &standing.order);
    let reverse = || ask(Command::Reverse { redemption_id: 7, reason: None });
    assert!(matches!(engine.decide(&reverse()), Decision::Apply(Effect::Reverse { .. })));
    assert_eq!(engine.totals(), Totals::default());
    assert_eq!(engine.decide(&reverse()), rejected(Rejection::AlreadyReversed));
    assert!(is_granted(&engine.decide(&request(50, "", "o"))));
    let unknown = ask(Command::Reverse { redemption_id: 8, reason: None });
    assert_eq!(engine.decide(&unknown), Decision::Invalid(Invalid::UnknownRedemption));
}

fn by_code(serial: i64, amount: u32, order_id: &str) -> Request {
    let code = code(serial);
    ask(Command::RedeemCode { order: order("c", amount, order_id), code })
}

fn code(serial: i64) -> CodeName {
    CodeName { serial, prefix: "SUMMER".to_owned(), length: 16, key_id: 0 }
}

#[test]
fn a_code_redeems_once() {
    let offer = offer(100, 10);
    let mut engine = RedemptionEngine::new(at(&offer, Totals::default()));
    engine.load_unused_code(&code(1));
    engine.load_unused_code(&code(2));
    assert!(matches!(engine.decide(&by_code(1, 50, "o")), Decision::Apply(Effect::RedeemCode(_))));
    // The same again is a retry by its order; without one nobody can know that.
    assert_eq!(engine.decide(&by_code(1, 50, "o")), Decision::Replay(Prior::InBatch(0)));
    assert_eq!(engine.decide(&by_code(1, 50, "")), rejected(Rejection::CodeAlreadyUsed(Prior::InBatch(0))));
    assert_eq!(engine.decide(&by_code(1, 50, "p")), rejected(Rejection::CodeAlreadyUsed(Prior::InBatch(0))));
    for other in [by_code(2, 50, "o"), by_code(1, 51, "o")] {
        assert_eq!(engine.decide(&other), rejected(Rejection::OrderAlreadyRedeemed(Prior::InBatch(0))));
    }
    assert!(matches!(engine.decide(&by_code(2, 50, "")), Decision::Apply(Effect::RedeemCode(_))));
    // One that was not issued, or not so.
    assert_eq!(engine.decide(&by_code(3, 50, "")), Decision::Invalid(Invalid::UnknownCode));
    let other_prefix = CodeName { prefix: "WINTER".to_owned(), ..code(1) };
    let other_prefix = Command::RedeemCode { order: order("c", 50, ""), code: other_prefix };
    assert_eq!(engine.decide(&ask(other_prefix)), Decision::Invalid(Invalid::UnknownCode));
    assert_eq!(engine.totals().redeemed, 2);
}

#[test]
fn a_code_is_not_used_up_by_a_refusal_and_comes_back_with_a_reversal() {
    let offer = offer(5, 10);
    let mut engine = RedemptionEngine::new(at(&offer, Totals::default()));
    engine.load_unused_code(&code(1));
    assert_eq!(engine.decide(&by_code(1, 60, "")), rejected(Rejection::Refused(Refusal::BudgetExhausted)));
    assert!(matches!(engine.decide(&by_code(1, 50, "")), Decision::Apply(Effect::RedeemCode(_))));

    let mut engine = RedemptionEngine::new(at(&offer, Totals::default().plus(5.into())));
    let order = order("c", 50, "");
    engine.load_redemption(standing(7, order.clone()));
    engine.load_used_code(&code(1), 7, &order);
    assert_eq!(
        engine.decide(&by_code(1, 50, "")),
        rejected(Rejection::CodeAlreadyUsed(Prior::Redemption(7)))
    );
    let reversed = engine.decide(&ask(Command::Reverse { redemption_id: 7, reason: None }));
    assert!(matches!(reversed, Decision::Apply(Effect::Reverse { .. })));
    assert!(matches!(engine.decide(&by_code(1, 50, "")), Decision::Apply(Effect::RedeemCode(_))));
}

#[test]
fn a_key_of_another_call_is_taken() {
    let offer = offer(100, 10);
    let mut engine = RedemptionEngine::new(at(&offer, Totals::default()));
    engine.load_other_key("k");
    assert_eq!(engine.decide(&request(50, "k", "")), Decision::Invalid(Invalid::KeyReused));
    assert!(is_granted(&engine.decide(&request(50, "l", ""))));
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
        let mut engine = RedemptionEngine::new(at(&offer, Totals::default()));
        let together: Vec<_> = requests.iter().map(|request| engine.decide(request)).collect();

        let mut record = RedemptionEngine::new(at(&offer, Totals::default()));
        for (n, (request, decision)) in requests.iter().zip(&together).enumerate() {
            record.decided = 0;
            let alone = record.decide(request);
            let same = match (&alone, decision) {
                (Decision::Replay(Prior::Key), Decision::Replay(Prior::InBatch(b))) => {
                    request.key == requests[*b].key
                }
                (Decision::Replay(Prior::Redemption(a)), Decision::Replay(Prior::InBatch(b)))
                | (
                    Decision::Reject(Rejection::OrderAlreadyRedeemed(Prior::Redemption(a))),
                    Decision::Reject(Rejection::OrderAlreadyRedeemed(Prior::InBatch(b))),
                ) => usize::try_from(*a) == Ok(*b),
                (alone, together) => alone == together,
            };
            prop_assert!(same, "{n}: {alone:?}, {decision:?}");
            put_on_record(&mut record, n);
        }
        prop_assert_eq!(record.totals(), engine.totals());
        prop_assert!(engine.totals().spent <= Decimal::from(budget) && engine.totals().redeemed <= i64::from(max));
        // One grant an order and a key.
        let granted = || requests.iter().zip(&together).filter(|(_, d)| is_granted(d)).map(|(r, _)| r);
        let orders: Vec<_> = granted().filter_map(|r| r.command.order()?.order_id.clone()).collect();
        prop_assert_eq!(orders.iter().collect::<HashSet<_>>().len(), orders.len());
        let keys: Vec<_> = granted().filter_map(|r| r.key.clone()).collect();
        prop_assert_eq!(keys.iter().collect::<HashSet<_>>().len(), keys.len());
    }
}

/// Makes the request that was decided in a batch of its own, the `n`th, prior state.
fn put_on_record(engine: &mut RedemptionEngine<'_>, n: usize) {
    for (_, prior) in engine.keys.values_mut().filter(|(_, prior)| *prior == Prior::InBatch(0)) {
        *prior = Prior::Key;
    }
    for redeemed in engine.orders.values_mut().filter(|redeemed| redeemed.prior == Prior::InBatch(0)) {
        redeemed.prior = Prior::Redemption(i64::try_from(n).unwrap());
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

    fn engine<'a>(&self, offer: &'a Offer) -> RedemptionEngine<'a> {
        let mut engine = RedemptionEngine::new(at(offer, self.totals));
        for redemption in &self.redemptions {
            engine.load_redemption(redemption.clone());
        }
        for redemption in self.standing() {
            engine.load_order(redemption.id, &redemption.order);
        }
        for hold in &self.holds {
            engine.load_hold(hold.clone());
        }
        for hold in self.open() {
            engine.load_held_order(hold.id, &hold.order);
        }
        (0..4).for_each(|serial| engine.load_unused_code(&code(serial)));
        for (code, redemption) in self.used() {
            engine.load_used_code(code, redemption.id, &redemption.order);
        }
        for customer_id in ["0", "1", "2"] {
            engine.load_customer_usage(customer_id, self.uses(customer_id));
        }
        engine
    }

    fn write(&mut self, request: &Request, decision: Decision) {
        let day = "2026-06-15".parse().unwrap();
        let stand = |id, order, discount| Standing { id, order, discount, day, is_reversed: false };
        let id = i64::try_from(self.redemptions.len()).unwrap();
        let Decision::Apply(effect) = decision else { return };
        match effect {
            Effect::Redeem(grant) => {
                let order = request.command.order().unwrap().clone();
                self.redemptions.push(stand(id, order, grant.discount));
            }
            Effect::RedeemCode(grant) => {
                self.codes.push((request.command.code().unwrap().clone(), id));
                self.redemptions.push(stand(id, request.command.order().unwrap().clone(), grant.discount));
            }
            Effect::Reserve { grant, .. } => {
                let Grant { discount, discount_asked, .. } = grant;
                let (id, order) =
                    (self.holds.len().try_into().unwrap(), request.command.order().unwrap().clone());
                self.holds.push(Hold { id, order, discount, discount_asked, state: HoldState::Open });
            }
            Effect::Confirm { hold, grant } => {
                self.close(&hold, HoldState::Confirmed);
                self.redemptions.push(stand(id, hold.order, grant.discount));
            }
            Effect::Release(hold) => self.close(&hold, HoldState::Released),
            Effect::Reverse { redemption, .. } => {
                self.redemptions[usize::try_from(redemption.id).unwrap()].is_reversed = true;
            }
        }
    }

    fn close(&mut self, hold: &Hold, state: HoldState) {
        self.holds[usize::try_from(hold.id).unwrap()].state = state;
    }
}

fn any_ask() -> impl Strategy<Value = Command> {
    let any_order = (0u32..3, 1u32..400, 0u32..12).prop_map(|(customer, amount, n)| {
        let order_id = if n < 4 { String::new() } else { n.to_string() };
        order(&customer.to_string(), amount, &order_id)
    });
    prop_oneof![
        3 => any_order.clone().prop_map(Command::Redeem),
        3 => (any_order.clone(), 0i64..5).prop_map(|(order, n)| Command::RedeemCode { order, code: code(n) }),
        3 => any_order.prop_map(|order| Command::Reserve { order, ttl_seconds: 60 }),
        2 => (0i64..20).prop_map(|redemption_id| Command::Reverse { redemption_id, reason: None }),
        2 => (0i64..20).prop_map(|reservation_id| Command::Confirm { reservation_id }),
        1 => (0i64..20).prop_map(|reservation_id| Command::Release { reservation_id }),
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
            let mut engine = record.engine(&offer);
            let expired = expires.and_then(|id| record.open().find(|hold| hold.id == id)).cloned();
            if let Some(hold) = &expired {
                engine.expire(hold);
                record.close(hold, HoldState::Expired);
            }
            let request = ask(asked);
            let decision = engine.decide(&request);
            record.write(&request, decision);
            record.totals = engine.totals();

            let spent: Decimal = record.standing().map(|redemption| redemption.discount).sum();
            let held: Decimal = record.open().map(|hold| hold.discount).sum();
            let count = |n: usize| i64::try_from(n).unwrap();
            prop_assert_eq!((record.totals.spent, record.totals.held.discount), (spent, held));
            prop_assert_eq!(record.totals.redeemed, count(record.standing().count()));
            prop_assert_eq!(record.totals.held.redemptions, count(record.open().count()));
            prop_assert!(spent + held <= budget.into() && record.totals.taken() <= max.into());
            for (customer_id, uses) in engine.customer_usage() {
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
