use actix_web::{HttpRequest, HttpResponse, post, web};
use offercast_app::App;
use offercast_contract::{Failure, ReverseRequest, Reversed, Success};

use crate::error::ApiError;
use crate::extract::{Key, MaybeJson, RedemptionPath};
use crate::openapi::RedemptionFailures;
use crate::routes::answers;

/// Takes a redemption back, once: its money, its count and its customer's use come back, and its order may
/// redeem again. The reversal is an entry of the ledger of its own.
#[utoipa::path(tag = "redemptions", request_body = ReverseRequest,
    params(("id" = i64, Path, description = "Of the redemption"),
           ("Idempotency-Key" = Option<String>, Header, min_length = 1, max_length = 255, pattern = "^[!-~]{1,255}$", description = "As on redeem")),
    responses((status = 201, body = Success<Reversed>, headers(
                  ("Idempotency-Replayed" = Option<String>, description = "`true` on an answer that is given again"))),
              (status = 409, body = Failure, description = "`already_reversed`"),
              RedemptionFailures))]
#[post("/api/redemptions/{id}/reverse")]
pub async fn reverse(
    app: web::Data<App>,
    redemption: RedemptionPath,
    key: Key,
    body: MaybeJson<ReverseRequest>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let sender = answers::sender(&request, key);
    answers::told(offercast_app::reverse(&app, redemption.0, body.0.reason, sender).await)
}
