use actix_web::{HttpRequest, HttpResponse, post, web};
use offercast_app::App;
use offercast_contract::{RedeemByCodeRequest, RedeemRequest, Redeemed, Success};

use crate::error::ApiError;
use crate::extract::{Json, Key};
use crate::routes::answers;
use crate::routes::responses::CodeFailures;
use crate::{convert, examples};

/// Redeem an offer by a code
///
/// Redeems the offer that the code belongs to. The code is either a unique code, which can be used once, or the code of an
/// offer. The rules and the answers are those of `redeem_offer`.
///
/// A unique code is accepted in any case, with or without spaces and dashes, with O for 0 and with I or L for 1.
#[utoipa::path(tag = "codes", operation_id = "redeem_code", params(Key),
    request_body(description = "The code and the order", content = RedeemByCodeRequest,
                 example = examples::redeem_by_code_request),
    responses((status = 201, description = "The redemption", body = Success<Redeemed>,
               example = examples::redeemed), CodeFailures))]
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
