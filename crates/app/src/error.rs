use std::sync::Arc;
use std::time::Duration;

use offercast_domain::FieldError;

/// Why a use case failed. Nothing was changed, except possibly in the case of [`Error::OutcomeUnknown`].
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
    #[error("there is no such key")]
    KeyNotFound,
    #[error("there is no such person")]
    UserNotFound,
    #[error("there is no such session")]
    SessionNotFound,
    /// The request has no credentials, or unknown, expired or revoked ones.
    #[error("the request is not authenticated")]
    Unauthenticated,
    /// The key or role does not allow it.
    #[error("{0}")]
    Forbidden(&'static str),
    /// The call is for people who are signed in, not for keys.
    #[error("only a signed-in person may do this")]
    PersonOnly,
    /// The address or the password is wrong, or the person is disabled.
    #[error("wrong e-mail address or password")]
    SignInFailed,
    #[error("the second factor is missing")]
    SecondFactorRequired,
    #[error("the second factor is wrong")]
    SecondFactorFailed,
    #[error("two-step verification is already on")]
    HasSecondFactor,
    /// The person who is signed in has entered a wrong password.
    #[error("the password is wrong")]
    WrongPassword,
    #[error("the link was used already, has expired or does not exist")]
    LinkInvalid,
    #[error("nobody else could administer")]
    LastOwner,
    #[error("the key has expired or was revoked")]
    KeyEnded,
    /// Too many wrong passwords or codes.
    #[error("too many failed attempts; try again in {} s", wait.as_secs_f32().ceil())]
    TooManyAttempts { wait: Duration },
    #[error("the request is not valid")]
    Invalid(Vec<FieldError>),
    #[error("the idempotency key was used for another request")]
    KeyReused,
    /// The offer was edited since the client read it.
    #[error("the offer was changed by somebody else; its current version is {current}")]
    Stale { current: i64 },
    /// The client sent too many requests for offers or codes that do not exist.
    #[error("too many requests for offers or codes that do not exist; try again in {} s", wait.as_secs_f32().ceil())]
    TooManyMisses { wait: Duration },
    /// Too many concurrent requests. A retry may work.
    #[error("{0}")]
    Busy(&'static str),
    /// The change was made completely or not at all, but which of the two is unknown: the database connection was lost
    /// during the commit, or the task that processed the request failed.
    #[error("it is unknown whether the change was made")]
    OutcomeUnknown(#[source] Option<Arc<offercast_storage::Error>>),
    /// In an `Arc`, because a failed batch returns the same error to all of its requests.
    #[error(transparent)]
    Storage(Arc<offercast_storage::Error>),
}

impl From<offercast_storage::Error> for Error {
    fn from(error: offercast_storage::Error) -> Self {
        match error {
            offercast_storage::Error::CodeTaken => {
                let message = "is used by another offer; codes do not distinguish upper and lower case";
                Error::Invalid(vec![FieldError::new("code", "taken", message)])
            }
            unknown @ offercast_storage::Error::OutcomeUnknown(_) => {
                Error::OutcomeUnknown(Some(Arc::new(unknown)))
            }
            other => Error::Storage(Arc::new(other)),
        }
    }
}
