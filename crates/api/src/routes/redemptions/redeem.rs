use actix_web::{HttpRequest, HttpResponse, post, web};
use offercast_app::App;
use offercast_contract::{RedeemRequest, Redeemed, Success};

use crate::error::ApiError;
use crate::extract::{Json, Key, OfferPath};
use crate::routes::answers;
use crate::routes::responses::RedeemFailures;
use crate::{convert, examples};

/// Redeem an offer for an order
///
/// Works out the discount, checks every limit and records the redemption. A refusal (409) changes nothing. If several
/// reasons speak against the redemption, the first one in the order of the list below is given.
///
/// A request that is sent again with the same `Idempotency-Key`, or for an `order_id` that has been redeemed, gets the first
/// answer again and redeems nothing.
#[utoipa::path(tag = "redemptions", operation_id = "redeem_offer", params(OfferPath, Key),
    request_body(description = "The order", content = RedeemRequest, example = examples::redeem_request),
    responses((status = 201, description = "The redemption", body = Success<Redeemed>,
               example = examples::redeemed), RedeemFailures))]
#[post("/api/offers/{offer}/redeem")]
pub async fn redeem(
    app: web::Data<App>,
    offer: OfferPath,
    key: Key,
    body: Json<RedeemRequest>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let draft = convert::order_draft(body.0);
    answers::told(offercast_app::redeem(&app, &offer.0, &draft, answers::sender(&request, key)).await)
}
