use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use offercast_domain::redemption::{Command, Decision, Effect, Invalid, Prior, RedemptionEngine, Rejection};
use offercast_domain::{Grant, HoldLimits, OfferService, Totals};
use offercast_storage::redemption::WrittenIds;
use offercast_storage::redemption::commit_batch::Counters;
use rust_decimal::Decimal;

use super::PendingCommand;
use super::forecast_throttle::ForecastThrottle;
use super::offer_cache::OfferSnapshot;
use super::prior_state::PriorState;
use super::response::{Outcome, Redemption, Released, Reserved, Response, Reversal};
use crate::{Error, StorageError};

/// A batch of one offer with a decision for each request.
pub(super) struct BatchDecision<'a> {
    pub(super) snapshot: &'a OfferSnapshot,
    pub(super) now: DateTime<Utc>,
    pub(super) today: NaiveDate,
    pub(super) batch: &'a [PendingCommand],
    pub(super) prior: &'a PriorState,
    pub(super) decisions: Vec<Decision>,
    /// After the changes, which are decided and written before the plain redemptions.
    pub(super) after_changes: Counters,
    pub(super) after: Counters,
    /// New usage of the customers whose usage has changed.
    pub(super) customer_usage: HashMap<String, i64>,
}

impl<'a> BatchDecision<'a> {
    /// The batch must have its plain redemptions last.
    pub fn new(
        snapshot: &'a OfferSnapshot,
        hold_limits: &HoldLimits,
        now: DateTime<Utc>,
        batch: &'a [PendingCommand],
        prior: &'a PriorState,
    ) -> BatchDecision<'a> {
        let today = snapshot.offer.terms.zone.day_of(now);
        let service = OfferService { offer: &snapshot.offer, totals: snapshot.counters.totals, today };
        // The scope of the caller is checked here, where the offer of a code is known for certain.
        let decide = |engine: &mut RedemptionEngine<'_>, pending: &PendingCommand| match pending
            .caller
            .principal
            .offers()
            .contains(snapshot.offer.id)
        {
            true => engine.decide(&pending.request),
            false => Decision::Invalid(Invalid::UnknownOffer),
        };
        let mut engine = RedemptionEngine::new(service).with_hold_limits(*hold_limits);
        prior.load(&mut engine);
        let (changes, redemptions) =
            batch.split_at(batch.partition_point(|pending| !pending.is_plain_redemption()));
        let mut decisions: Vec<_> = changes.iter().map(|pending| decide(&mut engine, pending)).collect();
        let has_changes = prior.expired_reservations().next().is_some()
            || decisions.iter().any(|decision| matches!(decision, Decision::Apply(_)));
        let terms_version = snapshot.counters.terms_version + i64::from(has_changes);
        let after_changes = Counters { totals: engine.totals(), terms_version };
        decisions.extend(redemptions.iter().map(|pending| decide(&mut engine, pending)));
        let after = Counters { totals: engine.totals(), terms_version };
        let has_changed = |(customer, uses): &(&String, &i64)| prior.customer_usage(customer) != Some(**uses);
        let usage = engine.customer_usage().iter().filter(has_changed);
        let customer_usage = usage.map(|(customer, uses)| (customer.clone(), *uses)).collect();
        BatchDecision { snapshot, now, today, batch, prior, decisions, after_changes, after, customer_usage }
    }

    pub fn offer_id(&self) -> i64 {
        self.snapshot.offer.id
    }

    /// Whether a batch that was decided without prior state may be committed. If an accepted order or a key exists
    /// already, the statement fails on a unique key. A refused order writes no row that could fail, so it must be
    /// looked up.
    ///
    /// `has_former_keys`: a key may be stored without its owner, where it does not make the statement fail.
    pub fn is_safe_without_prior_state(&self, has_former_keys: bool) -> bool {
        if has_former_keys && self.batch.iter().any(|pending| pending.request.key.is_some()) {
            return false;
        }
        self.batch.iter().zip(&self.decisions).all(|(pending, decision)| {
            let has_order_id = pending.request.command.order().is_some_and(|order| order.order_id.is_some());
            !(has_order_id && matches!(decision, Decision::Reject(Rejection::Refused(_))))
        })
    }

    /// The offer after the batch. `forecast`: the forecast job that was written with it.
    pub fn snapshot_after(&self, forecast: Option<ForecastThrottle>) -> OfferSnapshot {
        let forecast = forecast.unwrap_or(self.snapshot.forecast);
        OfferSnapshot { offer: self.snapshot.offer.clone(), counters: self.after, forecast }
    }

    /// Responses to all requests, in their order. `written`: the ids of the new rows.
    pub fn responses(&self, written: &WrittenIds) -> Vec<Result<Response, Error>> {
        let mut responses = Vec::with_capacity(self.batch.len());
        for position in 0..self.batch.len() {
            let response = self.response(position, &responses, written);
            responses.push(response);
        }
        responses
    }

    fn response(
        &self,
        position: usize,
        before: &[Result<Response, Error>],
        written: &WrittenIds,
    ) -> Result<Response, Error> {
        let outcome = match &self.decisions[position] {
            Decision::Apply(effect) => self.outcome(effect, written.get(position))?,
            Decision::Reject(rejection) => Outcome::Rejected(rejection.try_map(|prior| {
                let redemption_id = self.prior_response(position, prior, before)?.outcome.redemption_id();
                redemption_id.ok_or_else(|| missing("the redemption of a rejected order or code"))
            })?),
            Decision::Replay(prior) => {
                return Ok(Response { is_replay: true, ..self.prior_response(position, *prior, before)? });
            }
            Decision::Invalid(mistake) => return Err(invalid(*mistake)),
        };
        let request_id = self.batch[position].caller.request_id.clone();
        Ok(Response { outcome, request_id, is_replay: false })
    }

    /// `id`: the row that the effect has inserted, if it inserts one.
    fn outcome(&self, effect: &Effect, id: Option<i64>) -> Result<Outcome, Error> {
        let new_id = || id.ok_or_else(|| missing("the id of a new row"));
        Ok(match effect {
            Effect::Redeem(grant) | Effect::RedeemCode(grant) | Effect::Confirm { grant, .. } => {
                self.redeemed(new_id()?, *grant)
            }
            Effect::Reverse { redemption, totals } => Outcome::Reversed(Reversal {
                id: new_id()?,
                redemption_id: redemption.id,
                offer_id: self.offer_id(),
                total_redemptions: totals.redeemed,
                remaining_budget: self.remaining_budget(*totals),
            }),
            Effect::Reserve { grant, ttl_seconds } => Outcome::Reserved(Reserved {
                id: new_id()?,
                offer_id: self.offer_id(),
                currency: self.snapshot.offer.terms.currency,
                discount: grant.discount,
                discount_asked: grant.discount_asked,
                expires_at: self.expires_at(*ttl_seconds),
                remaining_budget: self.remaining_budget(grant.totals),
            }),
            Effect::Release(hold) => Outcome::Released(Released::new(&self.snapshot.offer, hold)),
        })
    }

    fn prior_response(
        &self,
        position: usize,
        prior: Prior,
        before: &[Result<Response, Error>],
    ) -> Result<Response, Error> {
        match prior {
            Prior::InBatch(position) => before[position].clone(),
            prior => {
                let response = self.prior.response(prior, &self.batch[position].request);
                response.cloned().ok_or_else(|| missing("an earlier response"))
            }
        }
    }

    fn redeemed(&self, id: i64, grant: Grant) -> Outcome {
        let after = OfferService { offer: &self.snapshot.offer, totals: grant.totals, today: self.today };
        Outcome::Redeemed(Redemption::new(id, &after, grant))
    }

    pub(super) fn expires_at(&self, ttl_seconds: u32) -> DateTime<Utc> {
        self.now + TimeDelta::seconds(ttl_seconds.into())
    }

    pub(super) fn remaining_budget(&self, totals: Totals) -> Option<Decimal> {
        self.snapshot.offer.terms.budget.map(|budget| totals.left_of(budget))
    }

    /// The commands with their decisions, by position in the batch.
    pub(super) fn decided(&self) -> impl Iterator<Item = (usize, &'a Command, &Decision)> {
        let commands = self.batch.iter().map(|pending| &pending.request.command);
        commands
            .zip(&self.decisions)
            .enumerate()
            .map(|(position, (command, decision))| (position, command, decision))
    }
}

fn invalid(mistake: Invalid) -> Error {
    match mistake {
        Invalid::KeyReused => Error::KeyReused,
        Invalid::UnknownOffer => Error::OfferNotFound,
        Invalid::UnknownRedemption => Error::RedemptionNotFound,
        Invalid::UnknownReservation => Error::ReservationNotFound,
        Invalid::UnknownCode => Error::CodeNotFound,
    }
}

/// The error for a row that the response needs and that was not read. It would be a defect of ours; what is written is
/// correct.
fn missing(what: &str) -> Error {
    StorageError::Unreadable(format!("{what} is missing")).into()
}
