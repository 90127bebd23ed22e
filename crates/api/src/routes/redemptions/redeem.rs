use actix_web::{HttpRequest, HttpResponse, post, web};
use offercast_app::App;
use offercast_contract::{Failure, RedeemRequest, Redeemed, Success};

use crate::convert;
use crate::error::ApiError;
use crate::extract::{Json, Key, OfferPath};
use crate::openapi::WriteFailures;
use crate::routes::answers;

/// Redeems an offer for an order. Refusals change nothing; the first reason in this order is given.
///
/// Sent again with the same `Idempotency-Key`, or for an `order_id` that stands redeemed, the same request
/// gets its first answer again and redeems nothing.
#[utoipa::path(tag = "redemptions", request_body = RedeemRequest,
    params(("offer" = String, Path, description = "Id or code"),
           ("Idempotency-Key" = Option<String>, Header, min_length = 1, max_length = 255, pattern = "^[!-~]{1,255}$", description = "1 to 255 visible ASCII characters. Belongs to \
              this offer and is kept for 24 hours or more; with another request: 422 `idempotency_key_reused`")),
    responses((status = 201, body = Success<Redeemed>, headers(
                  ("Idempotency-Replayed" = Option<String>, description = "`true` on an answer that is given again"))),
              (status = 409, body = Failure, description = "`offer_archived`, `offer_paused`, `offer_not_started`, \
                  `offer_expired`, `max_redemptions_reached`, `budget_exhausted`, `order_below_minimum` or \
                  `customer_limit_reached`; `order_already_redeemed` when the order stands redeemed for another customer \
                  or amount, by `redemption_id`"),
              WriteFailures))]
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
