use actix_web::{HttpRequest, HttpResponse, post, web};
use offercast_app::App;
use offercast_contract::{ReverseRequest, Reversed, Success};

use crate::error::ApiError;
use crate::examples;
use crate::extract::{Key, MaybeJson, RedemptionPath};
use crate::routes::answers;
use crate::routes::responses::ReverseFailures;

/// Reverse a redemption
///
/// Gives back the money, the count and the use of the customer, and lets the order be redeemed again. A redemption can be
/// reversed once. The reversal is an entry of its own in the ledger.
#[utoipa::path(tag = "redemptions", operation_id = "reverse_redemption", params(RedemptionPath, Key),
    request_body(description = "The reason, which may be left out", content = ReverseRequest,
                 example = examples::reverse_request),
    responses((status = 201, description = "The reversal", body = Success<Reversed>,
               example = examples::reversed), ReverseFailures))]
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
