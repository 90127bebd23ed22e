pub mod create;
pub mod edit;
pub mod list;
pub mod remove;
pub mod replace;
pub mod show;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use offercast_app::OfferView;
use offercast_contract::Success;
use utoipa::IntoParams;

use crate::convert;
use crate::error::ApiError;

/// A response with an offer, and its version as `ETag`.
fn respond(mut response: HttpResponseBuilder, message: &str, view: &OfferView) -> HttpResponse {
    response
        .insert_header((header::ETAG, format!("\"{}\"", view.stored.version)))
        .json(Success::new(message, convert::offer(view)))
}

/// The header `If-Match`, for the OpenAPI document.
#[derive(IntoParams)]
#[into_params(names("If-Match"), parameter_in = Header)]
#[expect(dead_code, reason = "describes the header; `expected_version` parses it")]
struct IfMatch(
    /// The `ETag` that you read before the edit. If the offer was edited since, the edit fails with 409 `stale_offer`.
    /// Has the same meaning as `version` in the body.
    #[param(value_type = Option<String>, required = false, example = "\"3\"")]
    String,
);

/// The version that the offer must have, from `If-Match` or else from the body. `None` if the edit has no condition.
fn expected_version(request: &HttpRequest, body: Option<i64>) -> Result<Option<i64>, ApiError> {
    let Some(header) = request.headers().get(header::IF_MATCH) else { return Ok(body) };
    let text = header.to_str().unwrap_or_default().trim();
    if text == "*" {
        return Ok(body);
    }
    let version = text.trim_start_matches("W/").trim_matches('"').parse().ok();
    version
        .map(Some)
        .ok_or_else(|| ApiError::field("If-Match", "invalid", "must be the ETag of the offer, such as \"3\""))
}
