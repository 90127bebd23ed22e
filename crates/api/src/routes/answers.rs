//! How the answers of a lane go over the wire.

use std::net::{IpAddr, Ipv4Addr};

use actix_web::http::StatusCode;
use actix_web::http::header::ContentType;
use actix_web::{HttpRequest, HttpResponse, web};
use offercast_app::{Answer, Error, Kept, KeptAnswer, Keyed, Outcome, Sender};
use offercast_contract::Success;
use serde::Serialize;

use crate::convert;
use crate::edge::Limits;
use crate::envelope::request_id;
use crate::error::ApiError;
use crate::extract::Key;

/// Says that an answer is the first one to this request, given again.
pub const REPLAYED: (&str, &str) = ("idempotency-replayed", "true");

pub fn sender(request: &HttpRequest, key: Key) -> Sender {
    Sender { key: key.0, request_id: request_id(request), client: client(request) }
}

fn client(request: &HttpRequest) -> IpAddr {
    let limits = request.app_data::<web::Data<Limits>>();
    limits.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |limits| limits.client(request).address())
}

/// What makes two requests the same: the call, and the values of its body, however they were written.
pub fn keyed(key: Key, call: &str, request: &impl Serialize) -> Option<Keyed> {
    let request = || serde_json::to_string(request).expect("what was read can be written");
    key.0.map(|key| Keyed { key, request: format!("{call}\n{}", request()), former_request: None })
}

/// An answer that may be kept.
pub fn to_keep(status: StatusCode, headers: Vec<(String, String)>, body: &impl Serialize) -> KeptAnswer {
    let body = serde_json::to_string(body).expect("what the contract has can be written");
    KeptAnswer { status: status.as_u16(), headers, body }
}

/// Renders an answer that may have been kept.
pub fn kept(kept: Kept) -> HttpResponse {
    let status = StatusCode::from_u16(kept.answer.status).unwrap_or(StatusCode::OK);
    let mut response = HttpResponse::build(status);
    for (name, value) in kept.answer.headers {
        response.insert_header((name, value));
    }
    if kept.is_replay {
        response.insert_header(REPLAYED);
    }
    response.content_type(ContentType::json()).body(kept.answer.body)
}

/// Counts and renders what a lane has answered.
pub fn told(result: Result<Answer, Error>) -> Result<HttpResponse, ApiError> {
    let result = result.map_err(ApiError::from);
    count(&result);
    let answer = result?;
    let is_replay = answer.is_replay;
    match &answer.outcome {
        Outcome::Redeemed(redemption) => {
            Ok(done(StatusCode::CREATED, is_replay, "Redeemed", convert::redeemed(redemption)))
        }
        Outcome::Reversed(reversed) => {
            Ok(done(StatusCode::CREATED, is_replay, "Reversed", convert::reversed(reversed)))
        }
        Outcome::Reserved(reserved) => {
            Ok(done(StatusCode::CREATED, is_replay, "Reserved", convert::reserved(reserved)))
        }
        Outcome::Released(released) => {
            Ok(done(StatusCode::OK, is_replay, "Released", convert::released(released)))
        }
        _ => {
            let error = refused(answer);
            Err(if is_replay { error.with_header(REPLAYED.0, REPLAYED.1) } else { error })
        }
    }
}

fn done(status: StatusCode, is_replay: bool, message: &str, data: impl Serialize) -> HttpResponse {
    let mut response = HttpResponse::build(status);
    if is_replay {
        response.insert_header(REPLAYED);
    }
    response.json(Success::new(message, data))
}

/// What an answer says that is no.
pub fn refused(answer: Answer) -> ApiError {
    let code = answer.outcome.refusal_code().unwrap_or_default();
    let conflict = |message: String| ApiError::new(StatusCode::CONFLICT, code, message);
    let error = match answer.outcome {
        Outcome::OrderTaken { redemption_id } => {
            let why = format!("redemption {redemption_id} has redeemed this order already");
            ApiError { redemption_id: Some(redemption_id), ..conflict(format!("Not redeemed: {why}")) }
        }
        Outcome::CodeUsed { redemption_id } => {
            let why = format!("redemption {redemption_id} has used this code already");
            ApiError { redemption_id: Some(redemption_id), ..conflict(format!("Not redeemed: {why}")) }
        }
        Outcome::AlreadyReversed => conflict("The redemption has been taken back already".to_owned()),
        Outcome::ReservationExpired => {
            conflict("The time of the reservation is over, and what it held was given back".to_owned())
        }
        Outcome::ReservationClosed => {
            conflict("The reservation has been confirmed or released already".to_owned())
        }
        Outcome::Refused(refusal) => conflict(format!("Not redeemed: {refusal}")),
        Outcome::Redeemed(_) | Outcome::Reversed(_) | Outcome::Reserved(_) | Outcome::Released(_) => {
            conflict("It was done".to_owned())
        }
    };
    ApiError { request_id: Some(answer.request_id), ..error }
}

pub fn count(result: &Result<Answer, ApiError>) {
    let label = match result {
        Ok(answer) if answer.is_replay => "replayed",
        Ok(answer) => answer.outcome.refusal_code().unwrap_or_else(|| name(&answer.outcome)),
        Err(error) => error.code,
    };
    metrics::counter!("offercast_redemptions_total", "result" => label).increment(1);
}

fn name(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Reversed(_) => "reversed",
        Outcome::Reserved(_) => "reserved",
        Outcome::Released(_) => "released",
        _ => "accepted",
    }
}
