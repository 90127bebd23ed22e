//! Responses of redemptions, reversals and reservations.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use offercast_app::{Error, Outcome, Response};
use offercast_contract::Success;
use offercast_domain::redemption::Rejection;
use serde::Serialize;

use crate::convert;
use crate::error::ApiError;
use crate::routes::idempotency::REPLAYED;

/// Counts and renders the result of a request about an order.
pub fn respond(result: Result<Response, Error>) -> Result<HttpResponse, ApiError> {
    let result = result.map_err(ApiError::from);
    count(&result);
    let response = result?;
    let is_replay = response.is_replay;
    match &response.outcome {
        Outcome::Redeemed(redemption) => {
            Ok(success(StatusCode::CREATED, is_replay, "Redeemed", convert::redeemed(redemption)))
        }
        Outcome::Reversed(reversed) => {
            Ok(success(StatusCode::CREATED, is_replay, "Reversed", convert::reversed(reversed)))
        }
        Outcome::Reserved(reserved) => {
            Ok(success(StatusCode::CREATED, is_replay, "Reserved", convert::reserved(reserved)))
        }
        Outcome::Released(released) => {
            Ok(success(StatusCode::OK, is_replay, "Released", convert::released(released)))
        }
        Outcome::Rejected(rejection) => {
            let error = conflict(*rejection, response.request_id);
            Err(if is_replay { error.with_header(REPLAYED.0, REPLAYED.1) } else { error })
        }
    }
}

fn success(status: StatusCode, is_replay: bool, message: &str, data: impl Serialize) -> HttpResponse {
    let mut response = HttpResponse::build(status);
    if is_replay {
        response.insert_header(REPLAYED);
    }
    response.json(Success::new(message, data))
}

/// The 409 response to a rejected request. `request_id`: of the request that was rejected first.
pub fn conflict(rejection: Rejection<i64>, request_id: String) -> ApiError {
    let message = match rejection {
        Rejection::OrderAlreadyRedeemed(redemption_id) => {
            format!("Not redeemed: redemption {redemption_id} already redeemed this order")
        }
        Rejection::CodeAlreadyUsed(redemption_id) => {
            format!("Not redeemed: redemption {redemption_id} already used this code")
        }
        Rejection::AlreadyReversed => "The redemption was already reversed".to_owned(),
        Rejection::ReservationExpired => {
            "The reservation has expired; the discount that it held was released".to_owned()
        }
        Rejection::ReservationClosed => "The reservation was already confirmed or released".to_owned(),
        Rejection::Refused(refusal) => format!("Not redeemed: {refusal}"),
    };
    let error = ApiError::new(StatusCode::CONFLICT, rejection.code(), message);
    ApiError { request_id: Some(request_id), redemption_id: rejection.redemption(), ..error }
}

/// Counts the result of a request about an order.
pub fn count(result: &Result<Response, ApiError>) {
    let label = match result {
        Ok(response) if response.is_replay => "replayed",
        Ok(response) => response.outcome.rejection_code().unwrap_or_else(|| success_label(&response.outcome)),
        Err(error) => error.code,
    };
    metrics::counter!("offercast_redemptions_total", "result" => label).increment(1);
}

fn success_label(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Reversed(_) => "reversed",
        Outcome::Reserved(_) => "reserved",
        Outcome::Released(_) => "released",
        _ => "accepted",
    }
}
