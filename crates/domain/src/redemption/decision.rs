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
    Reject(Rejection),
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

/// Why a command is declined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rejection {
    /// By the offer's rules.
    Refused(Refusal),
    /// The order has been redeemed already, for another customer or amount or without this code; for a reservation, at all.
    OrderAlreadyRedeemed(Prior),
    CodeAlreadyUsed(Prior),
    AlreadyReversed,
    /// The reservation's time was over, and the hold was released.
    ReservationExpired,
    /// The reservation was confirmed or released before.
    ReservationClosed,
}

impl Rejection {
    /// The redemption because of which the command is declined.
    pub fn prior(self) -> Option<Prior> {
        match self {
            Rejection::OrderAlreadyRedeemed(prior) | Rejection::CodeAlreadyUsed(prior) => Some(prior),
            _ => None,
        }
    }
}

/// A client's mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Invalid {
    /// The idempotency key belongs to another request.
    KeyReused,
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
