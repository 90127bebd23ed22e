use actix_web::{HttpRequest, HttpResponse, post, web};
use offercast_app::App;
use offercast_contract::{RedeemByCodeRequest, RedeemRequest, Redeemed, Success};

use crate::error::ApiError;
use crate::extract::{IdempotencyHeader, Json};
use crate::routes::documented_responses::CodeFailures;
use crate::routes::{idempotency, redemption_responses};
use crate::{convert, examples};

/// Redeem an offer by a code
///
/// Redeems the offer that the code belongs to. The code is either a unique code, which can be used once, or the code of
/// an offer. Rules and responses are the same as for `redeem_offer`.
///
/// Unique codes are accepted in upper or lower case, with or without spaces and dashes, with O for 0, I or L for 1, and
/// U for V.
#[utoipa::path(tag = "codes", operation_id = "redeem_code", params(IdempotencyHeader),
    request_body(description = "The code and the order", content = RedeemByCodeRequest,
                 example = examples::redeem_by_code_request),
    responses((status = 201, description = "The redemption", body = Success<Redeemed>,
               example = examples::redeemed), CodeFailures))]
#[post("/api/redeem")]
pub async fn redeem_by_code(
    app: web::Data<App>,
    key: IdempotencyHeader,
    body: Json<RedeemByCodeRequest>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let RedeemByCodeRequest { code, customer_id, order_amount, order_id } = body.0;
    let draft = convert::order_draft(RedeemRequest { customer_id, order_amount, order_id });
    let meta = idempotency::request_meta(&request, key);
    redemption_responses::respond(
        offercast_app::redeem_by_code(&app, &code.unwrap_or_default(), &draft, meta).await,
    )
}
