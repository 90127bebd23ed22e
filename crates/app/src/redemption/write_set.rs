//! The rows that a decided batch writes. Each [`Effect`] is turned into rows once and in one place,
//! [`BatchDecision::rows`].

use std::collections::{BTreeMap, HashSet};
use std::time::Instant;

use offercast_domain::redemption::{Command, Decision, Effect, HoldState, IdempotencyKey, Prior, Rejection};
use offercast_domain::{Grant, Order, Refusal};
use offercast_storage::redemption::WrittenIds;
use offercast_storage::redemption::commit_batch::{NewBatch, NewKey, NewRedemption, RefusedCount, StoredRow};
use offercast_storage::redemption::commit_changes::{
    ClosedReservation, NewChanges, NewEntry, NewReservation,
};
use rust_decimal::Decimal;

use super::batch_decision::BatchDecision;

/// What one effect writes.
#[derive(Default)]
struct EffectRows<'a> {
    redemption: Option<NewRedemption<'a>>,
    entry: Option<NewEntry<'a>>,
    reservation: Option<NewReservation<'a>>,
    closed: Option<ClosedReservation>,
}

/// What the effects of a batch write.
pub(super) struct WriteSet<'a> {
    /// The changes other than plain redemptions, including reservations that have expired. `None` if there are none.
    pub changes: Option<NewChanges<'a>>,
    /// The plain redemptions.
    pub redemptions: Vec<NewRedemption<'a>>,
}

/// A response as it is stored under an idempotency key.
#[derive(Clone, Copy)]
struct StoredResult<'a> {
    refusal: Option<&'static str>,
    row: Option<StoredRow>,
    request_id: &'a str,
}

impl<'a> BatchDecision<'a> {
    fn rows<'s>(&'s self, position: usize, command: &'s Command, effect: &'s Effect) -> EffectRows<'s> {
        let none = EffectRows::default();
        let closed = |id, state, confirmed_by| Some(ClosedReservation { id, state, confirmed_by });
        match (effect, command.order()) {
            (Effect::Redeem(grant), Some(order)) => EffectRows {
                redemption: Some(NewRedemption {
                    position,
                    order,
                    grant: *grant,
                    actor: self.actor(position),
                }),
                ..none
            },
            (Effect::RedeemCode(grant), Some(order)) => {
                let code_serial = command.code().map(|code| code.serial);
                EffectRows {
                    entry: Some(self.redemption_entry(position, order, *grant, code_serial)),
                    ..none
                }
            }
            (Effect::Reserve { grant, ttl_seconds }, Some(order)) => {
                let (expires_at, remaining_budget) =
                    (self.expires_at(*ttl_seconds), self.remaining_budget(grant.totals));
                let new = NewReservation {
                    position,
                    actor: self.actor(position),
                    order,
                    grant: *grant,
                    expires_at,
                    remaining_budget,
                };
                EffectRows { reservation: Some(new), ..none }
            }
            (Effect::Confirm { hold, grant }, _) => EffectRows {
                entry: Some(self.redemption_entry(position, &hold.order, *grant, None)),
                closed: closed(hold.id, HoldState::Confirmed, Some(position)),
                ..none
            },
            (Effect::Release(hold), _) => {
                EffectRows { closed: closed(hold.id, HoldState::Released, None), ..none }
            }
            (Effect::Reverse { redemption, totals }, _) => {
                let entry = NewEntry {
                    position,
                    order: &redemption.order,
                    discount: -redemption.discount,
                    discount_asked: -redemption.discount,
                    day: redemption.day,
                    reverses: Some(redemption.id),
                    reason: command.reason(),
                    code_serial: None,
                    totals: *totals,
                    actor: self.actor(position),
                };
                EffectRows { entry: Some(entry), ..none }
            }
            // Only commands with an order have these effects.
            (Effect::Redeem(_) | Effect::RedeemCode(_) | Effect::Reserve { .. }, None) => none,
        }
    }

    /// Who made a request.
    fn actor(&self, position: usize) -> &str {
        self.batch[position].caller.principal.owner()
    }

    fn redemption_entry<'s>(
        &'s self,
        position: usize,
        order: &'s Order,
        grant: Grant,
        code_serial: Option<i64>,
    ) -> NewEntry<'s> {
        NewEntry {
            position,
            order,
            discount: grant.discount,
            discount_asked: grant.discount_asked,
            day: self.today,
            reverses: None,
            reason: None,
            code_serial,
            totals: grant.totals,
            actor: self.actor(position),
        }
    }

    pub fn write_set(&self) -> WriteSet<'_> {
        let mut changes = self.expiries();
        let mut redemptions = Vec::new();
        for (position, command, decision) in self.decided() {
            if let Decision::Apply(effect) = decision {
                let rows = self.rows(position, command, effect);
                redemptions.extend(rows.redemption);
                changes.entries.extend(rows.entry);
                changes.reservations.extend(rows.reservation);
                changes.closed.extend(rows.closed);
            }
        }
        let has_changes = self.after_changes != self.snapshot.counters;
        WriteSet { changes: has_changes.then_some(changes), redemptions }
    }

    /// The reservations that have expired, as the first changes.
    fn expiries(&self) -> NewChanges<'_> {
        let expired = self.prior.expired_reservations().map(|reservation| ClosedReservation {
            id: reservation.hold.id,
            state: HoldState::Expired,
            confirmed_by: None,
        });
        NewChanges {
            offer_id: self.offer_id(),
            decided_at: self.now,
            budget: self.snapshot.offer.terms.budget,
            totals: self.after_changes.totals,
            entries: Vec::new(),
            reservations: Vec::new(),
            closed: expired.collect(),
        }
    }

    /// The plain redemptions with refusals and idempotency keys. `changes`: the ids of the rows that the changes have
    /// inserted; `start`: when writing starts.
    pub fn new_batch<'s>(
        &'s self,
        redemptions: Vec<NewRedemption<'s>>,
        changes: &WrittenIds,
        start: Instant,
    ) -> NewBatch<'s> {
        NewBatch {
            offer_id: self.offer_id(),
            decided_at: self.now,
            day: self.today,
            budget: self.snapshot.offer.terms.budget,
            counters: self.after_changes,
            redemptions,
            totals: self.after.totals,
            refused: self.refused(),
            keys: self.new_keys(changes),
            forecast_in: self.snapshot.forecast.next_in(self.offer_id(), start),
        }
    }

    fn refused(&self) -> Vec<RefusedCount> {
        let terms = &self.snapshot.offer.terms;
        let mut reasons: BTreeMap<Refusal, (i64, Decimal)> = BTreeMap::new();
        for (_, command, decision) in self.decided() {
            if let (Decision::Reject(Rejection::Refused(reason)), Some(order)) = (decision, command.order()) {
                let (times, discount) = reasons.entry(*reason).or_default();
                *times += 1;
                *discount += terms.discount_of(order.order_amount);
            }
        }
        let count = |(reason, (times, discount))| RefusedCount { reason, times, discount };
        reasons.into_iter().map(count).collect()
    }

    /// The responses to store under keys that have none.
    fn new_keys(&self, changes: &WrittenIds) -> Vec<NewKey<'_>> {
        let mut stored = HashSet::new();
        let mut keys = Vec::new();
        for (position, pending) in self.batch.iter().enumerate() {
            let key = pending.request.key.as_ref().map(IdempotencyKey::as_str);
            let Some(key) = key.filter(|key| !self.prior.has_key(key) && stored.insert(*key)) else {
                continue;
            };
            let Some(result) = self.stored_result(position, changes) else {
                continue;
            };
            keys.push(NewKey {
                key,
                fingerprint: pending.request.command.fingerprint(),
                refusal: result.refusal,
                row: result.row,
                request_id: result.refusal.map(|_| result.request_id),
            });
        }
        keys
    }

    /// `None` for a client's mistake, which is not stored.
    fn stored_result(&self, position: usize, changes: &WrittenIds) -> Option<StoredResult<'_>> {
        let request_id = self.batch[position].caller.request_id.as_str();
        match &self.decisions[position] {
            Decision::Apply(effect) => {
                let row = effect_row(effect, position, changes);
                Some(StoredResult { refusal: None, row, request_id })
            }
            Decision::Reject(rejection) => {
                let prior =
                    rejection.redemption().and_then(|prior| self.prior_result(position, prior, changes));
                let row = prior.and_then(|prior| prior.row);
                Some(StoredResult { refusal: Some(rejection.code()), row, request_id })
            }
            Decision::Replay(prior) => self.prior_result(position, *prior, changes),
            Decision::Invalid(_) => None,
        }
    }

    fn prior_result(&self, position: usize, prior: Prior, changes: &WrittenIds) -> Option<StoredResult<'_>> {
        if let Prior::InBatch(position) = prior {
            return self.stored_result(position, changes);
        }
        let response = self.prior.response(prior, &self.batch[position].request)?;
        let (refusal, row) = (response.outcome.rejection_code(), response.outcome.stored_row());
        Some(StoredResult { refusal, row, request_id: &response.request_id })
    }
}

/// The row from which the response to an effect can be rebuilt. Plain redemptions have no id yet.
fn effect_row(effect: &Effect, position: usize, changes: &WrittenIds) -> Option<StoredRow> {
    match effect {
        Effect::Redeem(_) => Some(StoredRow::InBatch(position)),
        Effect::RedeemCode(_) | Effect::Confirm { .. } | Effect::Reverse { .. } => {
            changes.get(position).map(StoredRow::LedgerEntry)
        }
        Effect::Reserve { .. } => changes.get(position).map(StoredRow::Reservation),
        Effect::Release(hold) => Some(StoredRow::Reservation(hold.id)),
    }
}
