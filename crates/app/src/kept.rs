//! Answers of calls that are no decisions about an order, kept as they went over the wire: the same request under the
//! same key gets the same answer. Decisions are kept by the batch that makes them.

use chrono::{DateTime, Utc};
use offercast_domain::{IdempotencyKey, OfferRef};
use offercast_storage::{KeptAnswer, Tx};

use crate::{App, Error};

/// A request that can be sent again.
#[derive(Debug, Clone)]
pub struct Keyed {
    pub key: IdempotencyKey,
    /// What was asked for, and of which call; the same key with anything else is a mistake.
    pub request: String,
    /// How version 0.1 wrote the same request. Its keys are kept for a day after an upgrade.
    pub former_request: Option<String>,
}

impl Keyed {
    /// The request by what it means, not by how it was written.
    pub(crate) fn meaning(self, request: String) -> Keyed {
        Keyed { former_request: Some(self.request), request, key: self.key }
    }

    fn is_for(&self, request: &str) -> bool {
        self.request == request || self.former_request.as_deref() == Some(request)
    }
}

/// An answer, and whether it is the answer of an earlier request, given again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    pub answer: KeptAnswer,
    pub is_replay: bool,
}

impl From<KeptAnswer> for Kept {
    fn from(answer: KeptAnswer) -> Kept {
        Kept { answer, is_replay: false }
    }
}

/// Under which keys of calls are kept that name no offer.
pub(crate) const NO_OFFER: i64 = 0;

/// The answer that was given under the key, or nothing: then the key is taken for the rest of the transaction. A
/// copy that is under way at the same time waits for it here.
pub(crate) async fn first_answer(
    tx: &mut Tx,
    offer_id: i64,
    keyed: Option<&Keyed>,
    now: DateTime<Utc>,
) -> Result<Option<Kept>, Error> {
    let Some(keyed) = keyed else { return Ok(None) };
    if offercast_storage::claim_key(tx, offer_id, keyed.key.as_str(), &keyed.request, now).await? {
        return Ok(None);
    }
    known(tx, offer_id, keyed).await
}

/// Keeps the answer under the key that the transaction has taken.
pub(crate) async fn keep(
    tx: &mut Tx,
    offer_id: i64,
    keyed: Option<&Keyed>,
    answer: KeptAnswer,
) -> Result<Kept, Error> {
    if let Some(keyed) = keyed {
        offercast_storage::keep_answer(tx, offer_id, keyed.key.as_str(), &answer).await?;
    }
    Ok(answer.into())
}

async fn known(tx: &mut Tx, offer_id: i64, keyed: &Keyed) -> Result<Option<Kept>, Error> {
    match offercast_storage::kept_answer(tx, offer_id, keyed.key.as_str()).await? {
        None => Ok(None),
        Some((request, Some(answer))) if keyed.is_for(&request) => Ok(Some(Kept { answer, is_replay: true })),
        Some(_) => Err(Error::KeyReused),
    }
}

/// For calls that change nothing, so that it does no harm to work an answer out twice: of copies that are under way
/// at the same time, all get the answer of the one that was ready first.
pub async fn answer_once<E: From<Error>>(
    app: &App,
    offer: &OfferRef,
    keyed: Option<Keyed>,
    work: impl Future<Output = Result<KeptAnswer, E>>,
) -> Result<Kept, E> {
    let Some(keyed) = keyed else { return Ok(work.await?.into()) };
    let (offer_id, first) = recall(app, offer, &keyed).await?;
    match first {
        Some(first) => Ok(first),
        None => {
            let answer = work.await?;
            Ok(keep_first(app, offer_id, &keyed, answer).await?)
        }
    }
}

async fn recall(app: &App, offer: &OfferRef, keyed: &Keyed) -> Result<(i64, Option<Kept>), Error> {
    let mut tx = app.pool.snapshot().await?;
    let stored = offercast_storage::find_offer(&mut tx, offer).await?.ok_or(Error::OfferNotFound)?;
    let offer_id = stored.offer.id;
    let first = known(&mut tx, offer_id, keyed).await?;
    tx.commit().await?;
    Ok((offer_id, first))
}

async fn keep_first(app: &App, offer_id: i64, keyed: &Keyed, answer: KeptAnswer) -> Result<Kept, Error> {
    let mut tx = app.pool.begin().await?;
    let kept = match first_answer(&mut tx, offer_id, Some(keyed), app.clock.now()).await? {
        Some(first) => first,
        None => keep(&mut tx, offer_id, Some(keyed), answer).await?,
    };
    tx.commit().await?;
    Ok(kept)
}
