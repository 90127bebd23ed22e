//! Idempotency of the calls that the redemption engine does not decide: their responses are stored as they were sent,
//! and the same request under the same key gets the same response. (The engine's decisions are stored by the batch that
//! makes them.)

use chrono::{DateTime, TimeDelta, Utc};
use offercast_domain::OfferRef;
use offercast_domain::redemption::IdempotencyKey;
use offercast_storage::idempotency::{self as storage, StoredResponse};
use offercast_storage::{Tx, offers};

use crate::{App, Error};

/// The key and the fingerprint of a request that can be retried.
#[derive(Debug, Clone)]
pub struct IdempotentRequest {
    pub key: IdempotencyKey,
    /// The call and what is asked for. The same key with another fingerprint is a mistake.
    pub fingerprint: String,
    /// The fingerprint as version 0.1 computed it. Its keys are kept for a day after an upgrade.
    pub former_fingerprint: Option<String>,
}

impl IdempotentRequest {
    /// Replaces the fingerprint, which shows how the request was written, by one that shows what it means.
    pub(crate) fn with_meaning(self, fingerprint: String) -> IdempotentRequest {
        IdempotentRequest { former_fingerprint: Some(self.fingerprint), fingerprint, key: self.key }
    }

    fn matches(&self, fingerprint: &str) -> bool {
        self.fingerprint == fingerprint || self.former_fingerprint.as_deref() == Some(fingerprint)
    }
}

/// A response, and whether it repeats the response to an earlier request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotentResponse {
    pub response: StoredResponse,
    pub is_replay: bool,
}

impl From<StoredResponse> for IdempotentResponse {
    fn from(response: StoredResponse) -> IdempotentResponse {
        IdempotentResponse { response, is_replay: false }
    }
}

/// The id under which keys are stored of calls that concern no offer.
pub(crate) const NO_OFFER: i64 = 0;

/// How long keys are kept: the promised day, and an hour for differing clocks.
const KEEP: TimeDelta = TimeDelta::hours(25);

/// Returns the response that is stored under the key. If there is none, claims the key for the rest of the transaction.
/// A copy of the request that runs at the same time waits here.
pub(crate) async fn find_or_claim(
    app: &App,
    tx: &mut Tx,
    offer_id: i64,
    request: Option<&IdempotentRequest>,
    now: DateTime<Utc>,
) -> Result<Option<IdempotentResponse>, Error> {
    let Some(request) = request else { return Ok(None) };
    if app.former_keys.read(tx, now).await?
        && let Some(former) = find_under(tx, offer_id, request, request.key.without_owner()).await?
    {
        return Ok(Some(former));
    }
    if storage::claim_key(tx, offer_id, request.key.as_str(), &request.fingerprint, now).await? {
        return Ok(None);
    }
    find_under(tx, offer_id, request, request.key.as_str()).await
}

/// Stores the response under the key that the transaction has claimed.
pub(crate) async fn store(
    tx: &mut Tx,
    offer_id: i64,
    request: Option<&IdempotentRequest>,
    response: StoredResponse,
) -> Result<IdempotentResponse, Error> {
    if let Some(request) = request {
        storage::store_response(tx, offer_id, request.key.as_str(), &response).await?;
    }
    Ok(response.into())
}

/// Finds the response to a request with or without its owner.
async fn find(
    app: &App,
    tx: &mut Tx,
    offer_id: i64,
    request: &IdempotentRequest,
) -> Result<Option<IdempotentResponse>, Error> {
    let found = find_under(tx, offer_id, request, request.key.as_str()).await?;
    if found.is_some() || !app.former_keys.read(tx, app.clock.now()).await? {
        return Ok(found);
    }
    find_under(tx, offer_id, request, request.key.without_owner()).await
}

/// `key`: the key as it is stored.
async fn find_under(
    tx: &mut Tx,
    offer_id: i64,
    request: &IdempotentRequest,
    key: &str,
) -> Result<Option<IdempotentResponse>, Error> {
    match storage::find_response(tx, offer_id, key).await? {
        None => Ok(None),
        Some((fingerprint, Some(response))) if request.matches(&fingerprint) => {
            Ok(Some(IdempotentResponse { response, is_replay: true }))
        }
        Some(_) => Err(Error::KeyReused),
    }
}

/// Responds to a call that changes nothing, so that computing a response twice does no harm. Of copies that run at the
/// same time, all get the response that was ready first.
pub async fn respond_once<E: From<Error>>(
    app: &App,
    offer: &OfferRef,
    request: Option<IdempotentRequest>,
    work: impl Future<Output = Result<StoredResponse, E>>,
) -> Result<IdempotentResponse, E> {
    let Some(request) = request else { return Ok(work.await?.into()) };
    let (offer_id, stored) = find_of_offer(app, offer, &request).await?;
    match stored {
        Some(stored) => Ok(stored),
        None => {
            let response = work.await?;
            Ok(store_first(app, offer_id, &request, response).await?)
        }
    }
}

async fn find_of_offer(
    app: &App,
    offer: &OfferRef,
    request: &IdempotentRequest,
) -> Result<(i64, Option<IdempotentResponse>), Error> {
    let mut tx = app.pool.snapshot().await?;
    let stored = offers::find_offer(&mut tx, offer).await?.ok_or(Error::OfferNotFound)?;
    let offer_id = stored.offer.id;
    let response = find(app, &mut tx, offer_id, request).await?;
    tx.commit().await?;
    Ok((offer_id, response))
}

async fn store_first(
    app: &App,
    offer_id: i64,
    request: &IdempotentRequest,
    response: StoredResponse,
) -> Result<IdempotentResponse, Error> {
    let mut tx = app.pool.begin().await?;
    let first = match find_or_claim(app, &mut tx, offer_id, Some(request), app.clock.now()).await? {
        Some(first) => first,
        None => store(&mut tx, offer_id, Some(request), response).await?,
    };
    tx.commit().await?;
    Ok(first)
}

/// Deletes keys that no client repeats any more, and returns how many.
pub async fn purge_idempotency_keys(app: &App) -> Result<u64, Error> {
    let mut tx = app.pool.begin().await?;
    let purged = storage::purge_keys(&mut tx, app.clock.now() - KEEP).await?;
    tx.commit().await?;
    Ok(purged)
}
