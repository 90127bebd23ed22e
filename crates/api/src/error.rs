//! Error responses of the API.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};
use offercast_contract::FieldProblem;
use offercast_domain::FieldError;

/// A failed request. [`crate::envelope`] renders it as a response with the contract's `Failure` as body.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct ApiError {
    pub status: StatusCode,
    pub code: &'static str,
    pub message: String,
    pub fields: Vec<FieldProblem>,
    /// The existing redemption that prevented this one.
    pub redemption_id: Option<i64>,
    /// The id of the original request, if this is a replayed response.
    pub request_id: Option<String>,
    /// Additional headers of the response, such as `Allow`.
    pub headers: Vec<(&'static str, String)>,
    /// The cause of a server failure. It is logged and never sent to the client.
    #[source]
    pub source: Option<offercast_app::Error>,
}

/// `Retry-After` of 503 responses, in seconds.
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

    /// 422 `invalid_request` with the problems of one or more fields.
    pub fn invalid(fields: Vec<FieldProblem>) -> ApiError {
        let parts: Vec<String> = fields.iter().map(|f| format!("{} {}", f.field, f.message)).collect();
        let message = format!("The request is not valid: {}", parts.join("; "));
        ApiError { fields, ..ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_request", message) }
    }

    /// 422 `invalid_request` with the problem of one field, parameter or header.
    pub fn field(field: &str, code: &str, message: impl Into<String>) -> ApiError {
        let problem = FieldProblem { field: field.into(), code: code.into(), message: message.into() };
        ApiError::invalid(vec![problem])
    }

    /// 503 `busy`, with `Retry-After`. A retry may work.
    pub fn busy(message: impl Into<String>) -> ApiError {
        ApiError::unavailable("busy", message)
    }

    /// 503 `not_ready`, with `Retry-After`: the database or its schema is missing.
    pub fn not_ready() -> ApiError {
        let message = "The database cannot be used: is it running, and has `offercast migrate` been run?";
        ApiError::unavailable("not_ready", message)
    }

    fn unavailable(code: &'static str, message: impl Into<String>) -> ApiError {
        ApiError::new(StatusCode::SERVICE_UNAVAILABLE, code, message).with_header("retry-after", RETRY_AFTER)
    }

    fn not_found(code: &'static str, message: &str) -> ApiError {
        ApiError::new(StatusCode::NOT_FOUND, code, message)
    }

    fn unauthorized(code: &'static str, message: &str) -> ApiError {
        ApiError::new(StatusCode::UNAUTHORIZED, code, message)
    }

    fn internal(code: &'static str, message: impl Into<String>) -> ApiError {
        ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, code, message)
    }

    /// Adds the cause, for the log only.
    pub fn caused_by(self, cause: offercast_app::Error) -> ApiError {
        ApiError { source: Some(cause), ..self }
    }

    pub fn with_header(mut self, name: &'static str, value: impl Into<String>) -> ApiError {
        self.headers.push((name, value.into()));
        self
    }

    pub fn redemption_not_found() -> ApiError {
        let message = "There is no redemption with this id";
        ApiError::new(StatusCode::NOT_FOUND, "redemption_not_found", message)
    }

    pub fn reservation_not_found() -> ApiError {
        let message = "There is no reservation with this id";
        ApiError::new(StatusCode::NOT_FOUND, "reservation_not_found", message)
    }

    pub fn code_not_found() -> ApiError {
        let message = "This code does not exist; check every character";
        ApiError::new(StatusCode::NOT_FOUND, "code_not_found", message)
    }

    pub fn offer_not_found() -> ApiError {
        let message = "There is no offer with this id or code";
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
            Error::KeyNotFound => ApiError::not_found("key_not_found", "There is no key with this id"),
            Error::UserNotFound => ApiError::not_found("user_not_found", "There is no person with this id"),
            Error::SessionNotFound => ApiError::not_found("session_not_found", "There is no such session"),
            Error::Unauthenticated => {
                let message = "This request needs a valid API key (Authorization: Bearer ofc_...) or a signed-in person";
                ApiError::unauthorized("unauthenticated", message).with_header("www-authenticate", "Bearer")
            }
            Error::Forbidden(message) => ApiError::new(StatusCode::FORBIDDEN, "forbidden", message),
            Error::PersonOnly => {
                let message = "Only a signed-in person may do this, not an API key";
                ApiError::new(StatusCode::FORBIDDEN, "forbidden", message)
            }
            Error::SignInFailed => {
                let message = "The e-mail address or the password is wrong";
                ApiError::unauthorized("sign_in_failed", message)
            }
            Error::SecondFactorRequired => {
                let message = "Enter the code of your authenticator app, or a recovery code";
                ApiError::unauthorized("second_factor_required", message)
            }
            Error::SecondFactorFailed => {
                let message = "The code is wrong or was used already";
                ApiError::unauthorized("second_factor_failed", message)
            }
            Error::WrongPassword => ApiError::field("password", "wrong", "is wrong"),
            Error::LinkInvalid => {
                let message = "This link was used already or has expired; ask for a new one";
                ApiError::unauthorized("link_invalid", message)
            }
            Error::HasSecondFactor => {
                let message = "Two-step verification is on already; switch it off first";
                ApiError::new(StatusCode::CONFLICT, "second_factor_exists", message)
            }
            Error::LastOwner => {
                let message = "Somebody must be able to administer: make another person an owner first";
                ApiError::new(StatusCode::CONFLICT, "last_owner", message)
            }
            Error::KeyEnded => {
                let message = "The key has expired or was revoked; create a new one";
                ApiError::new(StatusCode::CONFLICT, "key_ended", message)
            }
            Error::TooManyAttempts { wait } => {
                let seconds = wait.as_secs() + 1;
                let message = format!("Too many failed attempts; try again in {seconds} s");
                ApiError::new(StatusCode::TOO_MANY_REQUESTS, "rate_limited", message)
                    .with_header("retry-after", seconds.to_string())
            }
            Error::Invalid(fields) => ApiError::invalid(fields.into_iter().map(problem).collect()),
            Error::KeyReused => {
                let message = "This Idempotency-Key was already used for a different request. A retry must repeat the \
                               original request; a new request needs a new key";
                ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "idempotency_key_reused", message)
            }
            Error::Stale { current } => {
                let message = format!(
                    "The offer was changed since you read it; its current version is {current}. Read it again and \
                     repeat your change"
                );
                ApiError::new(StatusCode::CONFLICT, "stale_offer", message)
            }
            Error::TooManyMisses { wait } => {
                let seconds = wait.as_secs() + 1;
                let message =
                    format!("Too many requests for unknown offers, codes or keys; try again in {seconds} s");
                ApiError::new(StatusCode::TOO_MANY_REQUESTS, "rate_limited", message)
                    .with_header("retry-after", seconds.to_string())
            }
            Error::Busy(_) => busy(error),
            Error::Storage(ref cause) if cause.is_temporary() => busy(error),
            Error::Storage(_) => {
                let message = "Internal error; nothing was changed. Quote the request id to support";
                ApiError::internal("internal", message).caused_by(error)
            }
            Error::OutcomeUnknown(_) => {
                let message = "The server or its database failed during the commit: each change was made completely \
                               or not at all. Check which before you retry";
                ApiError::internal("outcome_unknown", message).caused_by(error)
            }
        }
    }
}

fn busy(cause: offercast_app::Error) -> ApiError {
    ApiError::busy("The server is busy; nothing was changed. Try again").caused_by(cause)
}

fn problem(error: FieldError) -> FieldProblem {
    FieldProblem { field: error.field.into(), code: error.code.into(), message: error.message }
}
