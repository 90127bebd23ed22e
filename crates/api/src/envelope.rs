use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::http::{StatusCode, header};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpRequest, HttpResponse};
use offercast_contract::{ErrorBody, Failure};
use tracing_actix_web::RequestId;

use crate::error::ApiError;

/// Gives every answer that says no the envelope of the contract, whoever said it, and every answer the
/// request's id in `x-request-id`. A failure of ours is logged here, once.
pub async fn wrap(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let response = next.call(request).await?;
    let failure = response.response().error().map(|error| failure(response.request(), error));
    let mut response = match failure {
        Some(failure) => response.into_response(failure),
        None => response.map_into_boxed_body(),
    };
    if let Ok(id) = HeaderValue::from_str(&request_id(response.request())) {
        response.headers_mut().insert(HeaderName::from_static("x-request-id"), id);
    }
    Ok(response)
}

pub fn request_id(request: &HttpRequest) -> String {
    request.extensions().get::<RequestId>().map(ToString::to_string).unwrap_or_default()
}

fn failure(request: &HttpRequest, error: &Error) -> HttpResponse {
    match error.as_error::<ApiError>() {
        Some(error) => render(request, error),
        None => render(request, &of_framework(error)),
    }
}

fn render(request: &HttpRequest, error: &ApiError) -> HttpResponse {
    let request_id = error.request_id.clone().unwrap_or_else(|| request_id(request));
    if error.status.is_server_error() {
        let cause = error.source.as_ref().map(|cause| cause as &dyn std::error::Error);
        tracing::error!(request_id, code = error.code, error = cause, "request failed");
    }
    let mut response = HttpResponse::build(error.status);
    for (name, value) in &error.headers {
        response.insert_header((*name, value.as_str()));
    }
    response.insert_header((header::CACHE_CONTROL, "no-store"));
    response.json(Failure {
        status: false,
        message: error.message.clone(),
        error: ErrorBody {
            code: error.code.to_owned(),
            request_id,
            redemption_id: error.redemption_id,
            fields: error.fields.clone(),
        },
    })
}

/// What actix itself refuses, in our words.
fn of_framework(error: &Error) -> ApiError {
    let status = error.as_response_error().status_code();
    let code = match status {
        StatusCode::PAYLOAD_TOO_LARGE => "payload_too_large",
        StatusCode::NOT_FOUND => "not_found",
        StatusCode::BAD_REQUEST => "bad_request",
        status if status.is_client_error() => "invalid_request",
        _ => "internal",
    };
    let message = if status.is_client_error() { error.to_string() } else { "The server failed".to_owned() };
    ApiError::new(status, code, message)
}
