use chrono::{DateTime, NaiveDate, Utc};
use offercast_domain::redemption::{Hold, Rejection};
use offercast_domain::{Currency, Grant, Offer, OfferService, Refusal};
use offercast_storage::redemption::commit_batch::StoredRow;
use offercast_storage::redemption::prior::Entry;
use offercast_storage::redemption::reservations::Reservation;
use rust_decimal::Decimal;

/// The response to a command.
#[derive(Debug, Clone, PartialEq)]
pub struct Response {
    pub outcome: Outcome,
    /// The id of the request that got this response first.
    pub request_id: String,
    /// Whether it repeats the response to an earlier request.
    pub is_replay: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    Redeemed(Redemption),
    Reversed(Reversal),
    Reserved(Reserved),
    Released(Released),
    /// By the offer's rules.
    Refused(Refusal),
    /// The order has been redeemed already, for another customer or amount or without this code; for a reservation, at all.
    OrderAlreadyRedeemed {
        redemption_id: i64,
    },
    CodeAlreadyUsed {
        redemption_id: i64,
    },
    AlreadyReversed,
    /// The reservation's time was over, and the hold was released.
    ReservationExpired,
    /// The reservation was confirmed or released before.
    ReservationClosed,
}

/// An accepted redemption.
#[derive(Debug, Clone, PartialEq)]
pub struct Redemption {
    pub id: i64,
    pub offer_id: i64,
    pub currency: Currency,
    pub discount: Decimal,
    /// The discount by the offer's terms; larger than `discount` if the budget had less left.
    pub discount_asked: Decimal,
    pub redemption_date: NaiveDate,
    pub total_redemptions: i64,
    pub remaining_budget: Option<Decimal>,
}

/// A reversal: `id` is its ledger entry, `redemption_id` the redemption that it cancels.
#[derive(Debug, Clone, PartialEq)]
pub struct Reversal {
    pub id: i64,
    pub redemption_id: i64,
    pub offer_id: i64,
    pub total_redemptions: i64,
    pub remaining_budget: Option<Decimal>,
}

/// An open hold.
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

/// A released hold.
#[derive(Debug, Clone, PartialEq)]
pub struct Released {
    pub id: i64,
    pub offer_id: i64,
    pub currency: Currency,
    pub discount: Decimal,
}

/// The error codes of rejections that are not a [`Refusal`].
pub const ORDER_ALREADY_REDEEMED: &str = "order_already_redeemed";
pub const CODE_ALREADY_USED: &str = "code_already_used";
pub const ALREADY_REVERSED: &str = "already_reversed";
pub const RESERVATION_EXPIRED: &str = "reservation_expired";
pub const RESERVATION_CLOSED: &str = "reservation_closed";

/// The error code of a rejection.
pub(super) fn rejection_code(rejection: Rejection) -> &'static str {
    match rejection {
        Rejection::Refused(refusal) => refusal.code(),
        Rejection::OrderAlreadyRedeemed(_) => ORDER_ALREADY_REDEEMED,
        Rejection::CodeAlreadyUsed(_) => CODE_ALREADY_USED,
        Rejection::AlreadyReversed => ALREADY_REVERSED,
        Rejection::ReservationExpired => RESERVATION_EXPIRED,
        Rejection::ReservationClosed => RESERVATION_CLOSED,
    }
}

impl Outcome {
    /// The outcome of a rejection that was stored with this code. `None` for an unknown code.
    pub(super) fn rejected(code: &str, redemption_id: Option<i64>) -> Option<Outcome> {
        match (code, redemption_id) {
            (ORDER_ALREADY_REDEEMED, Some(redemption_id)) => {
                Some(Outcome::OrderAlreadyRedeemed { redemption_id })
            }
            (CODE_ALREADY_USED, Some(redemption_id)) => Some(Outcome::CodeAlreadyUsed { redemption_id }),
            (ALREADY_REVERSED, _) => Some(Outcome::AlreadyReversed),
            (RESERVATION_EXPIRED, _) => Some(Outcome::ReservationExpired),
            (RESERVATION_CLOSED, _) => Some(Outcome::ReservationClosed),
            (code, _) => Refusal::parse(code).map(Outcome::Refused),
        }
    }

    /// The error code of a rejection; `None` if the command took effect.
    pub fn rejection_code(&self) -> Option<&'static str> {
        match self {
            Outcome::Redeemed(_) | Outcome::Reversed(_) | Outcome::Reserved(_) | Outcome::Released(_) => None,
            Outcome::Refused(refusal) => Some(refusal.code()),
            Outcome::OrderAlreadyRedeemed { .. } => Some(ORDER_ALREADY_REDEEMED),
            Outcome::CodeAlreadyUsed { .. } => Some(CODE_ALREADY_USED),
            Outcome::AlreadyReversed => Some(ALREADY_REVERSED),
            Outcome::ReservationExpired => Some(RESERVATION_EXPIRED),
            Outcome::ReservationClosed => Some(RESERVATION_CLOSED),
        }
    }

    /// The redemption that the outcome names.
    pub fn redemption_id(&self) -> Option<i64> {
        match self {
            Outcome::Redeemed(redemption) => Some(redemption.id),
            Outcome::OrderAlreadyRedeemed { redemption_id } | Outcome::CodeAlreadyUsed { redemption_id } => {
                Some(*redemption_id)
            }
            _ => None,
        }
    }

    /// The row from which the outcome can be rebuilt.
    pub(super) fn stored_row(&self) -> Option<StoredRow> {
        match self {
            Outcome::Redeemed(Redemption { id, .. })
            | Outcome::Reversed(Reversal { id, .. })
            | Outcome::OrderAlreadyRedeemed { redemption_id: id }
            | Outcome::CodeAlreadyUsed { redemption_id: id } => Some(StoredRow::LedgerEntry(*id)),
            Outcome::Reserved(Reserved { id, .. }) | Outcome::Released(Released { id, .. }) => {
                Some(StoredRow::Reservation(*id))
            }
            _ => None,
        }
    }

    /// The outcome that led to a ledger entry, which holds everything that the response contained.
    pub(super) fn of_entry(offer: &Offer, entry: &Entry) -> Outcome {
        match entry.reverses {
            None => Outcome::Redeemed(Redemption::of_entry(offer, entry)),
            Some(redemption_id) => Outcome::Reversed(Reversal {
                id: entry.id,
                redemption_id,
                offer_id: offer.id,
                total_redemptions: entry.totals.redeemed,
                remaining_budget: entry.budget.map(|budget| entry.totals.left_of(budget)),
            }),
        }
    }
}

impl Redemption {
    /// `after` describes the offer after this redemption.
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

    pub(super) fn of_entry(offer: &Offer, entry: &Entry) -> Redemption {
        Redemption {
            id: entry.id,
            offer_id: offer.id,
            // Cannot be changed once the offer has been redeemed.
            currency: offer.terms.currency,
            discount: entry.discount,
            discount_asked: entry.discount_asked,
            redemption_date: entry.redemption_date,
            total_redemptions: entry.totals.redeemed,
            remaining_budget: entry.budget.map(|budget| entry.totals.left_of(budget)),
        }
    }
}

impl Reserved {
    pub(super) fn of_reservation(offer: &Offer, reservation: &Reservation) -> Reserved {
        Reserved {
            id: reservation.hold.id,
            offer_id: offer.id,
            currency: offer.terms.currency,
            discount: reservation.hold.discount,
            discount_asked: reservation.hold.discount_asked,
            expires_at: reservation.expires_at,
            remaining_budget: reservation.remaining_budget,
        }
    }
}

impl Released {
    pub(super) fn new(offer: &Offer, hold: &Hold) -> Released {
        Released { id: hold.id, offer_id: offer.id, currency: offer.terms.currency, discount: hold.discount }
    }
}
