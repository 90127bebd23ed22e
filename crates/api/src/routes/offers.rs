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

/// An offer in the envelope, its version as ETag.
fn answer(mut response: HttpResponseBuilder, message: &str, view: &OfferView) -> HttpResponse {
    response
        .insert_header((header::ETAG, format!("\"{}\"", view.stored.version)))
        .json(Success::new(message, convert::offer(view)))
}

/// The header that names the version which an editor had read.
#[derive(IntoParams)]
#[into_params(names("If-Match"), parameter_in = Header)]
#[expect(dead_code, reason = "it describes the header; `expected_version` reads it")]
struct IfMatch(
    /// The `ETag` of the offer as it was read. If the offer was edited since, the answer is 409 `stale_offer`. It has the same
    /// meaning as `version` in the body.
    #[param(value_type = Option<String>, required = false, example = "\"3\"")]
    String,
);

/// The version that an editor had read: from the body, or from `If-Match`.
fn expected_version(request: &HttpRequest, body: Option<i64>) -> Result<Option<i64>, ApiError> {
    let Some(header) = request.headers().get(header::IF_MATCH) else { return Ok(body) };
    let text = header.to_str().unwrap_or_default().trim();
    if text == "*" {
        return Ok(body);
    }
    let version = text.trim_start_matches("W/").trim_matches('"').parse().ok();
    version.map(Some).ok_or_else(|| {
        ApiError::field("If-Match", "invalid", "has to be the ETag of the offer, such as \"3\"")
    })
}
