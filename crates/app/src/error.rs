use std::sync::Arc;
use std::time::Duration;

use offercast_domain::FieldError;

/// Why a use case did not happen. Nothing was changed, but for [`Error::OutcomeUnknown`].
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    #[error("there is no such offer")]
    OfferNotFound,
    #[error("there is no such redemption")]
    RedemptionNotFound,
    #[error("there is no such reservation")]
    ReservationNotFound,
    #[error("there is no such code")]
    CodeNotFound,
    #[error("the request is not valid")]
    Invalid(Vec<FieldError>),
    #[error("the idempotency key belongs to another request")]
    KeyReused,
    /// Somebody else has edited the offer since it was read.
    #[error("the offer has been changed meanwhile: its version is {current}")]
    Stale { current: i64 },
    /// The client has named too many offers or codes that do not exist.
    #[error("too many offers or codes that do not exist; the next may be named in {} s", wait.as_secs_f32().ceil())]
    TooManyMisses { wait: Duration },
    /// Too many want the same at once. A retry may work.
    #[error("{0}")]
    Busy(&'static str),
    /// It stands as a whole or not at all, and which of the two is not known: the database went away
    /// during the commit, or what was to do it broke down.
    #[error("whether it was done is not known")]
    OutcomeUnknown(#[source] Option<Arc<offercast_storage::Error>>),
    /// Shared, since a batch fails for all that are in it.
    #[error(transparent)]
    Storage(Arc<offercast_storage::Error>),
}

impl From<offercast_storage::Error> for Error {
    fn from(error: offercast_storage::Error) -> Self {
        match error {
            offercast_storage::Error::CodeTaken => {
                let message = "belongs to another offer; codes are unique without regard to case";
                Error::Invalid(vec![FieldError::new("code", "taken", message)])
            }
            unknown @ offercast_storage::Error::OutcomeUnknown(_) => {
                Error::OutcomeUnknown(Some(Arc::new(unknown)))
            }
            other => Error::Storage(Arc::new(other)),
        }
    }
}
