use actix_web::{HttpRequest, HttpResponse, post, web};
use offercast_app::App;
use offercast_contract::{ReverseRequest, Reversed, Success};

use crate::error::ApiError;
use crate::examples;
use crate::extract::{IdempotencyHeader, MaybeJson, RedemptionPath};
use crate::routes::documented_responses::ReverseFailures;
use crate::routes::{idempotency, redemption_responses};

/// Reverse a redemption
///
/// Reverses a redemption completely: it no longer counts towards the budget, the maximum and the customer's limit, and
/// the order can be redeemed again. A redemption can be reversed once. The reversal is a separate entry in the ledger.
#[utoipa::path(tag = "redemptions", operation_id = "reverse_redemption", params(RedemptionPath, IdempotencyHeader),
    request_body(description = "The reason (optional)", content = ReverseRequest,
                 example = examples::reverse_request),
    responses((status = 201, description = "The reversal", body = Success<Reversed>,
               example = examples::reversed), ReverseFailures))]
#[post("/api/redemptions/{id}/reverse")]
pub async fn reverse(
    app: web::Data<App>,
    redemption: RedemptionPath,
    key: IdempotencyHeader,
    body: MaybeJson<ReverseRequest>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let meta = idempotency::request_meta(&request, key);
    redemption_responses::respond(offercast_app::reverse(&app, redemption.0, body.0.reason, meta).await)
}
