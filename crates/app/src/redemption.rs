//! Redeeming, reversing and reserving. A command waits in the queue of its offer; the batch that takes it decides and
//! writes it in one transaction.

mod batch_decision;
mod forecast_throttle;
mod former_keys;
mod in_doubt;
mod offer_cache;
mod prior_state;
mod processor;
mod response;
mod write_set;

use std::net::IpAddr;
use std::time::Instant;

use offercast_domain::redemption::{Command, IdempotencyKey, Request};
use offercast_domain::{CodeName, FieldError, OfferCode, OfferRef, Order, OrderDraft, UniqueCode, text};
use offercast_storage::redemption::{prior, reservations};
use offercast_storage::{codes, offers};
use tokio::sync::OwnedSemaphorePermit;

use crate::access::{Caller, Principal};
use crate::batching::RejectReason;
use crate::{App, Error};

pub(crate) use former_keys::FormerKeys;
pub(crate) use offer_cache::OfferCache;
pub(crate) use processor::{PendingCommand, RedemptionProcessor};
pub use response::{Outcome, Redemption, Released, Reserved, Response, Reversal};

/// What a request carries besides its command.
#[derive(Debug, Clone)]
pub struct RequestMeta {
    /// Makes the request safe to retry.
    pub key: Option<IdempotencyKey>,
    /// Who makes the request. A rejection carries the id of the request, now and when it is replayed.
    pub caller: Caller,
    /// The address that limits are counted by; of IPv6, its network.
    pub client: IpAddr,
}

/// Redeems an offer for an order. A retry with the same key, or for an order that is redeemed already, gets the first
/// response again.
pub async fn redeem(
    app: &App,
    offer: &OfferRef,
    draft: &OrderDraft,
    meta: RequestMeta,
) -> Result<Response, Error> {
    let order = draft.check().map_err(Error::Invalid)?;
    submit(app, offer.clone(), Command::Redeem(order), meta).await
}

/// Redeems by a unique code or by the code of an offer.
pub async fn redeem_by_code(
    app: &App,
    code: &str,
    draft: &OrderDraft,
    meta: RequestMeta,
) -> Result<Response, Error> {
    let order = match (draft.check(), code.trim().is_empty()) {
        (Ok(order), false) => order,
        (order, no_code) => {
            let code = no_code.then(|| FieldError::required("code"));
            return Err(Error::Invalid(code.into_iter().chain(order.err().unwrap_or_default()).collect()));
        }
    };
    let client = meta.client;
    // A code with a typing error does not parse as a unique code.
    if let Some(code) = UniqueCode::parse(code) {
        match redeem_unique_code(app, &code, order.clone(), meta.clone()).await {
            // The code of an offer may happen to look like a unique code.
            Err(Error::OfferNotFound | Error::CodeNotFound) => {}
            result => return result,
        }
    }
    let Some(own) = OfferCode::parse(code.trim()) else {
        app.not_found.miss(client, Instant::now());
        return Err(Error::CodeNotFound);
    };
    match submit(app, OfferRef::Code(own), Command::Redeem(order), meta).await {
        Err(Error::OfferNotFound) => Err(Error::CodeNotFound),
        result => result,
    }
}

async fn redeem_unique_code(
    app: &App,
    code: &UniqueCode,
    order: Order,
    meta: RequestMeta,
) -> Result<Response, Error> {
    let redeem = |(offer_id, code), order, meta| {
        submit(app, OfferRef::Id(offer_id), Command::RedeemCode { order, code }, meta)
    };
    // Each key reads something else from a code.
    let mut candidates = app.code_ciphers().await?.candidates(code);
    if candidates.len() == 1 {
        return redeem(candidates.remove(0), order, meta).await;
    }
    // An offer that is being redeemed needs no lookup.
    let is_likely = |(offer_id, _): &(i64, CodeName)| is_known(app, &OfferRef::Id(*offer_id));
    if let Some(likely) = candidates.iter().position(is_likely) {
        match redeem(candidates.remove(likely), order.clone(), meta.clone()).await {
            Err(Error::OfferNotFound | Error::CodeNotFound) => {}
            result => return result,
        }
    }
    let issued = find_issued(app, candidates, meta.client).await?;
    redeem(issued.ok_or(Error::CodeNotFound)?, order, meta).await
}

/// Of candidates under several keys, the first that was issued.
async fn find_issued(
    app: &App,
    candidates: Vec<(i64, CodeName)>,
    client: IpAddr,
) -> Result<Option<(i64, CodeName)>, Error> {
    let _permit = lookup_permit(app, client).await?;
    let mut tx = app.pool.snapshot().await?;
    let mut issued = None;
    for (offer_id, code) in candidates {
        if !codes::issued_codes(&mut tx, offer_id, std::slice::from_ref(&code)).await?.is_empty() {
            issued = Some((offer_id, code));
            break;
        }
    }
    tx.commit().await?;
    Ok(issued)
}

const DEFAULT_TTL_SECONDS: i64 = 900;

/// Holds what redeeming would give, until the reservation is confirmed, released or expires.
pub async fn reserve(
    app: &App,
    offer: &OfferRef,
    draft: &OrderDraft,
    ttl_seconds: Option<i64>,
    meta: RequestMeta,
) -> Result<Response, Error> {
    let (order, ttl_seconds) = match (draft.check(), ttl(ttl_seconds, app.hold_limits.max_seconds)) {
        (Ok(order), Ok(ttl_seconds)) => (order, ttl_seconds),
        (order, ttl_seconds) => {
            let of_order = order.err().unwrap_or_default().into_iter();
            return Err(Error::Invalid(of_order.chain(ttl_seconds.err()).collect()));
        }
    };
    submit(app, offer.clone(), Command::Reserve { order, ttl_seconds }, meta).await
}

fn ttl(seconds: Option<i64>, max: u32) -> Result<u32, FieldError> {
    let seconds = seconds.unwrap_or(DEFAULT_TTL_SECONDS.min(max.into()));
    u32::try_from(seconds).ok().filter(|seconds| (1..=max).contains(seconds)).ok_or_else(|| {
        let message = format!("must be from 1 to {max}");
        FieldError::new("ttl_seconds", "out_of_range", message)
    })
}

/// Turns a reservation into a redemption, even if the offer has changed since.
pub async fn confirm(app: &App, reservation_id: i64, meta: RequestMeta) -> Result<Response, Error> {
    let offer = offer_of_reservation(app, reservation_id, &meta.caller).await?;
    submit(app, offer, Command::Confirm { reservation_id }, meta).await
}

/// Ends a reservation without a redemption.
pub async fn release(app: &App, reservation_id: i64, meta: RequestMeta) -> Result<Response, Error> {
    let offer = offer_of_reservation(app, reservation_id, &meta.caller).await?;
    submit(app, offer, Command::Release { reservation_id }, meta).await
}

/// Releases the reservations of all offers whose time is over, and returns how many.
pub async fn expire_reservations(app: &App) -> Result<usize, Error> {
    let mut tx = app.pool.snapshot().await?;
    let offers = reservations::offers_with_expired(&mut tx, app.clock.now()).await?;
    tx.commit().await?;
    let mut expired = 0;
    for offer_id in offers {
        // An offer that fails, for example because it is locked for long, must not stop the others.
        match app.batcher.processor().expire_reservations(&OfferRef::Id(offer_id)).await {
            Ok(reservations) => expired += reservations,
            Err(error) => {
                let error = &error as &dyn std::error::Error;
                tracing::warn!(offer_id, error, "could not release expired reservations");
            }
        }
    }
    Ok(expired)
}

async fn offer_of_reservation(app: &App, id: i64, caller: &Caller) -> Result<OfferRef, Error> {
    let mut tx = app.pool.snapshot().await?;
    let offer = reservations::offer_of_reservation(&mut tx, id).await?;
    tx.commit().await?;
    let visible = offer.filter(|offer_id| caller.principal.offers().contains(*offer_id));
    visible.map(OfferRef::Id).ok_or(Error::ReservationNotFound)
}

/// Reverses a redemption once: its discount, its count and its customer's usage are returned, and its order may redeem
/// again.
pub async fn reverse(
    app: &App,
    redemption_id: i64,
    reason: Option<String>,
    meta: RequestMeta,
) -> Result<Response, Error> {
    text::reversal_reason(reason.as_deref()).map_err(|error| Error::Invalid(vec![error]))?;
    let mut tx = app.pool.snapshot().await?;
    let offer = prior::offer_of_redemption(&mut tx, redemption_id).await?;
    tx.commit().await?;
    let visible = offer.filter(|offer_id| meta.caller.principal.offers().contains(*offer_id));
    let offer = OfferRef::Id(visible.ok_or(Error::RedemptionNotFound)?);
    submit(app, offer, Command::Reverse { redemption_id, reason }, meta).await
}

/// Waits in the queue of the offer for the batch that decides the command.
async fn submit(app: &App, offer: OfferRef, command: Command, meta: RequestMeta) -> Result<Response, Error> {
    let RequestMeta { key, caller, client } = meta;
    check_exists(app, &offer, client).await?;
    let is_limited = caller.principal.offers().ids().is_some();
    let pending = PendingCommand { request: Request { command, key }, caller };
    match app.batcher.submit(offer, pending).await.unwrap_or_else(|reason| Err(reason.into())) {
        // It exists, but the caller may not see it: treated as if it did not exist.
        Err(Error::OfferNotFound) if is_limited => Err(unknown_offer(app, client)),
        result => result,
    }
}

/// Whether the offer is being redeemed or was redeemed recently, which shows without a lookup that it exists.
fn is_known(app: &App, offer: &OfferRef) -> bool {
    app.batcher.processor().cache.contains(offer) || app.batcher.is_open(offer)
}

/// The offer, by its id if the caller may see only some offers. Those that the caller may not see are treated as if they
/// did not exist.
pub async fn visible_offer(
    app: &App,
    offer: OfferRef,
    principal: &Principal,
    client: IpAddr,
) -> Result<OfferRef, Error> {
    if principal.offers().ids().is_none() {
        return Ok(offer);
    }
    let id = match &offer {
        OfferRef::Id(id) => Some(*id),
        OfferRef::Code(_) => {
            let _permit = lookup_permit(app, client).await?;
            let mut tx = app.pool.snapshot().await?;
            let id = offers::offer_id(&mut tx, &offer).await?;
            tx.commit().await?;
            id
        }
    };
    match id.filter(|id| principal.offers().contains(*id)) {
        Some(id) => Ok(OfferRef::Id(id)),
        None => Err(unknown_offer(app, client)),
    }
}

/// Counts a request for an offer that does not exist, or that the client may not see.
fn unknown_offer(app: &App, client: IpAddr) -> Error {
    let now = Instant::now();
    match app.not_found.wait(client, now) {
        Some(wait) => Error::TooManyMisses { wait },
        None => {
            app.not_found.miss(client, now);
            Error::OfferNotFound
        }
    }
}

/// Rejects unknown offers before they open a queue or lock anything. An offer that is being redeemed needs no lookup.
async fn check_exists(app: &App, offer: &OfferRef, client: IpAddr) -> Result<(), Error> {
    if is_known(app, offer) {
        return Ok(());
    }
    let _permit = lookup_permit(app, client).await?;
    let mut tx = app.pool.snapshot().await?;
    let id = offers::offer_id(&mut tx, offer).await?;
    tx.commit().await?;
    if id.is_some() {
        return Ok(());
    }
    app.not_found.miss(client, Instant::now());
    Err(Error::OfferNotFound)
}

/// Waits for a turn to look something up, unless the client has named too many unknown offers or codes.
async fn lookup_permit(app: &App, client: IpAddr) -> Result<OwnedSemaphorePermit, Error> {
    let permit = app.lookups.acquire().await?;
    // Checked after waiting, because earlier requests of the client may have been misses.
    match app.not_found.wait(client, Instant::now()) {
        Some(wait) => Err(Error::TooManyMisses { wait }),
        None => Ok(permit),
    }
}

impl From<RejectReason> for Error {
    fn from(reason: RejectReason) -> Self {
        match reason {
            RejectReason::TooManyKeys => Error::Busy("too many offers are being redeemed"),
            RejectReason::QueueFull => Error::Busy("too many requests about this offer are waiting"),
            RejectReason::WaitedTooLong => Error::Busy("the request was not processed in time"),
            RejectReason::Lost => Error::OutcomeUnknown(None),
        }
    }
}
