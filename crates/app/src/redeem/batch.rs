use std::sync::Arc;

use offercast_domain::{Ask, Held, OfferRef, Request};
use offercast_storage::{ChangedIds, Counters, NewBatch, Recorded, Tx};

use super::Answer;
use super::memory::{Facts, Memory};
use super::recall::Recall;
use super::sitting::Sitting;
use crate::lanes::Work;
use crate::live::News;
use crate::{Clock, Error, Pool, StorageError};

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

/// Redeems batches, each in one transaction that touches one offer.
pub(crate) struct Redeemer {
    pub pool: Pool,
    pub clock: Clock,
    pub memory: Memory,
    pub news: News,
}

type Answers = Vec<Result<Answer, Error>>;

impl Work for Redeemer {
    type Lane = OfferRef;
    type Request = Asked;
    type Answer = Result<Answer, Error>;

    /// What fails, fails for all of them: nothing of a batch is done without the rest of it.
    async fn serve(&self, offer: &OfferRef, batch: Vec<Asked>) -> Vec<Self::Answer> {
        let (places, batch) = redemptions_last(batch);
        let done = self.redeem(offer, &batch).await;
        let answers = done.unwrap_or_else(|error| {
            self.memory.forget(offer);
            batch.iter().map(|_| Err(error.clone())).collect()
        });
        let mut answers: Vec<_> = places.into_iter().zip(answers).collect();
        answers.sort_unstable_by_key(|(place, _)| *place);
        answers.into_iter().map(|(_, answer)| answer).collect()
    }
}

impl Redeemer {
    /// No two batches of an offer are decided on the same facts. Either they are remembered, and writing
    /// what was decided fails unless they still hold; or they are read behind the lock of the offer's counters.
    async fn redeem(&self, offer: &OfferRef, batch: &[Asked]) -> Result<Answers, Error> {
        let remembered = self.memory.settled(offer).filter(|facts| may_be_at_once(facts, batch));
        let Some(facts) = remembered else {
            return self.redeem_behind_lock(offer, batch, None).await;
        };
        let before = facts.counters;
        match self.redeem_at_once(offer, facts, batch).await {
            Ok(Some(answers)) => Ok(answers),
            Ok(None) => self.redeem_behind_lock(offer, batch, None).await,
            Err(Error::OutcomeUnknown(cause)) => {
                let resolved = self.redeem_behind_lock(offer, batch, Some(before)).await;
                // Nobody may be told that nothing has happened by a failure to find out.
                resolved.map_err(|_| Error::OutcomeUnknown(cause))
            }
            Err(error) => Err(error),
        }
    }

    /// One statement; none if the facts have changed, or if something is on record about the batch.
    async fn redeem_at_once(
        &self,
        offer: &OfferRef,
        facts: Facts,
        batch: &[Asked],
    ) -> Result<Option<Answers>, Error> {
        let connection = self.pool.connection().await?;
        let nothing = Recall::default();
        let sitting = Sitting::new(&facts, self.clock.now(), batch, &nothing);
        let unchanged = ChangedIds::default();
        let new = sitting.to_write(&unchanged);
        let recorded = offercast_storage::record_batch_at_once(connection, &new).await?;
        let Recorded::Done(ids) = recorded else {
            count("outdated");
            return Ok(None);
        };
        count("at_once");
        let answers = sitting.answers(&ids, &unchanged);
        let after = sitting.facts_after();
        self.tell(&facts, &after);
        self.memory.keep(offer, after, true);
        Ok(Some(answers))
    }

    /// A batch that waits for the lock is decided by the time at which it gets it.
    ///
    /// `doubt` is what the batch was decided on when the connection was lost in writing it.
    async fn redeem_behind_lock(
        &self,
        offer: &OfferRef,
        batch: &[Asked],
        doubt: Option<Counters>,
    ) -> Result<Answers, Error> {
        let mut tx = self.pool.begin().await?;
        let (mut facts, is_settled) = self.lock(&mut tx, offer).await?;
        if let Some(before) = doubt {
            facts.counters = resolve(&mut tx, &facts, before).await?;
        }
        let now = self.clock.now();
        let recall = Recall::read(&mut tx, &facts, now, batch).await?;
        let sitting = Sitting::new(&facts, now, batch, &recall);
        let changed = record_changes(&mut tx, &sitting).await?;
        let ids = record(&mut tx, &sitting.to_write(&changed)).await?;
        tx.commit().await?;
        count("behind_lock");
        let after = sitting.facts_after();
        self.tell(&facts, &after);
        self.memory.keep(offer, after, is_settled);
        Ok(sitting.answers(&ids, &changed))
    }

    /// Gives back what an offer holds for longer than it was to be; says how many reservations that were.
    pub async fn expire(&self, offer: &OfferRef) -> Result<usize, Error> {
        let mut tx = self.pool.begin().await?;
        let facts = match self.lock(&mut tx, offer).await {
            Err(Error::OfferNotFound) => return Ok(0),
            locked => locked?.0,
        };
        let now = self.clock.now();
        let recall = Recall::read(&mut tx, &facts, now, &[]).await?;
        let sitting = Sitting::new(&facts, now, &[], &recall);
        record_changes(&mut tx, &sitting).await?;
        tx.commit().await?;
        self.tell(&facts, &sitting.facts_after());
        Ok(recall.expired().count())
    }

    /// Lets those know who watch the offer, if its figures have changed.
    fn tell(&self, before: &Facts, after: &Facts) {
        if before.counters.totals != after.counters.totals {
            self.news.changed(after.offer.id);
        }
    }

    /// The offer behind its lock, and whether it is as it was after our last batch. Its terms are read only
    /// if they are not remembered or have changed.
    async fn lock(&self, tx: &mut Tx, offer: &OfferRef) -> Result<(Facts, bool), Error> {
        let locked = offercast_storage::lock_counters(tx, offer).await?;
        let (id, counters) = locked.ok_or(Error::OfferNotFound)?;
        let remembered = self
            .memory
            .get(offer)
            .filter(|facts| facts.offer.id == id && facts.counters.terms_version == counters.terms_version);
        if let Some(facts) = remembered {
            let is_settled = facts.counters == counters;
            return Ok((Facts { counters, ..facts }, is_settled));
        }
        let stored = offercast_storage::find_offer(tx, &OfferRef::Id(id)).await?;
        let offer = Arc::new(stored.ok_or(Error::OfferNotFound)?.offer);
        Ok((Facts { offer, counters }, false))
    }
}

/// Whoever waits at the same time has no claim to be before another. What gives money back goes first, and plain
/// redemptions are left to be written in one statement.
fn redemptions_last(batch: Vec<Asked>) -> (Vec<usize>, Vec<Asked>) {
    let mut placed: Vec<_> = batch.into_iter().enumerate().collect();
    placed.sort_by_key(|(_, asked)| asked.is_redemption());
    placed.into_iter().unzip()
}

/// Whether nothing has to be read for it: plain redemptions of an offer that neither holds anything nor counts the
/// uses of its customers.
fn may_be_at_once(facts: &Facts, batch: &[Asked]) -> bool {
    facts.counters.totals.held == Held::default()
        && facts.offer.terms.max_redemptions_per_customer.is_none()
        && batch.iter().all(Asked::is_redemption)
}

/// What there is besides redemptions, and the uses of customers. Most batches have neither.
async fn record_changes(tx: &mut Tx, sitting: &Sitting<'_>) -> Result<ChangedIds, Error> {
    offercast_storage::set_uses(tx, sitting.offer_id(), sitting.uses()).await?;
    match sitting.changes() {
        Some(changes) => Ok(offercast_storage::record_changes(tx, &changes).await?),
        None => Ok(ChangedIds::default()),
    }
}

/// The ids of the accepted. A batch that only repeats what was answered before writes nothing.
async fn record(tx: &mut Tx, batch: &NewBatch<'_>) -> Result<Vec<i64>, Error> {
    if batch.is_empty() {
        return Ok(Vec::new());
    }
    match offercast_storage::record_batch(tx, batch).await? {
        Recorded::Done(ids) => Ok(ids),
        Recorded::Outdated => {
            let message = format!("the counters of offer {} change while they are locked", batch.offer_id);
            Err(StorageError::Unreadable(message).into())
        }
    }
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
