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
    let failure = failure(&response);
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

/// The answer to give instead, where this one says no in words that are not ours.
fn failure<B>(response: &ServiceResponse<B>) -> Option<HttpResponse> {
    let request = response.request();
    if let Some(error) = response.response().error() {
        return Some(match error.as_error::<ApiError>() {
            Some(error) => render(request, error),
            None => render(request, &of_framework(error.as_response_error().status_code())),
        });
    }
    let status = response.status();
    let says_no = status.is_client_error() || status.is_server_error();
    says_no.then(|| render(request, &of_framework(status)))
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
        // The rest of the request is not waited for.
        response.force_close();
    }
    response.json(Failure { status: false, message: error.message.clone(), error: body })
}

/// `request_id` is that of the request, unless the answer was an earlier one's.
pub fn error_body(error: &ApiError, request_id: &str) -> ErrorBody {
    ErrorBody {
        code: error.code.to_owned(),
        request_id: error.request_id.clone().unwrap_or_else(|| request_id.to_owned()),
        redemption_id: error.redemption_id,
        fields: error.fields.clone(),
    }
}

/// A failure of ours, once.
pub fn log(error: &ApiError, request_id: &str) {
    if error.status.is_server_error() {
        let cause = error.source.as_ref().map(|cause| chain(cause));
        tracing::error!(request_id, code = error.code, error = cause, "request failed");
    }
}

/// An error with its causes: the formats of the log write the first alone.
fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |chain, cause| format!("{chain}: {cause}"))
}

/// What actix itself refuses, in our words.
pub fn of_framework(status: StatusCode) -> ApiError {
    let (code, message) = match status {
        StatusCode::PAYLOAD_TOO_LARGE => ("payload_too_large", "The body is too large"),
        StatusCode::NOT_FOUND => ("not_found", "There is nothing here; /docs lists what there is"),
        StatusCode::NOT_ACCEPTABLE => {
            ("not_acceptable", "The headers Accept or Accept-Encoding leave no way to answer")
        }
        StatusCode::BAD_REQUEST => ("bad_request", "The request cannot be read"),
        status if status.is_client_error() => ("invalid_request", "The request is not valid"),
        _ => ("internal", "The server failed"),
    };
    ApiError::new(status, code, message)
}
