//! Redeeming, reversing and reserving: a request waits in the lane of its offer, a batch decides and records it.

mod batch;
mod memory;
mod outcome;
mod recall;
mod sitting;

use std::net::IpAddr;
use std::time::{Duration, Instant};

use offercast_domain::{
    Ask, FieldError, IdempotencyKey, OfferCode, OfferRef, Order, OrderDraft, Request, UniqueCode, text,
};

use tokio::time::timeout;

use crate::lanes::Unserved;
use crate::{App, Error};

pub(crate) use batch::{Asked, Redeemer};
pub(crate) use memory::Memory;
pub use outcome::{
    ALREADY_REVERSED, Answer, CODE_ALREADY_USED, ORDER_ALREADY_REDEEMED, Outcome, RESERVATION_CLOSED,
    RESERVATION_EXPIRED, Redemption, Released, Reserved, Reversed,
};

/// What a request carries so that it can be sent again.
#[derive(Debug, Clone)]
pub struct Sender {
    pub key: Option<IdempotencyKey>,
    /// The id that a refusal will carry, now and when it is given again.
    pub request_id: String,
    /// Whom limits are counted for: the address that the request came from, of IPv6 its network.
    pub client: IpAddr,
}

/// Redeems an offer for an order, in the lane of the offer. With a key, or with an order that stands
/// redeemed already, the same request gets its first answer again.
pub async fn redeem(
    app: &App,
    offer: &OfferRef,
    draft: &OrderDraft,
    sender: Sender,
) -> Result<Answer, Error> {
    let order = draft.check().map_err(Error::Invalid)?;
    ask(app, offer.clone(), Ask::Redeem(order), sender).await
}

/// Redeems by a unique code, or by an offer's own.
pub async fn redeem_by_code(
    app: &App,
    code: &str,
    draft: &OrderDraft,
    sender: Sender,
) -> Result<Answer, Error> {
    let order = match (draft.check(), code.trim().is_empty()) {
        (Ok(order), false) => order,
        (order, no_code) => {
            let code = no_code.then(|| FieldError::required("code"));
            return Err(Error::Invalid(code.into_iter().chain(order.err().unwrap_or_default()).collect()));
        }
    };
    // A code with a typing error is none from here on.
    let client = sender.client;
    if let Some(code) = UniqueCode::parse(code) {
        match redeem_unique(app, &code, order.clone(), sender.clone()).await {
            // An offer's own code may happen to be written like one.
            Err(Error::OfferNotFound | Error::CodeNotFound) => {}
            told => return told,
        }
    }
    let Some(own) = OfferCode::parse(code.trim()) else {
        app.misses.miss(client, Instant::now());
        return Err(Error::CodeNotFound);
    };
    match ask(app, OfferRef::Code(own), Ask::Redeem(order), sender).await {
        Err(Error::OfferNotFound) => Err(Error::CodeNotFound),
        told => told,
    }
}

async fn redeem_unique(app: &App, code: &UniqueCode, order: Order, sender: Sender) -> Result<Answer, Error> {
    let (offer_id, code) = app.seal().await?.open(code).ok_or(Error::CodeNotFound)?;
    ask(app, OfferRef::Id(offer_id), Ask::RedeemCode { order, code }, sender).await
}

const DEFAULT_TTL_SECONDS: i64 = 900;

/// Holds what redeeming would give, until it is confirmed, released, or its time is over.
pub async fn reserve(
    app: &App,
    offer: &OfferRef,
    draft: &OrderDraft,
    ttl_seconds: Option<i64>,
    sender: Sender,
) -> Result<Answer, Error> {
    let (order, ttl_seconds) = match (draft.check(), ttl(ttl_seconds, app.hold_limits.max_seconds)) {
        (Ok(order), Ok(ttl_seconds)) => (order, ttl_seconds),
        (order, ttl_seconds) => {
            let of_order = order.err().unwrap_or_default().into_iter();
            return Err(Error::Invalid(of_order.chain(ttl_seconds.err()).collect()));
        }
    };
    ask(app, offer.clone(), Ask::Reserve { order, ttl_seconds }, sender).await
}

fn ttl(seconds: Option<i64>, max: u32) -> Result<u32, FieldError> {
    let seconds = seconds.unwrap_or(DEFAULT_TTL_SECONDS.min(max.into()));
    u32::try_from(seconds).ok().filter(|seconds| (1..=max).contains(seconds)).ok_or_else(|| {
        let message = format!("must be from 1 to {max}");
        FieldError::new("ttl_seconds", "out_of_range", message)
    })
}

/// Makes a redemption of what is held, whatever has become of the offer since.
pub async fn confirm(app: &App, reservation_id: i64, sender: Sender) -> Result<Answer, Error> {
    let offer = offer_of_reservation(app, reservation_id).await?;
    ask(app, offer, Ask::Confirm { reservation_id }, sender).await
}

/// Gives back what is held.
pub async fn release(app: &App, reservation_id: i64, sender: Sender) -> Result<Answer, Error> {
    let offer = offer_of_reservation(app, reservation_id).await?;
    ask(app, offer, Ask::Release { reservation_id }, sender).await
}

/// Gives back what is held for longer than it was to be; says how many reservations that were.
pub async fn expire_reservations(app: &App) -> Result<usize, Error> {
    let mut tx = app.pool.snapshot().await?;
    let offers = offercast_storage::offers_with_expired(&mut tx, app.clock.now()).await?;
    tx.commit().await?;
    let mut expired = 0;
    for offer_id in offers {
        // One that is locked for long must not keep the others from theirs.
        match app.lanes.work().expire(&OfferRef::Id(offer_id)).await {
            Ok(reservations) => expired += reservations,
            Err(error) => {
                let error = &error as &dyn std::error::Error;
                tracing::warn!(offer_id, error, "could not give back expired reservations");
            }
        }
    }
    Ok(expired)
}

async fn offer_of_reservation(app: &App, id: i64) -> Result<OfferRef, Error> {
    let mut tx = app.pool.snapshot().await?;
    let offer = offercast_storage::offer_of_reservation(&mut tx, id).await?;
    tx.commit().await?;
    offer.map(OfferRef::Id).ok_or(Error::ReservationNotFound)
}

/// Takes a redemption back, once: its money, its count and its customer's use come back, and its order may
/// redeem again.
pub async fn reverse(
    app: &App,
    redemption_id: i64,
    reason: Option<String>,
    sender: Sender,
) -> Result<Answer, Error> {
    text::reversal_reason(reason.as_deref()).map_err(|error| Error::Invalid(vec![error]))?;
    let mut tx = app.pool.snapshot().await?;
    let offer = offercast_storage::offer_of_redemption(&mut tx, redemption_id).await?;
    tx.commit().await?;
    let offer = OfferRef::Id(offer.ok_or(Error::RedemptionNotFound)?);
    ask(app, offer, Ask::Reverse { redemption_id, reason }, sender).await
}

/// How long a request waits for its turn to be looked up.
const LOOKUP_WAIT: Duration = Duration::from_secs(10);

/// Waits in the lane of the offer for the batch that decides it.
async fn ask(app: &App, offer: OfferRef, ask: Ask, sender: Sender) -> Result<Answer, Error> {
    let Sender { key, request_id, client } = sender;
    check_exists(app, &offer, client).await?;
    let asked = Asked { request: Request { ask, key }, request_id };
    app.lanes.ask(offer, asked).await.unwrap_or_else(|unserved| Err(unserved.into()))
}

/// Keeps what names no offer away from lanes and locks. An offer that is being redeemed is known without a look-up.
async fn check_exists(app: &App, offer: &OfferRef, client: IpAddr) -> Result<(), Error> {
    if app.lanes.work().memory.knows(offer) || app.lanes.is_open(offer) {
        return Ok(());
    }
    let permit = timeout(LOOKUP_WAIT, app.lookups.acquire()).await;
    let _permit = permit.map_err(|_| Error::Busy("too many offers are being looked up"))?;
    // Only now: those that were ahead may have been misses.
    if let Some(wait) = app.misses.wait(client, Instant::now()) {
        return Err(Error::TooManyMisses { wait });
    }
    let mut tx = app.pool.snapshot().await?;
    let exists = offercast_storage::offer_exists(&mut tx, offer).await?;
    tx.commit().await?;
    if exists {
        return Ok(());
    }
    app.misses.miss(client, Instant::now());
    Err(Error::OfferNotFound)
}

impl From<Unserved> for Error {
    fn from(unserved: Unserved) -> Self {
        match unserved {
            Unserved::TooManyLanes => Error::Busy("too many offers are being redeemed"),
            Unserved::QueueFull => Error::Busy("too many requests about this offer are waiting"),
            Unserved::WaitedTooLong => Error::Busy("the request's turn did not come in time"),
            Unserved::Lost => Error::OutcomeUnknown(None),
        }
    }
}
