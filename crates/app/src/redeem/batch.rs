use std::collections::HashSet;
use std::sync::Arc;
use std::time::Instant;

use chrono::{DateTime, Utc};
use offercast_domain::{Ask, Held, HoldLimits, OfferRef, Request};
use offercast_storage::{ChangedIds, Counters, NewBatch, Recorded, Tx, Written};

use super::Answer;
use super::memory::{Facts, Memory, Upkeep};
use super::recall::Recall;
use super::sitting::Sitting;
use crate::lanes::{Board, Work};
use crate::live::News;
use crate::{Clock, Error, Pool, StorageError, forecast_jobs};

/// A request that waits in a lane.
pub(crate) struct Asked {
    pub request: Request,
    pub request_id: String,
}

impl Asked {
    pub fn is_redemption(&self) -> bool {
        matches!(self.request.ask, Ask::Redeem(_))
    }
}

/// A batch that is done behind the lock of its offer.
#[derive(Default)]
pub(crate) struct Rest {
    batch: Vec<Asked>,
    doubt: Option<Doubt>,
}

/// The connection was lost in writing what was decided on these counters.
struct Doubt {
    before: Counters,
    cause: Option<Arc<StorageError>>,
}

impl From<Vec<Asked>> for Rest {
    fn from(batch: Vec<Asked>) -> Self {
        Rest { batch, doubt: None }
    }
}

/// Redeems batches. No two batches of an offer are decided on the same facts: either they are remembered, and
/// writing what was decided does nothing unless they still hold; or they are read behind the lock of the
/// offer's counters.
pub(crate) struct Redeemer {
    pub pool: Pool,
    pub clock: Clock,
    pub memory: Memory,
    pub news: News,
    pub hold_limits: HoldLimits,
}

type Answers = Vec<Result<Answer, Error>>;

impl Work for Redeemer {
    type Lane = OfferRef;
    type Request = Asked;
    type Answer = Result<Answer, Error>;
    type Rest = Rest;

    fn goes_along(&self, offer: &OfferRef) -> bool {
        self.memory.settled(offer).is_some_and(|facts| may_be_at_once(&facts))
    }

    /// An offer that is called by its id and by its code at once goes along under one of these names.
    async fn together(&self, batches: Vec<(OfferRef, Vec<Asked>)>) -> Vec<Result<Answers, Rest>> {
        let mut legs = Vec::with_capacity(batches.len());
        let mut done = Vec::with_capacity(batches.len());
        let mut offers = HashSet::new();
        for (place, (offer, batch)) in batches.into_iter().enumerate() {
            let facts = self.memory.settled(&offer).filter(may_be_at_once);
            match facts.filter(|facts| are_redemptions(&batch) && offers.insert(facts.offer.id)) {
                Some(facts) => legs.push((place, Leg { offer, facts, batch })),
                None => done.push((place, Err(batch.into()))),
            }
        }
        let (places, legs): (Vec<_>, Vec<_>) = legs.into_iter().unzip();
        done.extend(places.into_iter().zip(self.redeem_at_once(legs).await));
        in_order(done)
    }

    /// Whoever comes while the lock is waited for goes along, unless there is a doubt that is not theirs. What fails,
    /// fails for all of them: nothing of a batch is done without the rest of it.
    async fn alone(&self, offer: &OfferRef, rest: Rest, others: impl Board<Asked>) -> Answers {
        let Rest { mut batch, doubt } = rest;
        let locked = self.lock(offer).await;
        if doubt.is_none() {
            batch.extend(others());
        }
        if batch.is_empty() {
            return Vec::new();
        }
        let (places, batch) = redemptions_last(batch);
        let done = match locked {
            Ok(locked) => self.redeem_locked(locked, offer, &batch, doubt.as_ref()).await,
            Err(error) => Err(error),
        };
        let answers = done.unwrap_or_else(|error| {
            self.memory.forget(offer);
            // Nobody may be told that nothing has happened by a failure to find out.
            let error = doubt.map_or(error, |doubt| Error::OutcomeUnknown(doubt.cause));
            failed(&batch, &error)
        });
        in_order(places.into_iter().zip(answers).collect())
    }
}

/// An offer behind its lock.
struct Locked {
    tx: Tx,
    /// Before the transaction began, whose time stands still since.
    since: Instant,
    facts: Facts,
    /// Whether it is as it was after our last batch, or this is our first.
    is_settled: bool,
}

/// What an offer has on a trip.
struct Leg {
    offer: OfferRef,
    facts: Facts,
    batch: Vec<Asked>,
}

impl Redeemer {
    /// One statement for all. An offer is left out of it if it takes more than memory to decide, its facts have changed, or
    /// somebody else is at it.
    async fn redeem_at_once(&self, legs: Vec<Leg>) -> Vec<Result<Answers, Rest>> {
        if legs.is_empty() {
            return Vec::new();
        }
        let connection = match self.pool.connection().await {
            Ok(connection) => connection,
            Err(error) => {
                let error = error.into();
                return legs.iter().map(|leg| Ok(failed(&leg.batch, &error))).collect();
            }
        };
        let now = self.clock.now();
        let (nothing, unchanged) = (Recall::default(), ChangedIds::default());
        let sittings = legs.iter().map(|leg| self.decide(&leg.facts, now, &leg.batch, &nothing));
        let sittings: Vec<_> =
            sittings.map(|sitting| Some(sitting).filter(Sitting::is_sure_from_memory)).collect();
        let begun = Instant::now();
        let new: Vec<_> =
            sittings.iter().flatten().map(|sitting| sitting.to_write(&unchanged, begun)).collect();
        let mut recorded = match offercast_storage::record_batches_at_once(connection, &new).await {
            Ok(recorded) => recorded.into_iter(),
            Err(error) => {
                let were_sent: Vec<_> = sittings.iter().map(Option::is_some).collect();
                return doubted(legs, &were_sent, error);
            }
        };
        self.forecast_what_came_late(begun, new.iter().map(|batch| batch.offer_id)).await;
        let answers = legs.iter().zip(&sittings).map(|(leg, sitting)| {
            let sitting = sitting.as_ref()?;
            let Some(Recorded::Done(written)) = recorded.next() else {
                count("outdated");
                return None;
            };
            count("at_once");
            let after = sitting.facts_after(upkeep(&written, begun));
            self.tell(&leg.facts, &after);
            self.memory.keep(&leg.offer, after, true);
            Some(sitting.answers(&written.ids, &unchanged))
        });
        let answers: Vec<_> = answers.collect();
        answers.into_iter().zip(legs).map(|(answers, leg)| answers.ok_or(leg.batch.into())).collect()
    }

    fn decide<'a>(
        &self,
        facts: &'a Facts,
        now: DateTime<Utc>,
        batch: &'a [Asked],
        recall: &'a Recall,
    ) -> Sitting<'a> {
        Sitting::new(facts, &self.hold_limits, now, batch, recall)
    }

    /// A batch that waits for the lock is decided by the time at which it gets it.
    async fn redeem_locked(
        &self,
        Locked { mut tx, since, mut facts, is_settled }: Locked,
        offer: &OfferRef,
        batch: &[Asked],
        doubt: Option<&Doubt>,
    ) -> Result<Answers, Error> {
        if let Some(doubt) = doubt {
            facts.counters = resolve(&mut tx, &facts, doubt.before).await?;
        }
        let now = self.clock.now();
        let recall = Recall::read(&mut tx, &facts, now, batch).await?;
        let sitting = self.decide(&facts, now, batch, &recall);
        let changed = record_changes(&mut tx, &sitting).await?;
        let begun = Instant::now();
        let written = record(&mut tx, &sitting.to_write(&changed, begun)).await?;
        tx.commit().await?;
        self.forecast_what_came_late(begun, std::iter::once(facts.offer.id)).await;
        count("behind_lock");
        let after = sitting.facts_after(upkeep(&written, since));
        self.tell(&facts, &after);
        self.memory.keep(offer, after, is_settled);
        Ok(sitting.answers(&written.ids, &changed))
    }

    /// Gives back what an offer holds for longer than it was to be; says how many reservations that were.
    pub async fn expire(&self, offer: &OfferRef) -> Result<usize, Error> {
        let Locked { mut tx, facts, .. } = match self.lock(offer).await {
            Err(Error::OfferNotFound) => return Ok(0),
            locked => locked?,
        };
        let now = self.clock.now();
        let recall = Recall::read(&mut tx, &facts, now, &[]).await?;
        let sitting = self.decide(&facts, now, &[], &recall);
        record_changes(&mut tx, &sitting).await?;
        tx.commit().await?;
        self.tell(&facts, &sitting.facts_after(None));
        Ok(recall.expired().count())
    }

    /// A forecast that was waiting already may have been made before a commit that took long.
    async fn forecast_what_came_late(&self, begun: Instant, offers: impl Iterator<Item = i64>) {
        if begun.elapsed() < offercast_storage::FORECAST_MARGIN {
            return;
        }
        if let Err(error) = forecast_jobs::enqueue(&self.pool, &offers.collect::<Vec<_>>()).await {
            let error = &error as &dyn std::error::Error;
            tracing::warn!(error, "could not queue forecasts; the next redemptions will");
        }
    }

    /// Lets those know who watch the offer, if its figures have changed.
    fn tell(&self, before: &Facts, after: &Facts) {
        if before.counters.totals != after.counters.totals {
            self.news.changed(after.offer.id);
        }
    }

    /// Waits for the lock of the offer. Its terms are read only if they are not remembered or have changed.
    async fn lock(&self, offer: &OfferRef) -> Result<Locked, Error> {
        let since = Instant::now();
        let mut tx = self.pool.begin().await?;
        let locked = offercast_storage::lock_counters(&mut tx, offer).await?;
        let (id, counters) = locked.ok_or(Error::OfferNotFound)?;
        let remembered = self.memory.get(offer);
        // Until it shows that somebody else is at it too, an offer is taken to be redeemed here only.
        let is_new = remembered.is_none();
        let current = remembered
            .filter(|facts| facts.offer.id == id && facts.counters.terms_version == counters.terms_version);
        if let Some(facts) = current {
            let is_settled = facts.counters == counters;
            return Ok(Locked { tx, since, facts: Facts { counters, ..facts }, is_settled });
        }
        let stored = offercast_storage::find_offer(&mut tx, &OfferRef::Id(id)).await?;
        let offer = Arc::new(stored.ok_or(Error::OfferNotFound)?.offer);
        let facts = Facts { offer, counters, forecast: Upkeep::default() };
        Ok(Locked { tx, since, facts, is_settled: is_new })
    }
}

/// Whoever waits at the same time has no claim to be before another. What gives money back goes first, and plain
/// redemptions are left to be written in one statement.
fn redemptions_last(batch: Vec<Asked>) -> (Vec<usize>, Vec<Asked>) {
    let mut placed: Vec<_> = batch.into_iter().enumerate().collect();
    placed.sort_by_key(|(_, asked)| asked.is_redemption());
    placed.into_iter().unzip()
}

/// Whether nothing has to be read for redeeming it: it neither holds anything nor counts the uses of its customers.
fn may_be_at_once(facts: &Facts) -> bool {
    facts.counters.totals.held == Held::default() && facts.offer.terms.max_redemptions_per_customer.is_none()
}

fn are_redemptions(batch: &[Asked]) -> bool {
    batch.iter().all(Asked::is_redemption)
}

fn in_order<T>(mut placed: Vec<(usize, T)>) -> Vec<T> {
    placed.sort_unstable_by_key(|(place, _)| *place);
    placed.into_iter().map(|(_, what)| what).collect()
}

fn failed(batch: &[Asked], error: &Error) -> Answers {
    batch.iter().map(|_| Err(error.clone())).collect()
}

/// A statement that failed has done nothing, unless the connection was lost in it. Each offer goes by itself then, so
/// that none fails for another.
fn doubted(legs: Vec<Leg>, were_sent: &[bool], error: StorageError) -> Vec<Result<Answers, Rest>> {
    let cause = match Error::from(error) {
        Error::OutcomeUnknown(cause) => Some(cause),
        _ => None,
    };
    let rest = |(leg, was_sent): (Leg, &bool)| {
        let cause = cause.clone().filter(|_| *was_sent);
        let doubt = cause.map(|cause| Doubt { before: leg.facts.counters, cause });
        Err(Rest { doubt, batch: leg.batch })
    };
    legs.into_iter().zip(were_sent).map(rest).collect()
}

/// What there is besides redemptions, and the uses of customers. Most batches have neither.
async fn record_changes(tx: &mut Tx, sitting: &Sitting<'_>) -> Result<ChangedIds, Error> {
    offercast_storage::set_uses(tx, sitting.offer_id(), sitting.uses()).await?;
    match sitting.changes() {
        Some(changes) => Ok(offercast_storage::record_changes(tx, &changes).await?),
        None => Ok(ChangedIds::default()),
    }
}

/// A batch that only repeats what was answered before writes nothing.
async fn record(tx: &mut Tx, batch: &NewBatch<'_>) -> Result<Written, Error> {
    if batch.is_empty() {
        return Ok(Written::default());
    }
    match offercast_storage::record_batch(tx, batch).await? {
        Recorded::Done(written) => Ok(written),
        Recorded::Outdated => {
            let message = format!("the counters of offer {} change while they are locked", batch.offer_id);
            Err(StorageError::Unreadable(message).into())
        }
    }
}

/// When the forecast is made that waits. `since`: before the transaction began that has written it.
fn upkeep(written: &Written, since: Instant) -> Option<Upkeep> {
    written.forecast_in.map(|forecast_in| Upkeep::at(since + forecast_in))
}

/// Counters that are as they were prove that nothing was written, and their next version that nothing will
/// be by a statement that is still on its way.
async fn resolve(tx: &mut Tx, facts: &Facts, before: Counters) -> Result<Counters, Error> {
    if facts.counters != before {
        return Err(Error::OutcomeUnknown(None));
    }
    Ok(offercast_storage::outdate(tx, facts.offer.id).await?)
}

fn count(way: &'static str) {
    metrics::counter!("offercast_lane_batches_total", "way" => way).increment(1);
}
