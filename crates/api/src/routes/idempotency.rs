//! Idempotent requests: their metadata, and responses that are stored under an idempotency key.

use std::net::{IpAddr, Ipv4Addr};

use actix_web::http::StatusCode;
use actix_web::http::header::ContentType;
use actix_web::{HttpRequest, HttpResponse, web};
use offercast_app::{IdempotentRequest, IdempotentResponse, RequestMeta, StoredResponse};
use serde::Serialize;

use crate::access;
use crate::edge::Limits;
use crate::extract::IdempotencyHeader;

/// The header of a replayed response.
pub const REPLAYED: (&str, &str) = ("idempotency-replayed", "true");

/// The metadata of a request about an order: its idempotency key, who sends it, and the client's address.
pub fn request_meta(request: &HttpRequest, key: IdempotencyHeader) -> RequestMeta {
    RequestMeta { key: key.0, caller: access::caller(request), client: client_address(request) }
}

/// The address that limits are counted by.
pub fn client_address(request: &HttpRequest) -> IpAddr {
    let limits = request.app_data::<web::Data<Limits>>();
    limits.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |limits| limits.client(request).address())
}

/// The request to compare retries with. Two requests are the same if they are the same call with the same values,
/// however the values were written. `None` without an idempotency key.
pub fn idempotent_request(
    key: IdempotencyHeader,
    call: &str,
    request: &impl Serialize,
) -> Option<IdempotentRequest> {
    let request = || serde_json::to_string(request).expect("a parsed request can be serialized");
    key.0.map(|key| IdempotentRequest {
        key,
        fingerprint: format!("{call}\n{}", request()),
        former_fingerprint: None,
    })
}

/// A response in the form in which it can be stored.
pub fn storable_response(
    status: StatusCode,
    headers: Vec<(String, String)>,
    body: &impl Serialize,
) -> StoredResponse {
    let body = serde_json::to_string(body).expect("the contract's types can be serialized");
    StoredResponse { status: status.as_u16(), headers, body }
}

/// Renders a new or stored response. A stored one gets the header [`REPLAYED`].
pub fn render(idempotent: IdempotentResponse) -> HttpResponse {
    let IdempotentResponse { response: stored, is_replay } = idempotent;
    let status = StatusCode::from_u16(stored.status).unwrap_or(StatusCode::OK);
    let mut response = HttpResponse::build(status);
    for (name, value) in stored.headers {
        response.insert_header((name, value));
    }
    if is_replay {
        response.insert_header(REPLAYED);
    }
    response.content_type(ContentType::json()).body(stored.body)
}
