use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};
use offercast_contract::FieldProblem;
use offercast_domain::FieldError;

/// An answer that says no. [`crate::envelope`] gives it its body, which carries the request's id.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct ApiError {
    pub status: StatusCode,
    pub code: &'static str,
    pub message: String,
    pub fields: Vec<FieldProblem>,
    /// The redemption that is in the way.
    pub redemption_id: Option<i64>,
    /// Of the request that was answered so first, when this is that answer again.
    pub request_id: Option<String>,
    /// Headers that belong to this answer, e.g. Allow.
    pub headers: Vec<(&'static str, String)>,
    /// What the log shall say, for failures that are ours.
    #[source]
    pub source: Option<offercast_app::Error>,
}

/// Seconds after which a client that met a busy server may try again.
const RETRY_AFTER: &str = "1";

impl ApiError {
    pub fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> ApiError {
        ApiError {
            status,
            code,
            message: message.into(),
            fields: Vec::new(),
            redemption_id: None,
            request_id: None,
            headers: Vec::new(),
            source: None,
        }
    }

    /// 422 with what is wrong with which field.
    pub fn invalid(fields: Vec<FieldProblem>) -> ApiError {
        let parts: Vec<String> = fields.iter().map(|f| format!("{} {}", f.field, f.message)).collect();
        let message = format!("The request is not valid: {}", parts.join("; "));
        ApiError { fields, ..ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_request", message) }
    }

    pub fn field(field: &str, code: &str, message: impl Into<String>) -> ApiError {
        let problem = FieldProblem { field: field.into(), code: code.into(), message: message.into() };
        ApiError::invalid(vec![problem])
    }

    pub fn with_header(mut self, name: &'static str, value: impl Into<String>) -> ApiError {
        self.headers.push((name, value.into()));
        self
    }

    pub fn redemption_not_found() -> ApiError {
        let message = "There is no such redemption: name it by its id";
        ApiError::new(StatusCode::NOT_FOUND, "redemption_not_found", message)
    }

    pub fn reservation_not_found() -> ApiError {
        let message = "There is no such reservation: name it by its id";
        ApiError::new(StatusCode::NOT_FOUND, "reservation_not_found", message)
    }

    pub fn code_not_found() -> ApiError {
        let message = "There is no such code: compare it with what is printed, character by character";
        ApiError::new(StatusCode::NOT_FOUND, "code_not_found", message)
    }

    pub fn offer_not_found() -> ApiError {
        let message = "There is no such offer: name it by its id or its code";
        ApiError::new(StatusCode::NOT_FOUND, "offer_not_found", message)
    }
}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status)
    }
}

impl From<offercast_app::Error> for ApiError {
    fn from(error: offercast_app::Error) -> Self {
        use offercast_app::Error;
        match error {
            Error::OfferNotFound => ApiError::offer_not_found(),
            Error::RedemptionNotFound => ApiError::redemption_not_found(),
            Error::ReservationNotFound => ApiError::reservation_not_found(),
            Error::CodeNotFound => ApiError::code_not_found(),
            Error::Invalid(fields) => ApiError::invalid(fields.into_iter().map(problem).collect()),
            Error::KeyReused => {
                let message = "This Idempotency-Key was sent with another request already: a retry repeats its \
                               request to the letter, and a new request has a new key";
                ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "idempotency_key_reused", message)
            }
            Error::Stale { current } => {
                let message = format!(
                    "The offer was changed by somebody else since you read it; its version is {current} now. \
                     Read it again and repeat your change"
                );
                ApiError::new(StatusCode::CONFLICT, "stale_offer", message)
            }
            Error::TooManyMisses { wait } => {
                let seconds = wait.as_secs() + 1;
                let message = format!("Too many offers or codes that do not exist; try again in {seconds} s");
                ApiError::new(StatusCode::TOO_MANY_REQUESTS, "rate_limited", message)
                    .with_header("retry-after", seconds.to_string())
            }
            Error::Busy(_) => busy(error),
            Error::Storage(ref cause) if cause.is_temporary() => busy(error),
            Error::Storage(_) => {
                let message =
                    "The server failed; nothing was changed. The request id leads to the cause in its log";
                ours(StatusCode::INTERNAL_SERVER_ERROR, "internal", message, error)
            }
            Error::OutcomeUnknown(_) => {
                let message = "The database went away while the change was being committed: it stands as a \
                               whole or not at all. Read before you repeat it";
                ours(StatusCode::INTERNAL_SERVER_ERROR, "outcome_unknown", message, error)
            }
        }
    }
}

fn busy(cause: offercast_app::Error) -> ApiError {
    let message = "The server is busy; nothing was changed. Try again";
    ours(StatusCode::SERVICE_UNAVAILABLE, "busy", message, cause).with_header("retry-after", RETRY_AFTER)
}

/// Details of a failure stay in the log.
fn ours(
    status: StatusCode,
    code: &'static str,
    message: &'static str,
    cause: offercast_app::Error,
) -> ApiError {
    ApiError { source: Some(cause), ..ApiError::new(status, code, message) }
}

fn problem(error: FieldError) -> FieldProblem {
    FieldProblem { field: error.field.into(), code: error.code.into(), message: error.message }
}
