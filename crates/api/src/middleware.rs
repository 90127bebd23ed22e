//! Everything that happens around each request, in one middleware: actix allocates and moves every request and response
//! once per middleware, so several small ones would be measurably slower.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, web};
use tracing::Instrument;

use crate::access::{self, find_route};
use crate::edge::{self, Hosts, Limits, SlicedBody};
use crate::envelope::{self, RequestId};
use crate::telemetry::Measurement;

/// Gives the request an id, which is part of each of its log entries.
pub async fn around_request(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<SlicedBody>, Error> {
    let id = RequestId::assign(&request);
    handle(request, next).instrument(tracing::info_span!("request", %id)).await
}

/// Checks the request, calls the routes, and completes the response: large ones are counted, errors get the envelope,
/// and all get the security headers and the request id. Measures and logs the request, and tracks it for its
/// connection.
async fn handle(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<SlicedBody>, Error> {
    let pattern = request.match_pattern();
    let route = pattern.as_deref().and_then(|pattern| find_route(request.method(), pattern));
    let measurement = Measurement::start(request.method(), route, pattern.as_deref());
    let tracked = edge::track_request(&request);
    let limits = request.app_data::<web::Data<Limits>>().cloned();
    // Responses of the API depend on who asks; no cache may keep them for somebody else.
    let is_private = request.path().starts_with("/api");
    let checked = match &limits {
        Some(limits) => edge::check(request.request(), &limits.edge.hosts),
        None => edge::check(request.request(), &Hosts::default()),
    };
    let admitted = checked.and_then(|()| access::admit(&request, route));
    let remaining = admitted.as_ref().ok().copied().flatten();
    let (response, reserved) = match admitted {
        Ok(_) => edge::limit_response(next.call(request).await?, limits.as_deref().map(AsRef::as_ref)),
        Err(error) => (request.error_response(error), None),
    };
    let mut response = envelope::with_envelope(response);
    let is_behind_tls = limits.is_some_and(|limits| limits.edge.behind_tls);
    add_headers(response.response_mut().headers_mut(), is_private, is_behind_tls);
    if let Some(remaining) = remaining {
        remaining.add_to(response.headers_mut());
    }
    measurement.record(&response);
    Ok(tracked.send(response, reserved))
}

/// Adds the headers that a response does not set itself.
fn add_headers(headers: &mut HeaderMap, is_private: bool, is_behind_tls: bool) {
    let mut add = |name: HeaderName, value: &'static str| {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    };
    for (name, value) in SECURITY_HEADERS {
        add(name, value);
    }
    if is_private {
        add(header::CACHE_CONTROL, "private, no-store");
    }
    if is_behind_tls {
        add(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
}

/// Headers of responses that do not set them.
const SECURITY_HEADERS: [(HeaderName, &str); 4] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "same-origin"),
    // For responses other than pages; pages set their own policy.
    (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
];
