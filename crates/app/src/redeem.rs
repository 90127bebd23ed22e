//! Redeeming: a request waits in the lane of its offer, a batch decides and records it.

mod batch;
mod memory;
mod recall;
mod sitting;

use chrono::{DateTime, NaiveDate, Utc};
use offercast_domain::{
    Currency, Grant, IdempotencyKey, OfferRef, OfferService, OrderDraft, RedeemRequest, Refusal,
};
use rust_decimal::Decimal;

use crate::lanes::Unserved;
use crate::{App, Error};

pub(crate) use batch::{Asked, Redeemer};
pub(crate) use memory::Memory;

/// An accepted redemption.
#[derive(Debug, Clone, PartialEq)]
pub struct Redemption {
    pub id: i64,
    pub offer_id: i64,
    pub currency: Currency,
    pub discount: Decimal,
    pub redeemed_at: DateTime<Utc>,
    pub redemption_date: NaiveDate,
    pub total_redemptions: i64,
    pub remaining_budget: Option<Decimal>,
}

/// What a request to redeem was told.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    pub outcome: Outcome,
    /// The id of the request that was told so first.
    pub request_id: String,
    /// Whether it is the answer of an earlier request, given again.
    pub is_replay: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    Redeemed(Redemption),
    Refused(Refusal),
    /// Its order stands redeemed already, for another customer or amount.
    OrderTaken {
        redemption_id: i64,
    },
}

/// The code of [`Outcome::OrderTaken`].
pub const ORDER_ALREADY_REDEEMED: &str = "order_already_redeemed";

impl Outcome {
    /// Why not, for programs; None if redeemed.
    pub fn refusal_code(&self) -> Option<&'static str> {
        match self {
            Outcome::Redeemed(_) => None,
            Outcome::Refused(refusal) => Some(refusal.code()),
            Outcome::OrderTaken { .. } => Some(ORDER_ALREADY_REDEEMED),
        }
    }

    /// The redemption that it tells of.
    pub fn redemption_id(&self) -> Option<i64> {
        match self {
            Outcome::Redeemed(redemption) => Some(redemption.id),
            Outcome::Refused(_) => None,
            Outcome::OrderTaken { redemption_id } => Some(*redemption_id),
        }
    }
}

impl Redemption {
    /// `after`: the offer as it stands after this redemption.
    fn new(id: i64, after: &OfferService<'_>, grant: Grant, redeemed_at: DateTime<Utc>) -> Redemption {
        Redemption {
            id,
            offer_id: after.offer.id,
            currency: after.offer.terms.currency,
            discount: grant.discount,
            redeemed_at,
            redemption_date: after.today,
            total_redemptions: grant.totals.redeemed,
            remaining_budget: after.remaining_budget(),
        }
    }
}

/// Redeems an offer for an order, in the lane of the offer. With a key, or with an order that stands
/// redeemed already, the same request gets its first answer again.
///
/// `request_id` is the id that a refusal will carry, now and when it is given again.
pub async fn redeem(
    app: &App,
    offer: &OfferRef,
    draft: &OrderDraft,
    key: Option<IdempotencyKey>,
    request_id: String,
) -> Result<Answer, Error> {
    let order = draft.check().map_err(Error::Invalid)?;
    let asked = Asked { request: RedeemRequest { order, key }, request_id };
    app.lanes.ask(offer.clone(), asked).await.unwrap_or_else(|unserved| Err(unserved.into()))
}

impl From<Unserved> for Error {
    fn from(unserved: Unserved) -> Self {
        match unserved {
            Unserved::QueueFull => Error::Busy("too many redemptions of this offer are waiting"),
            Unserved::WaitedTooLong => Error::Busy("the redemption's turn did not come in time"),
            Unserved::Lost => Error::OutcomeUnknown(None),
        }
    }
}
