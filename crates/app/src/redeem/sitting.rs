use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use offercast_domain::{Decision, Desk, First, IdempotencyKey, OfferService, Refusal};
use offercast_storage::{Counters, Named, NewBatch, NewKey, Refused};
use rust_decimal::Decimal;

use super::memory::Facts;
use super::recall::Recall;
use super::{Answer, Asked, ORDER_ALREADY_REDEEMED, Outcome, Redemption};
use crate::Error;

/// A batch and what was decided about it.
pub(super) struct Sitting<'a> {
    facts: &'a Facts,
    now: DateTime<Utc>,
    today: NaiveDate,
    batch: &'a [Asked],
    recall: &'a Recall,
    decisions: Vec<Decision>,
    /// How many were accepted before each request.
    accepted_before: Vec<usize>,
    after: Counters,
}

/// What an answer says, as it is kept under a key.
#[derive(Clone, Copy)]
struct Told<'a> {
    refusal: Option<&'static str>,
    names: Option<Named>,
    request_id: &'a str,
}

impl<'a> Sitting<'a> {
    pub fn new(facts: &'a Facts, now: DateTime<Utc>, batch: &'a [Asked], recall: &'a Recall) -> Sitting<'a> {
        let today = facts.offer.terms.zone.day_of(now);
        let totals = facts.counters.totals;
        let mut desk = Desk::new(OfferService { offer: &facts.offer, totals, today });
        recall.tell(&mut desk);
        let decisions: Vec<_> = batch.iter().map(|asked| desk.decide(&asked.request)).collect();
        let after = Counters { totals: desk.totals(), ..facts.counters };
        let accepted_before = decisions.iter().scan(0, |accepted, decision| {
            let before = *accepted;
            *accepted += usize::from(matches!(decision, Decision::Granted(_)));
            Some(before)
        });
        let accepted_before = accepted_before.collect();
        Sitting { facts, now, today, batch, recall, decisions, accepted_before, after }
    }

    /// How the offer stands once the batch is written.
    pub fn facts_after(&self) -> Facts {
        Facts { offer: self.facts.offer.clone(), counters: self.after }
    }

    pub fn to_write(&self) -> NewBatch<'a> {
        let decided = self.batch.iter().zip(&self.decisions);
        let accepted = decided.filter_map(|(asked, decision)| match decision {
            Decision::Granted(grant) => Some((&asked.request.order, *grant)),
            _ => None,
        });
        NewBatch {
            offer_id: self.facts.offer.id,
            decided_at: self.now,
            day: self.today,
            budget: self.facts.offer.terms.budget,
            counters: self.facts.counters,
            accepted: accepted.collect(),
            totals: self.after.totals,
            refused: self.refused(),
            keys: self.new_keys(),
        }
    }

    fn refused(&self) -> Vec<Refused> {
        let terms = &self.facts.offer.terms;
        let mut reasons: BTreeMap<Refusal, (i64, Decimal)> = BTreeMap::new();
        for (asked, decision) in self.batch.iter().zip(&self.decisions) {
            if let Decision::Refused(reason) = decision {
                let (times, discount) = reasons.entry(*reason).or_default();
                *times += 1;
                *discount += terms.discount_of(asked.request.order.order_amount);
            }
        }
        reasons.into_iter().map(|(reason, (times, discount))| Refused { reason, times, discount }).collect()
    }

    /// What is to be kept under the keys that are new.
    fn new_keys(&self) -> Vec<NewKey<'a>> {
        let mut known: HashSet<&str> = self.recall.keys.iter().map(|record| record.key.as_str()).collect();
        let mut keys = Vec::new();
        for (place, asked) in self.batch.iter().enumerate() {
            let key = asked.request.key.as_ref().map(IdempotencyKey::as_str);
            let Some(key) = key.filter(|key| known.insert(key)) else { continue };
            let Some(told) = self.told(place) else { continue };
            keys.push(NewKey {
                key,
                request: asked.request.essence(),
                refusal: told.refusal,
                names: told.names,
                request_id: told.refusal.map(|_| told.request_id),
            });
        }
        keys
    }

    /// None for a mistake, which no key is spent on.
    fn told(&self, place: usize) -> Option<Told<'a>> {
        let request_id = self.batch[place].request_id.as_str();
        let told = |refusal, names| Some(Told { refusal, names, request_id });
        match self.decisions[place] {
            Decision::Granted(_) => told(None, Some(Named::Accepted(self.accepted_before[place]))),
            Decision::Refused(refusal) => told(Some(refusal.code()), None),
            Decision::OrderTaken(first) => {
                told(Some(ORDER_ALREADY_REDEEMED), self.told_first(first).and_then(|first| first.names))
            }
            Decision::Repeated(first) => self.told_first(first),
            Decision::KeyReused => None,
        }
    }

    fn told_first(&self, first: First) -> Option<Told<'a>> {
        match first {
            First::InBatch(place) => self.told(place),
            First::Recorded(number) => {
                let Answer { outcome, request_id, .. } = &self.recall.answers[number];
                let names = outcome.redemption_id().map(Named::Recorded);
                Some(Told { refusal: outcome.refusal_code(), names, request_id })
            }
        }
    }

    /// `ids` of the accepted, in their order.
    pub fn answers(&self, ids: &[i64]) -> Vec<Result<Answer, Error>> {
        let mut ids = ids.iter();
        let mut answers = Vec::with_capacity(self.batch.len());
        for (decision, asked) in self.decisions.iter().zip(self.batch) {
            let answer = self.answer(decision, asked, &answers, &mut ids);
            answers.push(answer);
        }
        answers
    }

    fn answer<'i>(
        &self,
        decision: &Decision,
        asked: &Asked,
        before: &[Result<Answer, Error>],
        ids: &mut impl Iterator<Item = &'i i64>,
    ) -> Result<Answer, Error> {
        let outcome = match decision {
            Decision::Granted(grant) => {
                let id = *ids.next().expect("the database gives one id a row");
                let after =
                    OfferService { offer: &self.facts.offer, totals: grant.totals, today: self.today };
                Outcome::Redeemed(Redemption::new(id, &after, *grant, self.now))
            }
            Decision::Refused(refusal) => Outcome::Refused(*refusal),
            Decision::OrderTaken(first) => {
                let standing = self.first(before, *first)?.outcome.redemption_id();
                Outcome::OrderTaken { redemption_id: standing.expect("an order is taken by a redemption") }
            }
            Decision::Repeated(first) => {
                return Ok(Answer { is_replay: true, ..self.first(before, *first)? });
            }
            Decision::KeyReused => return Err(Error::KeyReused),
        };
        Ok(Answer { outcome, request_id: asked.request_id.clone(), is_replay: false })
    }

    fn first(&self, answers: &[Result<Answer, Error>], first: First) -> Result<Answer, Error> {
        match first {
            First::Recorded(number) => Ok(self.recall.answers[number].clone()),
            First::InBatch(place) => answers[place].clone(),
        }
    }
}
