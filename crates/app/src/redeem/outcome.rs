use chrono::{DateTime, NaiveDate, Utc};
use offercast_domain::{Currency, Grant, Hold, Offer, OfferService, Refusal};
use offercast_storage::Named;
use rust_decimal::Decimal;

/// What a request about an offer was told.
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
    Reversed(Reversed),
    Reserved(Reserved),
    Released(Released),
    Refused(Refusal),
    /// Its order stands redeemed already, for another customer or amount.
    OrderTaken {
        redemption_id: i64,
    },
    /// Its code has been used already.
    CodeUsed {
        redemption_id: i64,
    },
    AlreadyReversed,
    /// Its time is over, and what it held was given back.
    ReservationExpired,
    /// It has been confirmed or released.
    ReservationClosed,
}

/// An accepted redemption.
#[derive(Debug, Clone, PartialEq)]
pub struct Redemption {
    pub id: i64,
    pub offer_id: i64,
    pub currency: Currency,
    pub discount: Decimal,
    /// What the terms give; more than the discount where the budget had less left.
    pub discount_asked: Decimal,
    pub redemption_date: NaiveDate,
    pub total_redemptions: i64,
    pub remaining_budget: Option<Decimal>,
}

/// A redemption that was taken back.
#[derive(Debug, Clone, PartialEq)]
pub struct Reversed {
    pub id: i64,
    pub redemption_id: i64,
    pub offer_id: i64,
    pub total_redemptions: i64,
    pub remaining_budget: Option<Decimal>,
}

/// A hold.
#[derive(Debug, Clone, PartialEq)]
pub struct Reserved {
    pub id: i64,
    pub offer_id: i64,
    pub currency: Currency,
    pub discount: Decimal,
    pub discount_asked: Decimal,
    pub expires_at: DateTime<Utc>,
    pub remaining_budget: Option<Decimal>,
}

/// A hold that was given back.
#[derive(Debug, Clone, PartialEq)]
pub struct Released {
    pub id: i64,
    pub offer_id: i64,
    pub currency: Currency,
    pub discount: Decimal,
}

/// The codes of the outcomes that are no refusals of the rules.
pub const ORDER_ALREADY_REDEEMED: &str = "order_already_redeemed";
pub const CODE_ALREADY_USED: &str = "code_already_used";
pub const ALREADY_REVERSED: &str = "already_reversed";
pub const RESERVATION_EXPIRED: &str = "reservation_expired";
pub const RESERVATION_CLOSED: &str = "reservation_closed";

impl Outcome {
    /// Why not, for programs; None if it was done.
    pub fn refusal_code(&self) -> Option<&'static str> {
        match self {
            Outcome::Redeemed(_) | Outcome::Reversed(_) | Outcome::Reserved(_) | Outcome::Released(_) => None,
            Outcome::Refused(refusal) => Some(refusal.code()),
            Outcome::OrderTaken { .. } => Some(ORDER_ALREADY_REDEEMED),
            Outcome::CodeUsed { .. } => Some(CODE_ALREADY_USED),
            Outcome::AlreadyReversed => Some(ALREADY_REVERSED),
            Outcome::ReservationExpired => Some(RESERVATION_EXPIRED),
            Outcome::ReservationClosed => Some(RESERVATION_CLOSED),
        }
    }

    /// The redemption that it tells of.
    pub fn redemption_id(&self) -> Option<i64> {
        match self {
            Outcome::Redeemed(redemption) => Some(redemption.id),
            Outcome::OrderTaken { redemption_id } | Outcome::CodeUsed { redemption_id } => {
                Some(*redemption_id)
            }
            _ => None,
        }
    }

    /// By what it is kept under a key.
    pub(super) fn names(&self) -> Option<Named> {
        match self {
            Outcome::Redeemed(Redemption { id, .. }) | Outcome::Reversed(Reversed { id, .. }) => {
                Some(Named::Recorded(*id))
            }
            Outcome::OrderTaken { redemption_id } | Outcome::CodeUsed { redemption_id } => {
                Some(Named::Recorded(*redemption_id))
            }
            Outcome::Reserved(Reserved { id, .. }) | Outcome::Released(Released { id, .. }) => {
                Some(Named::Reservation(*id))
            }
            _ => None,
        }
    }
}

impl Redemption {
    /// `after`: the offer as it stands after this redemption.
    pub(super) fn new(id: i64, after: &OfferService<'_>, grant: Grant) -> Redemption {
        Redemption {
            id,
            offer_id: after.offer.id,
            currency: after.offer.terms.currency,
            discount: grant.discount,
            discount_asked: grant.discount_asked,
            redemption_date: after.today,
            total_redemptions: grant.totals.redeemed,
            remaining_budget: after.remaining_budget(),
        }
    }
}

impl Released {
    pub(super) fn new(offer: &Offer, hold: &Hold) -> Released {
        Released { id: hold.id, offer_id: offer.id, currency: offer.terms.currency, discount: hold.discount }
    }
}
