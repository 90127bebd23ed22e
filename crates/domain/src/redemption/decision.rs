use crate::{Grant, Refusal, Totals};

use super::{Hold, Standing};

/// The result of one command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// The command takes effect.
    Apply(Effect),
    /// The command was answered before and gets the same response.
    Replay(Prior),
    /// The command is declined. A retry under the same key gets the same response.
    Reject(Rejection<Prior>),
    /// The client made a mistake. Nothing is stored, so that the key can be used for the corrected request.
    Invalid(Invalid),
}

/// A change to the offer's ledger or reservations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    Redeem(Grant),
    /// Redeems, and marks the unique code as used.
    RedeemCode(Grant),
    Reverse {
        redemption: Standing,
        /// The offer's totals after the reversal.
        totals: Totals,
    },
    Reserve {
        grant: Grant,
        ttl_seconds: u32,
    },
    Confirm {
        hold: Hold,
        grant: Grant,
    },
    Release(Hold),
}

/// Why a command is declined. `R` names the redemption because of which it is: the engine's [`Prior`], or its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rejection<R> {
    /// By the offer's rules.
    Refused(Refusal),
    /// The order has been redeemed already, for another customer or amount or without this code; for a reservation, at
    /// all.
    OrderAlreadyRedeemed(R),
    CodeAlreadyUsed(R),
    AlreadyReversed,
    /// The reservation's time was over, and the hold was released.
    ReservationExpired,
    /// The reservation was confirmed or released before.
    ReservationClosed,
}

impl<R> Rejection<R> {
    /// The machine-readable code.
    pub fn code(&self) -> &'static str {
        match self {
            Rejection::Refused(refusal) => refusal.code(),
            Rejection::OrderAlreadyRedeemed(_) => "order_already_redeemed",
            Rejection::CodeAlreadyUsed(_) => "code_already_used",
            Rejection::AlreadyReversed => "already_reversed",
            Rejection::ReservationExpired => "reservation_expired",
            Rejection::ReservationClosed => "reservation_closed",
        }
    }

    /// The redemption because of which the command is declined.
    pub fn redemption(self) -> Option<R> {
        match self {
            Rejection::OrderAlreadyRedeemed(redemption) | Rejection::CodeAlreadyUsed(redemption) => {
                Some(redemption)
            }
            _ => None,
        }
    }

    /// Names the redemption in another way.
    pub fn try_map<T, E>(self, name: impl FnOnce(R) -> Result<T, E>) -> Result<Rejection<T>, E> {
        Ok(match self {
            Rejection::Refused(refusal) => Rejection::Refused(refusal),
            Rejection::OrderAlreadyRedeemed(redemption) => Rejection::OrderAlreadyRedeemed(name(redemption)?),
            Rejection::CodeAlreadyUsed(redemption) => Rejection::CodeAlreadyUsed(name(redemption)?),
            Rejection::AlreadyReversed => Rejection::AlreadyReversed,
            Rejection::ReservationExpired => Rejection::ReservationExpired,
            Rejection::ReservationClosed => Rejection::ReservationClosed,
        })
    }
}

impl Rejection<i64> {
    /// The rejection that was stored with this code and redemption. `None` for an unknown code.
    pub fn parse(code: &str, redemption_id: Option<i64>) -> Option<Rejection<i64>> {
        let of_redemption = |id| [Rejection::OrderAlreadyRedeemed(id), Rejection::CodeAlreadyUsed(id)];
        let others =
            [Rejection::AlreadyReversed, Rejection::ReservationExpired, Rejection::ReservationClosed];
        let mut known = redemption_id.into_iter().flat_map(of_redemption).chain(others);
        known.find(|known| known.code() == code).or_else(|| Refusal::parse(code).map(Rejection::Refused))
    }
}

/// A client's mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Invalid {
    /// The idempotency key belongs to another request.
    KeyReused,
    /// The caller may not see the offer, which is then treated as if it did not exist.
    UnknownOffer,
    UnknownRedemption,
    UnknownReservation,
    UnknownCode,
}

/// Where an earlier response is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prior {
    /// Stored under the idempotency key of the request itself.
    Key,
    /// A redemption in the ledger, by its id.
    Redemption(i64),
    /// A reservation, by its id.
    Reservation(i64),
    /// An earlier request of the same batch, by its position.
    InBatch(usize),
}
