use chrono::{DateTime, NaiveDate, Utc};
use offercast_domain::redemption::{Hold, Rejection};
use offercast_domain::{Currency, Grant, Offer, OfferService};
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
    /// With the id of the redemption because of which it is rejected.
    Rejected(Rejection<i64>),
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

/// An open reservation.
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

/// A released reservation.
#[derive(Debug, Clone, PartialEq)]
pub struct Released {
    pub id: i64,
    pub offer_id: i64,
    pub currency: Currency,
    pub discount: Decimal,
}

impl Outcome {
    /// The error code of a rejection; `None` if the command took effect.
    pub fn rejection_code(&self) -> Option<&'static str> {
        match self {
            Outcome::Rejected(rejection) => Some(rejection.code()),
            Outcome::Redeemed(_) | Outcome::Reversed(_) | Outcome::Reserved(_) | Outcome::Released(_) => None,
        }
    }

    /// The redemption that the outcome names.
    pub fn redemption_id(&self) -> Option<i64> {
        match self {
            Outcome::Redeemed(redemption) => Some(redemption.id),
            Outcome::Rejected(rejection) => rejection.redemption(),
            Outcome::Reversed(_) | Outcome::Reserved(_) | Outcome::Released(_) => None,
        }
    }

    /// The row from which the outcome can be rebuilt.
    pub(super) fn stored_row(&self) -> Option<StoredRow> {
        match self {
            Outcome::Redeemed(Redemption { id, .. }) | Outcome::Reversed(Reversal { id, .. }) => {
                Some(StoredRow::LedgerEntry(*id))
            }
            Outcome::Reserved(Reserved { id, .. }) | Outcome::Released(Released { id, .. }) => {
                Some(StoredRow::Reservation(*id))
            }
            Outcome::Rejected(rejection) => rejection.redemption().map(StoredRow::LedgerEntry),
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
