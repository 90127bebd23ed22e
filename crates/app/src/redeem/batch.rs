use std::sync::Arc;

use offercast_domain::{OfferRef, RedeemRequest};
use offercast_storage::{Counters, Recorded, Tx};

use super::memory::{Facts, Memory};
use super::recall::Recall;
use super::sitting::Sitting;
use super::{Answer, Outcome};
use crate::lanes::Work;
use crate::live::News;
use crate::{Clock, Error, Pool, StorageError};

/// A request that waits in a lane.
pub(crate) struct Asked {
    pub request: RedeemRequest,
    pub request_id: String,
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
        let done = self.redeem(offer, &batch).await;
        match done {
            Ok(answers) => {
                if let Some(changed) = answers.iter().find_map(newly_redeemed) {
                    self.news.changed(changed);
                }
                answers
            }
            Err(error) => {
                self.memory.forget(offer);
                batch.iter().map(|_| Err(error.clone())).collect()
            }
        }
    }
}

/// The offer of an answer that has changed it.
fn newly_redeemed(answer: &Result<Answer, Error>) -> Option<i64> {
    match answer {
        Ok(Answer { outcome: Outcome::Redeemed(redemption), is_replay: false, .. }) => {
            Some(redemption.offer_id)
        }
        _ => None,
    }
}

impl Redeemer {
    /// No two batches of an offer are decided on the same facts. Either they are remembered, and writing
    /// what was decided fails unless they still hold; or they are read behind the lock of the offer's counters.
    async fn redeem(&self, offer: &OfferRef, batch: &[Asked]) -> Result<Answers, Error> {
        let Some(facts) = self.memory.settled(offer) else {
            return self.redeem_behind_lock(offer, batch, None).await;
        };
        let before = facts.counters;
        match self.redeem_at_once(offer, facts, batch).await {
            Ok(Some(answers)) => Ok(answers),
            Ok(None) => self.redeem_behind_lock(offer, batch, None).await,
            Err(Error::OutcomeUnknown(_)) => self.redeem_behind_lock(offer, batch, Some(before)).await,
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
        let recorded = offercast_storage::record_batch_at_once(connection, &sitting.to_write()).await?;
        let Recorded::Done(ids) = recorded else {
            count("outdated");
            return Ok(None);
        };
        count("at_once");
        let answers = sitting.answers(&ids);
        let after = sitting.facts_after();
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
        let recall = Recall::read(&mut tx, &facts.offer, batch).await?;
        let sitting = Sitting::new(&facts, now, batch, &recall);
        let recorded = offercast_storage::record_batch(&mut tx, &sitting.to_write()).await?;
        let Recorded::Done(ids) = recorded else {
            let message = format!("the counters of offer {} change while they are locked", facts.offer.id);
            return Err(StorageError::Unreadable(message).into());
        };
        tx.commit().await?;
        count("behind_lock");
        self.memory.keep(offer, sitting.facts_after(), is_settled);
        Ok(sitting.answers(&ids))
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
