//! The envelope of error responses, and the `x-request-id` header of all responses.

use std::fmt;

use actix_web::body::BoxBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::http::{StatusCode, header};
use actix_web::{HttpMessage, HttpRequest, HttpResponse};
use offercast_contract::{ErrorBody, Failure};
use uuid::Uuid;

use crate::error::ApiError;

/// Renders an error response in the contract's envelope, including those of actix-web, and adds `x-request-id` to every
/// response. Logs server errors.
pub fn with_envelope(response: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
    let mut response = match failure(&response) {
        Some(failure) => response.into_response(failure),
        None => response,
    };
    if let Ok(id) = HeaderValue::from_str(&request_id(response.request())) {
        response.headers_mut().insert(HeaderName::from_static("x-request-id"), id);
    }
    response
}

/// Names a request in its response and in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestId(Uuid);

impl RequestId {
    /// Gives the request an id.
    pub fn assign(request: &ServiceRequest) -> RequestId {
        let id = RequestId(Uuid::new_v4());
        request.extensions_mut().insert(id);
        id
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

pub fn request_id(request: &HttpRequest) -> String {
    request.extensions().get::<RequestId>().map(ToString::to_string).unwrap_or_default()
}

/// Returns the response to send instead of an error response. `None` for a successful response.
fn failure<B>(response: &ServiceResponse<B>) -> Option<HttpResponse> {
    let request = response.request();
    if let Some(error) = response.response().error() {
        return Some(match error.as_error::<ApiError>() {
            Some(error) => render(request, error),
            None => render(request, &framework_error(error.as_response_error().status_code())),
        });
    }
    let status = response.status();
    let is_failure = status.is_client_error() || status.is_server_error();
    is_failure.then(|| render(request, &framework_error(status)))
}

fn render(request: &HttpRequest, error: &ApiError) -> HttpResponse {
    let body = error_body(error, &request_id(request));
    log(error, &body.request_id);
    let mut response = HttpResponse::build(error.status);
    for (name, value) in &error.headers {
        response.insert_header((*name, value.as_str()));
    }
    response.insert_header((header::CACHE_CONTROL, "no-store"));
    if error.status == StatusCode::REQUEST_TIMEOUT {
        // Do not wait for the rest of the request.
        response.force_close();
    }
    response.json(Failure { status: false, message: error.message.clone(), error: body })
}

/// The `error` part of a response. `request_id` is the id of the current request; a replayed error keeps the original
/// id.
pub fn error_body(error: &ApiError, request_id: &str) -> ErrorBody {
    ErrorBody {
        code: error.code.to_owned(),
        request_id: error.request_id.clone().unwrap_or_else(|| request_id.to_owned()),
        redemption_id: error.redemption_id,
        fields: error.fields.clone(),
    }
}

/// Logs a server error (5xx) with its causes. Other errors are not logged.
pub fn log(error: &ApiError, request_id: &str) {
    if error.status.is_server_error() {
        let cause = error.source.as_ref().map(|cause| with_causes(cause));
        tracing::error!(request_id, code = error.code, error = cause, "request failed");
    }
}

/// The message of an error followed by those of its causes. The log formats would write only the first one.
pub fn with_causes(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}

/// The error for a response that actix-web itself rejected with this status.
pub fn framework_error(status: StatusCode) -> ApiError {
    let (code, message) = match status {
        StatusCode::PAYLOAD_TOO_LARGE => ("payload_too_large", "The body is too large"),
        StatusCode::NOT_FOUND => ("not_found", "Nothing exists at this path; see /docs for all calls"),
        StatusCode::NOT_ACCEPTABLE => {
            ("not_acceptable", "The Accept or Accept-Encoding header excludes every available format")
        }
        StatusCode::BAD_REQUEST => ("bad_request", "The request cannot be parsed"),
        status if status.is_client_error() => ("invalid_request", "The request is not valid"),
        _ => ("internal", "Internal error. Quote the request id to support"),
    };
    ApiError::new(status, code, message)
}
