use offercast_domain::{FieldError, Refusal};

/// Why a use case did not happen. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("there is no such offer")]
    OfferNotFound,
    #[error("the request is not valid")]
    Invalid(Vec<FieldError>),
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Somebody else has edited the offer since it was read.
    #[error("the offer has been changed meanwhile: its version is {current}")]
    Stale { current: i64 },
    #[error(transparent)]
    Storage(offercast_storage::Error),
}

impl From<offercast_storage::Error> for Error {
    fn from(error: offercast_storage::Error) -> Self {
        match error {
            offercast_storage::Error::CodeTaken => {
                let message = "belongs to another offer; codes are unique without regard to case";
                Error::Invalid(vec![FieldError::new("code", "taken", message)])
            }
            other => Error::Storage(other),
        }
    }
}
