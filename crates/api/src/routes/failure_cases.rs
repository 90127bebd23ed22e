//! The failures of the API, for the OpenAPI document. Each error is created as in a handler, so that the example of an
//! error code is what clients receive.

use std::sync::Arc;
use std::time::Duration;

use actix_web::http::StatusCode;
use offercast_app::{Error, StorageError};
use offercast_contract::{Failure, FieldProblem, RedeemRequest};
use offercast_domain::Refusal;
use offercast_domain::access::Scope;
use offercast_domain::redemption::Rejection;

use crate::access::missing_scope;
use crate::edge::{self, Deadlines};
use crate::envelope;
use crate::error::ApiError;
use crate::extract;
use crate::routes::redemption_responses;

/// The request id in the examples.
const REQUEST_ID: &str = "0198c5a2-7d4e-7b61-9d0f-3a5e8c21b7f4";
/// The id of the existing redemption in the examples.
const REDEMPTION_ID: i64 = 45;

/// A failure, and when a call responds with it.
pub struct FailureCase {
    pub error: ApiError,
    pub when: String,
}

impl FailureCase {
    fn new(error: ApiError, when: impl Into<String>) -> FailureCase {
        FailureCase { error, when: when.into() }
    }

    pub fn has_retry_after(&self) -> bool {
        self.error.headers.iter().any(|(name, _)| *name == "retry-after")
    }

    /// The body of the response.
    pub fn body(&self) -> Failure {
        let error = envelope::error_body(&self.error, REQUEST_ID);
        Failure { status: false, message: self.error.message.clone(), error }
    }
}

pub fn offer_not_found() -> Vec<FailureCase> {
    vec![FailureCase::new(ApiError::offer_not_found(), "no offer has this id or code")]
}

pub fn redemption_not_found() -> Vec<FailureCase> {
    let when = "no redemption has this id; the id of a reversal is not accepted";
    vec![FailureCase::new(ApiError::redemption_not_found(), when)]
}

pub fn reservation_not_found() -> Vec<FailureCase> {
    vec![FailureCase::new(ApiError::reservation_not_found(), "no reservation has this id")]
}

pub fn code_not_found() -> Vec<FailureCase> {
    let when = "the code is neither an issued unique code nor the code of an offer";
    vec![FailureCase::new(ApiError::code_not_found(), when)]
}

/// A body, parameter or header with an invalid value.
pub fn invalid() -> Vec<FailureCase> {
    let fields = vec![FieldProblem {
        field: "order_amount".to_owned(),
        code: "required".to_owned(),
        message: "is required".to_owned(),
    }];
    let when = "a field, parameter or header is invalid; `fields` lists each one and what is accepted";
    vec![FailureCase::new(ApiError::invalid(fields), when)]
}

/// A body that cannot be received or parsed.
pub fn body() -> Vec<FailureCase> {
    let incomplete = "The body is incomplete: the connection was closed";
    let incomplete = ApiError::new(StatusCode::BAD_REQUEST, "malformed_body", incomplete);
    vec![
        FailureCase::new(malformed_json(), "the body is not valid JSON"),
        FailureCase::new(incomplete, "the connection was closed before the end of the body"),
        FailureCase::new(
            edge::body_too_large(extract::MAX_BODY),
            "the body is larger than 64 KiB, or than 1 MiB for a batch",
        ),
    ]
}

fn malformed_json() -> ApiError {
    match extract::parse::<RedeemRequest>(br#"{"customer_id": 1001, "order_amount": }"#) {
        Err(error) => error,
        Ok(_) => ApiError::new(StatusCode::BAD_REQUEST, "malformed_json", "The body is not JSON"),
    }
}

pub fn key_reused() -> Vec<FailureCase> {
    let when = "the Idempotency-Key was already used for a different request";
    vec![FailureCase::new(Error::KeyReused.into(), when)]
}

pub fn stale_offer() -> Vec<FailureCase> {
    let when = "the offer was edited after the version that you sent; read it again and repeat the edit";
    vec![FailureCase::new(Error::Stale { current: 4 }.into(), when)]
}

/// Every reason to decline a reservation, in the order in which they are checked.
pub fn reserve_refusals() -> Vec<FailureCase> {
    let case =
        |refusal: Refusal| FailureCase::new(conflict(Rejection::Refused(refusal)), refusal.to_string());
    Refusal::ALL.map(case).into_iter().collect()
}

/// Every reason to decline a redemption, in the order in which they are checked.
pub fn refusals() -> Vec<FailureCase> {
    let only_reserve = Refusal::HoldLimitReached.code();
    reserve_refusals().into_iter().filter(|case| case.error.code != only_reserve).collect()
}

pub fn order_already_redeemed() -> Vec<FailureCase> {
    let when = "the order was already redeemed, by `redemption_id`, and this request is not a retry of that redemption";
    vec![FailureCase::new(conflict(Rejection::OrderAlreadyRedeemed(REDEMPTION_ID)), when)]
}

pub fn code_already_used() -> Vec<FailureCase> {
    let when = "the unique code was already used, by `redemption_id`";
    vec![FailureCase::new(conflict(Rejection::CodeAlreadyUsed(REDEMPTION_ID)), when)]
}

pub fn already_reversed() -> Vec<FailureCase> {
    vec![FailureCase::new(conflict(Rejection::AlreadyReversed), "the redemption was already reversed")]
}

pub fn reservation_over() -> Vec<FailureCase> {
    vec![
        FailureCase::new(conflict(Rejection::ReservationExpired), "the reservation has expired"),
        FailureCase::new(
            conflict(Rejection::ReservationClosed),
            "the reservation was already confirmed or released",
        ),
    ]
}

fn conflict(rejection: Rejection<i64>) -> ApiError {
    redemption_responses::conflict(rejection, REQUEST_ID.to_owned())
}

/// Failures of every request, before a handler is called.
pub fn request() -> Vec<FailureCase> {
    let slow = edge::body_too_slow(Deadlines::default().body);
    let head = StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE;
    let head = ApiError::new(head, "head_too_large", edge::HEAD_TOO_LARGE);
    vec![
        FailureCase::new(
            envelope::framework_error(StatusCode::NOT_ACCEPTABLE),
            "the Accept or Accept-Encoding header excludes every available format",
        ),
        FailureCase::new(slow, "the headers or the body did not arrive in time; the connection is closed"),
        FailureCase::new(
            Error::TooManyMisses { wait: Duration::from_secs(2) }.into(),
            "the client has too many open connections, event streams or downloads, or requested too many offers or codes \
             that do not exist; a retry after `Retry-After` seconds may work",
        ),
        FailureCase::new(head, "the request line and the headers are larger than 16 KiB"),
        FailureCase::new(
            Error::Busy("no connection is free").into(),
            "the server is busy; nothing was changed, and a retry after `Retry-After` seconds may work",
        ),
    ]
}

pub fn other_host() -> Vec<FailureCase> {
    vec![FailureCase::new(edge::misdirected(), "the server does not accept requests for this host")]
}

/// The request has no valid credentials, or ones that do not suffice.
pub fn access() -> Vec<FailureCase> {
    vec![
        FailureCase::new(Error::Unauthenticated.into(), "the request has no valid API key or session"),
        FailureCase::new(
            missing_scope(Scope::OffersRead),
            "the key or role does not have the scope that the call needs, or a page of another site sent the request",
        ),
    ]
}

/// Failures of every API call that needs credentials.
pub fn any() -> Vec<FailureCase> {
    let mut cases = open();
    cases.extend(access());
    cases
}

/// Failures of every API call.
pub fn open() -> Vec<FailureCase> {
    let unreadable = Error::Storage(Arc::new(StorageError::Unreadable("a value".to_owned())));
    let mut cases = request();
    cases.extend(other_host());
    cases.push(FailureCase::new(unreadable.into(), "an internal error occurred; nothing was changed"));
    cases.push(FailureCase::new(
        edge::not_json(),
        "the request has a body whose Content-Type is not application/json, or a Content-Encoding",
    ));
    cases
}

fn one(error: impl Into<ApiError>, when: &str) -> Vec<FailureCase> {
    vec![FailureCase::new(error.into(), when)]
}

pub fn sign_in() -> Vec<FailureCase> {
    let mut cases = second_factor();
    cases.extend(one(Error::SignInFailed, "the address or the password is wrong, or the person is disabled"));
    cases
}

/// The person uses two-step verification.
pub fn second_factor() -> Vec<FailureCase> {
    vec![
        FailureCase::new(Error::SecondFactorRequired.into(), "`second_factor` is missing; all else is right"),
        FailureCase::new(Error::SecondFactorFailed.into(), "the second factor is wrong or was used already"),
    ]
}

pub fn second_factor_failed() -> Vec<FailureCase> {
    one(Error::SecondFactorFailed, "the code is wrong, or nothing is being set up")
}

pub fn second_factor_exists() -> Vec<FailureCase> {
    one(Error::HasSecondFactor, "two-step verification is on already")
}

pub fn link_invalid() -> Vec<FailureCase> {
    one(Error::LinkInvalid, "the link was used already, has expired or does not exist")
}

pub fn session_not_found() -> Vec<FailureCase> {
    one(Error::SessionNotFound, "the person has no session with this id")
}

pub fn user_not_found() -> Vec<FailureCase> {
    one(Error::UserNotFound, "no person has this id")
}

pub fn last_owner() -> Vec<FailureCase> {
    one(Error::LastOwner, "nobody else could administer")
}

pub fn key_not_found() -> Vec<FailureCase> {
    one(Error::KeyNotFound, "no key has this id")
}

pub fn key_ended() -> Vec<FailureCase> {
    one(Error::KeyEnded, "the key has expired or was revoked")
}

pub fn foreign_page() -> Vec<FailureCase> {
    one(
        edge::forbidden(),
        "a page of another site sent the request, or the header `X-Offercast-Request` is missing",
    )
}

pub fn unknown_outcome() -> Vec<FailureCase> {
    let when = "the server or its database failed during the commit: each change was made completely or not at all; check \
                which before you retry";
    one(Error::OutcomeUnknown(None), when)
}

/// Failures of every call with a method other than GET.
pub fn change() -> Vec<FailureCase> {
    let mut cases = any();
    cases.extend(unknown_outcome());
    cases
}

pub fn not_ready() -> Vec<FailureCase> {
    let when = "the database cannot be reached, or its schema is not the one that this version needs";
    vec![FailureCase::new(ApiError::not_ready(), when)]
}
