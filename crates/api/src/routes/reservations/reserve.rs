use actix_web::{HttpRequest, HttpResponse, post, web};
use offercast_app::App;
use offercast_contract::{Failure, ReserveRequest, Reserved, Success};

use crate::convert;
use crate::error::ApiError;
use crate::extract::{Json, Key, OfferPath};
use crate::openapi::WriteFailures;
use crate::routes::answers;

/// Holds what redeeming would give, for as long as a payment takes. Held money and one use count against every
/// limit until the reservation is confirmed, released, or its time is over.
///
/// For an order for which the same is held already, the answer is that reservation.
#[utoipa::path(tag = "reservations", request_body = ReserveRequest,
    params(("offer" = String, Path, description = "Id or code"),
           ("Idempotency-Key" = Option<String>, Header, min_length = 1, max_length = 255, pattern = "^[!-~]{1,255}$", description = "As on redeem")),
    responses((status = 201, body = Success<Reserved>, headers(
                  ("Idempotency-Replayed" = Option<String>, description = "`true` on an answer that is given again"))),
              (status = 409, body = Failure, description = "As on redeem; `order_already_redeemed` for any order that \
                  stands redeemed"),
              WriteFailures))]
#[post("/api/offers/{offer}/reserve")]
pub async fn reserve(
    app: web::Data<App>,
    offer: OfferPath,
    key: Key,
    body: Json<ReserveRequest>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let (draft, ttl_seconds) = convert::reservation_draft(body.0);
    let sender = answers::sender(&request, key);
    answers::told(offercast_app::reserve(&app, &offer.0, &draft, ttl_seconds, sender).await)
}
