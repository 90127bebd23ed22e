use actix_web::{HttpRequest, HttpResponse, post, web};
use offercast_app::App;
use offercast_contract::{Failure, RedeemByCodeRequest, RedeemRequest, Redeemed, Success};

use crate::convert;
use crate::error::ApiError;
use crate::extract::{Json, Key};
use crate::openapi::CodeFailures;
use crate::routes::answers;

/// Redeems the offer that a code belongs to: a unique code, which does so once, or the offer's own. Otherwise it is
/// decided and answered as redeem is.
///
/// A unique code is read as people type it: in any case, with spaces and dashes where they like, O for 0, I or L for 1.
#[utoipa::path(tag = "codes", request_body = RedeemByCodeRequest,
    params(("Idempotency-Key" = Option<String>, Header, min_length = 1, max_length = 255, pattern = "^[!-~]{1,255}$", description = "As on redeem")),
    responses((status = 201, body = Success<Redeemed>, headers(
                  ("Idempotency-Replayed" = Option<String>, description = "`true` on an answer that is given again"))),
              (status = 409, body = Failure, description = "`code_already_used`, by `redemption_id`; else as on redeem; `order_already_redeemed` also when the \
                  order stands redeemed otherwise than by this code"),
              CodeFailures))]
#[post("/api/redeem")]
pub async fn redeem_by_code(
    app: web::Data<App>,
    key: Key,
    body: Json<RedeemByCodeRequest>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let RedeemByCodeRequest { code, customer_id, order_amount, order_id } = body.0;
    let draft = convert::order_draft(RedeemRequest { customer_id, order_amount, order_id });
    let sender = answers::sender(&request, key);
    answers::told(offercast_app::redeem_by_code(&app, &code.unwrap_or_default(), &draft, sender).await)
}
