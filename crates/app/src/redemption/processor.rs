use std::collections::HashSet;
use std::sync::Arc;
use std::time::Instant;

use offercast_domain::redemption::{Command, Request};
use offercast_domain::{HoldLimits, OfferRef};
use offercast_storage::redemption::WrittenIds;
use offercast_storage::redemption::commit_batch::{
    self, BatchResult, FORECAST_MARGIN, NewBatch, WrittenBatch,
};
use offercast_storage::redemption::commit_changes::{self, NewChanges};
use offercast_storage::{Tx, customer_usage, offers};

use super::Response;
use super::batch_decision::BatchDecision;
use super::forecast_throttle::ForecastThrottle;
use super::former_keys::FormerKeys;
use super::in_doubt::{self, InDoubt};
use super::offer_cache::{OfferCache, OfferSnapshot};
use super::prior_state::PriorState;
use super::write_set::WriteSet;
use crate::access::Caller;
use crate::batching::metrics::{Path, batch_processed};
use crate::batching::{BatchProcessor, Drain};
use crate::live::ChangeNotifier;
use crate::{Clock, Error, Pool, StorageError, forecast_jobs};

/// A command that waits in the queue of its offer.
pub(crate) struct PendingCommand {
    pub request: Request,
    pub caller: Caller,
}

impl PendingCommand {
    pub fn is_plain_redemption(&self) -> bool {
        matches!(self.request.command, Command::Redeem(_))
    }
}

/// A batch to process with the counters of its offer locked.
#[derive(Default)]
pub(crate) struct Retry {
    pub(super) batch: Vec<PendingCommand>,
    pub(super) in_doubt: Option<InDoubt>,
}

impl From<Vec<PendingCommand>> for Retry {
    fn from(batch: Vec<PendingCommand>) -> Self {
        Retry { batch, in_doubt: None }
    }
}

/// Redeems batches in one of two ways. Combined: several offers are decided from the cache, and one statement writes
/// those whose counters are unchanged. Exclusive: one offer is read and decided with its counters locked.
pub(crate) struct RedemptionProcessor {
    pub pool: Pool,
    pub clock: Clock,
    pub cache: OfferCache,
    pub notifier: ChangeNotifier,
    pub hold_limits: HoldLimits,
    pub former_keys: FormerKeys,
}

type Responses = Vec<Result<Response, Error>>;

impl BatchProcessor for RedemptionProcessor {
    type Key = OfferRef;
    type Request = PendingCommand;
    type Response = Result<Response, Error>;
    type Retry = Retry;

    fn can_combine(&self, offer: &OfferRef) -> bool {
        self.cache.get_if_sole_user(offer).is_some_and(|snapshot| snapshot.can_combine())
    }

    /// An offer may have two queues, one for its id and one for its code. Only one of them is combined.
    async fn process_combined(
        &self,
        batches: Vec<(OfferRef, Vec<PendingCommand>)>,
    ) -> Vec<Result<Responses, Retry>> {
        let mut items = Vec::with_capacity(batches.len());
        let mut results = Vec::with_capacity(batches.len());
        let mut offers = HashSet::new();
        for (index, (offer, batch)) in batches.into_iter().enumerate() {
            let snapshot = self.cache.get_if_sole_user(&offer).filter(OfferSnapshot::can_combine);
            let is_plain = batch.iter().all(PendingCommand::is_plain_redemption);
            match snapshot.filter(|snapshot| is_plain && offers.insert(snapshot.offer.id)) {
                Some(snapshot) => items.push((index, CombinedItem { offer, snapshot, batch })),
                None => results.push((index, Err(batch.into()))),
            }
        }
        let (indexes, items): (Vec<_>, Vec<_>) = items.into_iter().unzip();
        results.extend(indexes.into_iter().zip(self.redeem_combined(items).await));
        in_order(results)
    }

    /// Requests that arrive while the lock is waited for join the batch, unless it is in doubt. An error is the
    /// response to every request of the batch.
    async fn process_exclusive(
        &self,
        offer: &OfferRef,
        retry: Retry,
        drain: impl Drain<PendingCommand>,
    ) -> Responses {
        let Retry { mut batch, in_doubt } = retry;
        let locked = self.lock(offer).await;
        if in_doubt.is_none() {
            batch.extend(drain());
        }
        if batch.is_empty() {
            return Vec::new();
        }
        let (indexes, batch) = plain_redemptions_last(batch);
        let result = match locked {
            Ok(locked) => self.redeem_locked(locked, offer, &batch, in_doubt.as_ref()).await,
            Err(error) => Err(error),
        };
        let responses = result.unwrap_or_else(|error| {
            self.cache.remove(offer);
            // An error while resolving a doubt must not be reported as "nothing was changed".
            let error = in_doubt.map_or(error, |doubt| Error::OutcomeUnknown(doubt.cause));
            failed(&batch, &error)
        });
        in_order(indexes.into_iter().zip(responses).collect())
    }
}

/// The batch of one offer in a combined batch.
pub(super) struct CombinedItem {
    pub offer: OfferRef,
    pub snapshot: OfferSnapshot,
    pub batch: Vec<PendingCommand>,
}

/// An offer whose counters are locked.
struct LockedOffer {
    tx: Tx,
    /// A moment before the transaction started: SQL's `now()` is the start of the transaction.
    since: Instant,
    snapshot: OfferSnapshot,
    /// Whether the offer is unchanged since our last batch, or this is our first.
    is_sole_user: bool,
}

impl RedemptionProcessor {
    /// Writes all batches in one statement. A batch is returned for a retry if it cannot be decided without prior
    /// state, if its counters have changed, or if another transaction has locked them.
    async fn redeem_combined(&self, items: Vec<CombinedItem>) -> Vec<Result<Responses, Retry>> {
        if items.is_empty() {
            return Vec::new();
        }
        let connection = match self.pool.connection().await {
            Ok(connection) => connection,
            Err(error) => {
                let error = error.into();
                return items.iter().map(|item| Ok(failed(&item.batch, &error))).collect();
            }
        };
        let now = self.clock.now();
        let has_former_keys = self.former_keys.are_valid(now);
        let (no_prior_state, no_changes) = (PriorState::default(), WrittenIds::default());
        let decisions: Vec<_> = items
            .iter()
            .map(|item| {
                let (snapshot, batch) = (&item.snapshot, &item.batch);
                BatchDecision::new(snapshot, &self.hold_limits, now, batch, &no_prior_state)
            })
            .map(|decision| {
                let is_safe =
                    |decision: &BatchDecision<'_>| decision.is_safe_without_prior_state(has_former_keys);
                Some(decision).filter(is_safe)
            })
            .collect();
        let start = Instant::now();
        let new: Vec<_> = decisions
            .iter()
            .flatten()
            .map(|decision| decision.new_batch(decision.write_set().redemptions, &no_changes, start))
            .collect();
        let mut results = match commit_batch::commit_batches(connection, &new).await {
            Ok(results) => results.into_iter(),
            Err(error) => {
                let were_sent: Vec<_> = decisions.iter().map(Option::is_some).collect();
                return in_doubt::retry_each(items, &were_sent, error).into_iter().map(Err).collect();
            }
        };
        self.enqueue_late_forecasts(start, new.iter().map(|batch| batch.offer_id)).await;
        let respond = |(item, decision): (&CombinedItem, &Option<BatchDecision<'_>>)| {
            let decision = decision.as_ref()?;
            let Some(BatchResult::Written(written)) = results.next() else {
                batch_processed(Path::Outdated);
                return None;
            };
            batch_processed(Path::Combined);
            let after = decision.snapshot_after(forecast_job(&written, start));
            self.notify(&item.snapshot, &after);
            self.cache.insert(&item.offer, after, true);
            Some(decision.responses(&written.ids))
        };
        let responses: Vec<_> = items.iter().zip(&decisions).map(respond).collect();
        let result =
            |(responses, item): (Option<Responses>, CombinedItem)| responses.ok_or(item.batch.into());
        responses.into_iter().zip(items).map(result).collect()
    }

    /// The time of the decision is the time at which the lock was acquired.
    async fn redeem_locked(
        &self,
        LockedOffer { mut tx, since, mut snapshot, is_sole_user }: LockedOffer,
        offer: &OfferRef,
        batch: &[PendingCommand],
        in_doubt: Option<&InDoubt>,
    ) -> Result<Responses, Error> {
        if let Some(doubt) = in_doubt {
            snapshot.counters = doubt.resolve(&mut tx, &snapshot).await?;
        }
        let now = self.clock.now();
        let former_keys = self.former_keys.read(&mut tx, now).await?;
        let prior = PriorState::read(&mut tx, &snapshot, now, batch, former_keys).await?;
        let decision = BatchDecision::new(&snapshot, &self.hold_limits, now, batch, &prior);
        let WriteSet { changes, redemptions } = decision.write_set();
        let changes = write_changes(&mut tx, &decision, changes.as_ref()).await?;
        let start = Instant::now();
        let batch = decision.new_batch(redemptions, &changes, start);
        let written = write_batch(&mut tx, &batch).await?;
        tx.commit().await?;
        self.enqueue_late_forecasts(start, std::iter::once(snapshot.offer.id)).await;
        batch_processed(Path::Exclusive);
        let after = decision.snapshot_after(forecast_job(&written, since));
        self.notify(&snapshot, &after);
        self.cache.insert(offer, after, is_sole_user);
        Ok(decision.responses(&changes.and(written.ids)))
    }

    /// Releases the reservations of an offer whose time is over, and returns how many.
    pub async fn expire_reservations(&self, offer: &OfferRef) -> Result<usize, Error> {
        let LockedOffer { mut tx, snapshot, .. } = match self.lock(offer).await {
            Err(Error::OfferNotFound) => return Ok(0),
            locked => locked?,
        };
        let now = self.clock.now();
        let prior = PriorState::read(&mut tx, &snapshot, now, &[], false).await?;
        let decision = BatchDecision::new(&snapshot, &self.hold_limits, now, &[], &prior);
        write_changes(&mut tx, &decision, decision.write_set().changes.as_ref()).await?;
        tx.commit().await?;
        self.notify(&snapshot, &decision.snapshot_after(None));
        Ok(prior.expired_reservations().count())
    }

    /// If the commit took longer than [`FORECAST_MARGIN`], a pending forecast may have been computed before it.
    async fn enqueue_late_forecasts(&self, start: Instant, offers: impl Iterator<Item = i64>) {
        if start.elapsed() < FORECAST_MARGIN {
            return;
        }
        if let Err(error) = forecast_jobs::enqueue(&self.pool, &offers.collect::<Vec<_>>()).await {
            let error = &error as &dyn std::error::Error;
            tracing::warn!(error, "could not enqueue forecasts; the next redemptions will");
        }
    }

    fn notify(&self, before: &OfferSnapshot, after: &OfferSnapshot) {
        if before.counters.totals != after.counters.totals {
            self.notifier.changed(after.offer.id);
        }
    }

    /// Waits for the lock of the offer's counters. Reads the terms only if they are not cached or have changed.
    async fn lock(&self, offer: &OfferRef) -> Result<LockedOffer, Error> {
        let since = Instant::now();
        let mut tx = self.pool.begin().await?;
        let locked = offers::lock_counters(&mut tx, offer).await?;
        let (id, counters) = locked.ok_or(Error::OfferNotFound)?;
        let cached = self.cache.get(offer);
        // An offer counts as redeemed by this process only, until its counters show otherwise.
        let is_new = cached.is_none();
        let is_current = |snapshot: &OfferSnapshot| {
            snapshot.offer.id == id && snapshot.counters.terms_version == counters.terms_version
        };
        if let Some(snapshot) = cached.filter(is_current) {
            let is_sole_user = snapshot.counters == counters;
            return Ok(LockedOffer {
                tx,
                since,
                snapshot: OfferSnapshot { counters, ..snapshot },
                is_sole_user,
            });
        }
        let stored = offers::find_offer(&mut tx, &OfferRef::Id(id)).await?;
        let offer = Arc::new(stored.ok_or(Error::OfferNotFound)?.offer);
        let snapshot = OfferSnapshot { offer, counters, forecast: ForecastThrottle::default() };
        Ok(LockedOffer { tx, since, snapshot, is_sole_user: is_new })
    }
}

/// Plain redemptions go last, because one statement writes all of them, and because reversals and releases return
/// budget. Otherwise the order of arrival is kept.
fn plain_redemptions_last(batch: Vec<PendingCommand>) -> (Vec<usize>, Vec<PendingCommand>) {
    let mut indexed: Vec<_> = batch.into_iter().enumerate().collect();
    indexed.sort_by_key(|(_, pending)| pending.is_plain_redemption());
    indexed.into_iter().unzip()
}

fn in_order<T>(mut indexed: Vec<(usize, T)>) -> Vec<T> {
    indexed.sort_unstable_by_key(|(index, _)| *index);
    indexed.into_iter().map(|(_, item)| item).collect()
}

fn failed(batch: &[PendingCommand], error: &Error) -> Responses {
    batch.iter().map(|_| Err(error.clone())).collect()
}

/// Most batches have neither changes nor limits per customer.
async fn write_changes(
    tx: &mut Tx,
    decision: &BatchDecision<'_>,
    changes: Option<&NewChanges<'_>>,
) -> Result<WrittenIds, Error> {
    customer_usage::set_usage(tx, decision.offer_id(), &decision.customer_usage).await?;
    match changes {
        Some(changes) => Ok(commit_changes::commit_changes(tx, changes).await?),
        None => Ok(WrittenIds::default()),
    }
}

/// Writes nothing for a batch that only replays responses.
async fn write_batch(tx: &mut Tx, batch: &NewBatch<'_>) -> Result<WrittenBatch, Error> {
    if batch.is_empty() {
        return Ok(WrittenBatch::default());
    }
    match commit_batch::commit_batch(tx, batch).await? {
        BatchResult::Written(written) => Ok(written),
        BatchResult::Outdated => {
            let message = format!("the counters of offer {} changed while they were locked", batch.offer_id);
            Err(StorageError::Unreadable(message).into())
        }
    }
}

/// When the pending forecast job runs. `since`: a moment before the transaction started.
fn forecast_job(written: &WrittenBatch, since: Instant) -> Option<ForecastThrottle> {
    written.forecast_in.map(|forecast_in| ForecastThrottle::scheduled_at(since + forecast_in))
}
