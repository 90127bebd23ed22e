use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::Instant;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use offercast_domain::{
    Ask, Confirmation, Decision, Desk, First, Grant, HoldLimits, HoldState, IdempotencyKey, OfferService,
    Order, Refusal, Totals,
};
use offercast_storage::{
    ChangedIds, ClosedReservation, Counters, Named, NewBatch, NewChanges, NewEntry, NewKey, NewReservation,
    Refused,
};
use rust_decimal::Decimal;

use super::memory::{Facts, Upkeep};
use super::recall::Recall;
use super::{Answer, Asked, Outcome, Redemption, Released, Reserved, Reversed};
use crate::Error;

/// A batch and what was decided about it.
pub(super) struct Sitting<'a> {
    facts: &'a Facts,
    now: DateTime<Utc>,
    today: NaiveDate,
    batch: &'a [Asked],
    recall: &'a Recall,
    decisions: Vec<Decision>,
    /// The place of what each decision writes among all that is written in the same way.
    ordinals: Vec<usize>,
    /// After what is no plain redemption, which is decided and written first.
    changed: Counters,
    after: Counters,
    /// Of the customers whose uses have changed.
    uses: HashMap<String, i64>,
}

/// In which way a decision is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Writes {
    Redemption,
    Entry,
    Reservation,
    Nothing,
}

/// The ids of what was written.
#[derive(Clone, Copy)]
struct Written<'a> {
    redemptions: &'a [i64],
    changed: &'a ChangedIds,
}

/// What an answer says, as it is kept under a key.
#[derive(Clone, Copy)]
struct Told<'a> {
    refusal: Option<&'static str>,
    names: Option<Named>,
    request_id: &'a str,
}

impl<'a> Sitting<'a> {
    /// In the batch, everything else comes before the redemptions.
    pub fn new(
        facts: &'a Facts,
        hold_limits: &HoldLimits,
        now: DateTime<Utc>,
        batch: &'a [Asked],
        recall: &'a Recall,
    ) -> Sitting<'a> {
        let today = facts.offer.terms.zone.day_of(now);
        let totals = facts.counters.totals;
        let service = OfferService { offer: &facts.offer, totals, today };
        let mut desk = Desk::new(service).with_hold_limits(*hold_limits);
        recall.tell(&mut desk);
        let (changes, redemptions) = batch.split_at(batch.partition_point(|asked| !asked.is_redemption()));
        let mut decisions: Vec<_> = changes.iter().map(|asked| desk.decide(&asked.request)).collect();
        let has_changed = recall.expired().next().is_some()
            || decisions.iter().any(|decision| writes(decision) != Writes::Nothing || is_release(decision));
        let terms_version = facts.counters.terms_version + i64::from(has_changed);
        let changed = Counters { totals: desk.totals(), terms_version };
        decisions.extend(redemptions.iter().map(|asked| desk.decide(&asked.request)));
        let after = Counters { totals: desk.totals(), terms_version };
        let uses = desk.uses().iter().filter(|(customer, uses)| recall.uses.get(*customer) != Some(*uses));
        let uses = uses.map(|(customer, uses)| (customer.clone(), *uses)).collect();
        let ordinals = ordinals(&decisions);
        Sitting { facts, now, today, batch, recall, decisions, ordinals, changed, after, uses }
    }

    pub fn offer_id(&self) -> i64 {
        self.facts.offer.id
    }

    pub fn uses(&self) -> &HashMap<String, i64> {
        &self.uses
    }

    /// Whether nothing has to be looked up, for a batch that was decided without: that an order which is accepted stands
    /// already is found in writing it, and of one that is refused it would not be.
    pub fn is_sure_from_memory(&self) -> bool {
        self.batch.iter().zip(&self.decisions).all(|(asked, decision)| {
            let names_an_order = asked.request.ask.order().is_some_and(|order| order.order_id.is_some());
            !(names_an_order && matches!(decision, Decision::Refused(_)))
        })
    }

    /// How the offer stands once the batch is written. `forecast`: that of which a forecast is known since.
    pub fn facts_after(&self, forecast: Option<Upkeep>) -> Facts {
        let forecast = forecast.unwrap_or(self.facts.forecast);
        Facts { offer: self.facts.offer.clone(), counters: self.after, forecast }
    }

    /// What there is to write besides redemptions; None if there is nothing.
    pub fn changes(&self) -> Option<NewChanges<'_>> {
        if self.changed == self.facts.counters {
            return None;
        }
        let decided = || self.batch.iter().zip(&self.decisions);
        Some(NewChanges {
            offer_id: self.offer_id(),
            decided_at: self.now,
            budget: self.facts.offer.terms.budget,
            totals: self.changed.totals,
            entries: decided().filter_map(|(asked, decision)| self.entry(asked, decision)).collect(),
            reserved: decided().filter_map(|(asked, decision)| self.reservation(asked, decision)).collect(),
            closed: self.closed(),
        })
    }

    fn entry<'s>(&'s self, asked: &'s Asked, decision: &'s Decision) -> Option<NewEntry<'s>> {
        match decision {
            Decision::Reversed(reversal) => Some(NewEntry {
                order: &reversal.standing.order,
                discount: -reversal.standing.discount,
                discount_asked: -reversal.standing.discount,
                day: reversal.standing.day,
                reverses: Some(reversal.standing.id),
                reason: asked.request.ask.reason(),
                code_serial: None,
                totals: reversal.totals,
            }),
            Decision::GrantedByCode(grant) => {
                let ask = &asked.request.ask;
                Some(self.redemption_entry(ask.order()?, *grant, ask.code().map(|code| code.serial)))
            }
            Decision::Confirmed(Confirmation { hold, grant }) => {
                Some(self.redemption_entry(&hold.order, *grant, None))
            }
            _ => None,
        }
    }

    fn redemption_entry<'s>(&self, order: &'s Order, grant: Grant, code_serial: Option<i64>) -> NewEntry<'s> {
        NewEntry {
            order,
            discount: grant.discount,
            discount_asked: grant.discount_asked,
            day: self.today,
            reverses: None,
            reason: None,
            code_serial,
            totals: grant.totals,
        }
    }

    fn reservation<'s>(&'s self, asked: &'s Asked, decision: &Decision) -> Option<NewReservation<'s>> {
        match (&asked.request.ask, decision) {
            (Ask::Reserve { order, .. }, Decision::Reserved { grant, ttl_seconds }) => Some(NewReservation {
                order,
                grant: *grant,
                expires_at: self.expiry(*ttl_seconds),
                remaining_budget: self.left_after(grant.totals),
            }),
            _ => None,
        }
    }

    fn expiry(&self, ttl_seconds: u32) -> DateTime<Utc> {
        self.now + TimeDelta::seconds(ttl_seconds.into())
    }

    fn closed(&self) -> Vec<ClosedReservation> {
        let closed = |id, state, entry| ClosedReservation { id, state, entry };
        let expired = self.recall.expired().map(|held| closed(held.hold.id, HoldState::Expired, None));
        let decided = self.decisions.iter().zip(&self.ordinals);
        let asked = decided.filter_map(|(decision, ordinal)| match decision {
            Decision::Confirmed(confirmation) => {
                Some(closed(confirmation.hold.id, HoldState::Confirmed, Some(*ordinal)))
            }
            Decision::Released(hold) => Some(closed(hold.id, HoldState::Released, None)),
            _ => None,
        });
        expired.chain(asked).collect()
    }

    /// `changed`: the ids of what was written before the redemptions; `begun`: when writing begins.
    pub fn to_write(&self, changed: &ChangedIds, begun: Instant) -> NewBatch<'a> {
        let decided = self.batch.iter().zip(&self.decisions);
        let accepted = decided.filter_map(|(asked, decision)| match (&asked.request.ask, decision) {
            (Ask::Redeem(order), Decision::Granted(grant)) => Some((order, *grant)),
            _ => None,
        });
        NewBatch {
            offer_id: self.offer_id(),
            decided_at: self.now,
            day: self.today,
            budget: self.facts.offer.terms.budget,
            counters: self.changed,
            accepted: accepted.collect(),
            totals: self.after.totals,
            refused: self.refused(),
            keys: self.new_keys(changed),
            forecast_in: self.facts.forecast.wanted_in(self.offer_id(), begun),
        }
    }

    fn refused(&self) -> Vec<Refused> {
        let terms = &self.facts.offer.terms;
        let mut reasons: BTreeMap<Refusal, (i64, Decimal)> = BTreeMap::new();
        for (asked, decision) in self.batch.iter().zip(&self.decisions) {
            if let (Decision::Refused(reason), Some(order)) = (decision, asked.request.ask.order()) {
                let (times, discount) = reasons.entry(*reason).or_default();
                *times += 1;
                *discount += terms.discount_of(order.order_amount);
            }
        }
        reasons.into_iter().map(|(reason, (times, discount))| Refused { reason, times, discount }).collect()
    }

    /// What is to be kept under the keys that are new.
    fn new_keys(&self, changed: &ChangedIds) -> Vec<NewKey<'a>> {
        let mut known: HashSet<&str> = self.recall.keys.iter().map(|record| record.key.as_str()).collect();
        let mut keys = Vec::new();
        for (place, asked) in self.batch.iter().enumerate() {
            let key = asked.request.key.as_ref().map(IdempotencyKey::as_str);
            let Some(key) = key.filter(|key| known.insert(key)) else { continue };
            let Some(told) = self.told(place, changed) else { continue };
            keys.push(NewKey {
                key,
                request: asked.request.ask.essence(),
                refusal: told.refusal,
                names: told.names,
                request_id: told.refusal.map(|_| told.request_id),
            });
        }
        keys
    }

    /// None for a mistake, which no key is spent on.
    fn told(&self, place: usize, changed: &ChangedIds) -> Option<Told<'a>> {
        let request_id = self.batch[place].request_id.as_str();
        let ordinal = self.ordinals[place];
        let (refusal, names) = match &self.decisions[place] {
            Decision::Granted(_) => (None, Some(Named::Accepted(ordinal))),
            Decision::Reversed(_) | Decision::Confirmed(_) | Decision::GrantedByCode(_) => {
                (None, Some(Named::Recorded(changed.entries[ordinal])))
            }
            Decision::Reserved { .. } => (None, Some(Named::Reservation(changed.reservations[ordinal]))),
            Decision::Released(hold) => (None, Some(Named::Reservation(hold.id))),
            Decision::OrderTaken(first) => {
                let standing = self.told_first(*first, changed).and_then(|first| first.names);
                (Some(super::ORDER_ALREADY_REDEEMED), standing)
            }
            Decision::CodeUsed(first) => {
                let standing = self.told_first(*first, changed).and_then(|first| first.names);
                (Some(super::CODE_ALREADY_USED), standing)
            }
            Decision::Repeated(first) => return self.told_first(*first, changed),
            Decision::KeyReused | Decision::Unknown => return None,
            refused => (Some(refusal_code(refused)?), None),
        };
        Some(Told { refusal, names, request_id })
    }

    fn told_first(&self, first: First, changed: &ChangedIds) -> Option<Told<'a>> {
        match first {
            First::InBatch(place) => self.told(place, changed),
            First::Recorded(number) => {
                let Answer { outcome, request_id, .. } = &self.recall.answers[number];
                let refusal = outcome.refusal_code();
                Some(Told { refusal, names: outcome.names(), request_id })
            }
        }
    }

    /// `redemptions`: the ids of the accepted, in their order; `changed`: of what was written before.
    pub fn answers(&self, redemptions: &[i64], changed: &ChangedIds) -> Vec<Result<Answer, Error>> {
        let written = Written { redemptions, changed };
        let mut answers = Vec::with_capacity(self.batch.len());
        for place in 0..self.batch.len() {
            let answer = self.answer(place, &answers, written);
            answers.push(answer);
        }
        answers
    }

    fn answer(
        &self,
        place: usize,
        before: &[Result<Answer, Error>],
        written: Written<'_>,
    ) -> Result<Answer, Error> {
        let asked = &self.batch[place];
        let ordinal = self.ordinals[place];
        let outcome = match &self.decisions[place] {
            Decision::Granted(grant) => self.redeemed(written.redemptions[ordinal], *grant),
            Decision::GrantedByCode(grant) => self.redeemed(written.changed.entries[ordinal], *grant),
            Decision::Confirmed(confirmation) => {
                self.redeemed(written.changed.entries[ordinal], confirmation.grant)
            }
            Decision::Reversed(reversal) => Outcome::Reversed(Reversed {
                id: written.changed.entries[ordinal],
                redemption_id: reversal.standing.id,
                offer_id: self.offer_id(),
                total_redemptions: reversal.totals.redeemed,
                remaining_budget: self.left_after(reversal.totals),
            }),
            Decision::Reserved { grant, ttl_seconds } => Outcome::Reserved(Reserved {
                id: written.changed.reservations[ordinal],
                offer_id: self.offer_id(),
                currency: self.facts.offer.terms.currency,
                discount: grant.discount,
                discount_asked: grant.discount_asked,
                expires_at: self.expiry(*ttl_seconds),
                remaining_budget: self.left_after(grant.totals),
            }),
            Decision::Released(hold) => Outcome::Released(Released::new(&self.facts.offer, hold)),
            Decision::Refused(refusal) => Outcome::Refused(*refusal),
            Decision::AlreadyReversed => Outcome::AlreadyReversed,
            Decision::HoldExpired => Outcome::ReservationExpired,
            Decision::HoldClosed => Outcome::ReservationClosed,
            Decision::OrderTaken(first) => {
                let standing = self.first(before, *first)?.outcome.redemption_id();
                Outcome::OrderTaken { redemption_id: standing.expect("an order is taken by a redemption") }
            }
            Decision::CodeUsed(first) => {
                let standing = self.first(before, *first)?.outcome.redemption_id();
                Outcome::CodeUsed { redemption_id: standing.expect("a code is used by a redemption") }
            }
            Decision::Repeated(first) => {
                return Ok(Answer { is_replay: true, ..self.first(before, *first)? });
            }
            Decision::KeyReused => return Err(Error::KeyReused),
            Decision::Unknown => return Err(not_found(&asked.request.ask)),
        };
        Ok(Answer { outcome, request_id: asked.request_id.clone(), is_replay: false })
    }

    fn redeemed(&self, id: i64, grant: Grant) -> Outcome {
        let after = OfferService { offer: &self.facts.offer, totals: grant.totals, today: self.today };
        Outcome::Redeemed(Redemption::new(id, &after, grant))
    }

    fn left_after(&self, totals: Totals) -> Option<Decimal> {
        self.facts.offer.terms.budget.map(|budget| totals.left_of(budget))
    }

    fn first(&self, answers: &[Result<Answer, Error>], first: First) -> Result<Answer, Error> {
        match first {
            First::Recorded(number) => Ok(self.recall.answers[number].clone()),
            First::InBatch(place) => answers[place].clone(),
        }
    }
}

fn not_found(ask: &Ask) -> Error {
    match ask {
        Ask::RedeemCode { .. } => Error::CodeNotFound,
        Ask::Reverse { .. } => Error::RedemptionNotFound,
        _ => Error::ReservationNotFound,
    }
}

fn writes(decision: &Decision) -> Writes {
    match decision {
        Decision::Granted(_) => Writes::Redemption,
        Decision::Reversed(_) | Decision::Confirmed(_) | Decision::GrantedByCode(_) => Writes::Entry,
        Decision::Reserved { .. } => Writes::Reservation,
        _ => Writes::Nothing,
    }
}

fn is_release(decision: &Decision) -> bool {
    matches!(decision, Decision::Released(_))
}

fn ordinals(decisions: &[Decision]) -> Vec<usize> {
    let mut counts = [0; 4];
    let ordinal = |decision| {
        let count = &mut counts[writes(decision) as usize];
        *count += 1;
        *count - 1
    };
    decisions.iter().map(ordinal).collect()
}

fn refusal_code(decision: &Decision) -> Option<&'static str> {
    match decision {
        Decision::Refused(refusal) => Some(refusal.code()),
        Decision::AlreadyReversed => Some(super::ALREADY_REVERSED),
        Decision::HoldExpired => Some(super::RESERVATION_EXPIRED),
        Decision::HoldClosed => Some(super::RESERVATION_CLOSED),
        _ => None,
    }
}
