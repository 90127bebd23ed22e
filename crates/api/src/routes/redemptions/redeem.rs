use actix_web::{HttpRequest, HttpResponse, post, web};
use offercast_app::App;
use offercast_contract::{RedeemRequest, Redeemed, Success};

use crate::error::ApiError;
use crate::extract::{IdempotencyHeader, Json, OfferPath, UncheckedOfferPath};
use crate::routes::documented_responses::RedeemFailures;
use crate::routes::{idempotency, redemption_responses};
use crate::{convert, examples};

/// Redeem an offer for an order
///
/// Computes the discount, checks every limit and records the redemption. A declined redemption (409) changes nothing.
/// If it is declined for several reasons, the error code is the first one in the order of the 409 list below.
///
/// If the same request is sent again with the same `Idempotency-Key`, or for an `order_id` that was already redeemed,
/// it redeems nothing and gets the first response again.
#[utoipa::path(tag = "redemptions", operation_id = "redeem_offer", params(OfferPath, IdempotencyHeader),
    request_body(description = "The order", content = RedeemRequest, example = examples::redeem_request),
    responses((status = 201, description = "The redemption", body = Success<Redeemed>,
               example = examples::redeemed), RedeemFailures))]
#[post("/api/offers/{offer}/redeem")]
pub async fn redeem(
    app: web::Data<App>,
    offer: UncheckedOfferPath,
    key: IdempotencyHeader,
    body: Json<RedeemRequest>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let draft = convert::order_draft(body.0);
    let meta = idempotency::request_meta(&request, key);
    redemption_responses::respond(offercast_app::redeem(&app, &offer.0, &draft, meta).await)
}
