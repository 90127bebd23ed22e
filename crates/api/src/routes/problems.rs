//! The failures of the API for its document. Each is made as a handler makes it, so that the example of a code is what
//! a client gets.

use std::sync::Arc;
use std::time::Duration;

use actix_web::http::StatusCode;
use offercast_app::{Answer, Error, Outcome, StorageError};
use offercast_contract::{Failure, FieldProblem, RedeemRequest};
use offercast_domain::Refusal;

use crate::edge;
use crate::envelope;
use crate::error::ApiError;
use crate::extract;
use crate::routes::answers;

/// The id under which the server of the examples has logged the request.
const REQUEST_ID: &str = "0198c5a2-7d4e-7b61-9d0f-3a5e8c21b7f4";
/// The redemption that is in the way in the examples.
const REDEMPTION_ID: i64 = 45;

/// A failure, and when a call answers with it.
pub struct Problem {
    pub error: ApiError,
    pub when: String,
}

impl Problem {
    fn new(error: ApiError, when: impl Into<String>) -> Problem {
        Problem { error, when: when.into() }
    }

    pub fn says_when_to_retry(&self) -> bool {
        self.error.headers.iter().any(|(name, _)| *name == "retry-after")
    }

    /// The body of the answer.
    pub fn body(&self) -> Failure {
        let error = envelope::error_body(&self.error, REQUEST_ID);
        Failure { status: false, message: self.error.message.clone(), error }
    }
}

pub fn offer_not_found() -> Vec<Problem> {
    vec![Problem::new(ApiError::offer_not_found(), "no offer has this id or code")]
}

pub fn redemption_not_found() -> Vec<Problem> {
    let when = "no redemption has this id; a reversal is not a redemption";
    vec![Problem::new(ApiError::redemption_not_found(), when)]
}

pub fn reservation_not_found() -> Vec<Problem> {
    vec![Problem::new(ApiError::reservation_not_found(), "no reservation has this id")]
}

pub fn code_not_found() -> Vec<Problem> {
    let when = "this is neither a unique code that was issued nor the code of an offer";
    vec![Problem::new(ApiError::code_not_found(), when)]
}

/// A body or parameter with a wrong value.
pub fn invalid() -> Vec<Problem> {
    let fields = vec![FieldProblem {
        field: "order_amount".to_owned(),
        code: "required".to_owned(),
        message: "is required".to_owned(),
    }];
    let when =
        "a field, parameter or header has a wrong value; `fields` names each and says what is accepted";
    vec![Problem::new(ApiError::invalid(fields), when)]
}

/// A body that cannot be read.
pub fn body() -> Vec<Problem> {
    let failure = |status, code, message: &str| ApiError::new(status, code, message);
    let broke_off = "The body broke off: the connection was closed";
    let too_large = "The body has to have 65536 bytes at most";
    vec![
        Problem::new(malformed_json(), "the body is not JSON"),
        Problem::new(
            failure(StatusCode::BAD_REQUEST, "malformed_body", broke_off),
            "the connection ended before the end of the body",
        ),
        Problem::new(
            failure(StatusCode::PAYLOAD_TOO_LARGE, "payload_too_large", too_large),
            "the body is larger than 64 KiB, or that of a batch than 1 MiB",
        ),
    ]
}

fn malformed_json() -> ApiError {
    match extract::parse::<RedeemRequest>(br#"{"customer_id": 1001, "order_amount": }"#) {
        Err(error) => error,
        Ok(_) => ApiError::new(StatusCode::BAD_REQUEST, "malformed_json", "The body is not JSON"),
    }
}

pub fn key_reused() -> Vec<Problem> {
    let when = "the Idempotency-Key was sent before, with another request";
    vec![Problem::new(Error::KeyReused.into(), when)]
}

pub fn stale_offer() -> Vec<Problem> {
    let when = "the offer was edited since the version that was sent; read it again and repeat the edit";
    vec![Problem::new(Error::Stale { current: 4 }.into(), when)]
}

/// Every reason of the rules against a reservation, in the order in which they are given.
pub fn reserve_refusals() -> Vec<Problem> {
    let problem = |refusal: Refusal| Problem::new(conflict(Outcome::Refused(refusal)), refusal.to_string());
    Refusal::ALL.map(problem).into_iter().collect()
}

/// Every reason against a redemption.
pub fn refusals() -> Vec<Problem> {
    let only_reserve = Refusal::HoldLimitReached.code();
    reserve_refusals().into_iter().filter(|problem| problem.error.code != only_reserve).collect()
}

pub fn order_already_redeemed() -> Vec<Problem> {
    let when = "the order has been redeemed already, by `redemption_id`, for another customer or amount or in another way";
    vec![Problem::new(conflict(Outcome::OrderTaken { redemption_id: REDEMPTION_ID }), when)]
}

pub fn code_already_used() -> Vec<Problem> {
    let when = "the unique code has been used already, by `redemption_id`";
    vec![Problem::new(conflict(Outcome::CodeUsed { redemption_id: REDEMPTION_ID }), when)]
}

pub fn already_reversed() -> Vec<Problem> {
    vec![Problem::new(conflict(Outcome::AlreadyReversed), "the redemption has been reversed before")]
}

pub fn reservation_over() -> Vec<Problem> {
    vec![
        Problem::new(conflict(Outcome::ReservationExpired), "the reservation has expired"),
        Problem::new(
            conflict(Outcome::ReservationClosed),
            "the reservation was confirmed or released before",
        ),
    ]
}

fn conflict(outcome: Outcome) -> ApiError {
    answers::refused(Answer { outcome, request_id: REQUEST_ID.to_owned(), is_replay: false })
}

/// What may happen to every request, before it is looked at.
pub fn request() -> Vec<Problem> {
    let slow = ApiError::new(
        StatusCode::REQUEST_TIMEOUT,
        "request_timeout",
        "The body did not arrive within 10 seconds",
    );
    let head = StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE;
    let head =
        ApiError::new(head, "head_too_large", "The request line and the headers have to have 16 KiB at most");
    vec![
        Problem::new(
            envelope::of_framework(StatusCode::NOT_ACCEPTABLE),
            "the headers Accept or Accept-Encoding exclude every answer",
        ),
        Problem::new(slow, "the headers or the body did not arrive in time; the connection is closed"),
        Problem::new(
            Error::TooManyMisses { wait: Duration::from_secs(2) }.into(),
            "the client has too many connections, streams or downloads open, or has named too many offers or codes that do \
             not exist; a retry after `Retry-After` seconds may work",
        ),
        Problem::new(head, "the request line and the headers have more than 16 KiB"),
        Problem::new(
            Error::Busy("no connection is free").into(),
            "the server is busy; nothing was changed, and a retry after `Retry-After` seconds may work",
        ),
    ]
}

pub fn other_host() -> Vec<Problem> {
    vec![Problem::new(edge::misdirected(), "the server does not answer to the host of the request")]
}

/// What may happen to every call of the API.
pub fn any() -> Vec<Problem> {
    let unreadable = Error::Storage(Arc::new(StorageError::Unreadable("a value".to_owned())));
    let mut problems = request();
    problems.extend(other_host());
    problems.push(Problem::new(unreadable.into(), "the server failed; nothing was changed"));
    problems.push(Problem::new(
        edge::not_json(),
        "there is a body, and its Content-Type is not application/json or it has a Content-Encoding",
    ));
    problems
}

/// What may happen to every call that changes something, or could.
pub fn change() -> Vec<Problem> {
    let when = "the connection to the database was lost during the commit: the change was made completely or not at all; \
                read before you repeat it";
    let mut problems = any();
    problems.push(Problem::new(edge::forbidden(), "a page of another site has sent the request"));
    problems.push(Problem::new(Error::OutcomeUnknown(None).into(), when));
    problems
}

pub fn not_ready() -> Vec<Problem> {
    let message = "The database cannot be used: is it running, and has `offercast migrate` been run?";
    let error = ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "not_ready", message);
    let error = error.with_header("retry-after", "1");
    vec![Problem::new(error, "the database or its migrations are missing")]
}
