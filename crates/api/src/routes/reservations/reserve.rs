use actix_web::{HttpRequest, HttpResponse, post, web};
use offercast_app::App;
use offercast_contract::{ReserveRequest, Reserved, Success};

use crate::error::ApiError;
use crate::extract::{Json, Key, OfferPath};
use crate::routes::answers;
use crate::routes::responses::ReserveFailures;
use crate::{convert, examples};

/// Reserve the discount for an order
///
/// Holds what redeeming would give while a payment is under way. The money and the use count against every limit until the
/// reservation is confirmed, released or expired.
///
/// If the same order, customer and amount already has an open reservation, the answer is that reservation.
#[utoipa::path(tag = "reservations", operation_id = "reserve_offer", params(OfferPath, Key),
    request_body(description = "The order, and how long to hold its discount", content = ReserveRequest,
                 example = examples::reserve_request),
    responses((status = 201, description = "The reservation", body = Success<Reserved>,
               example = examples::reserved), ReserveFailures))]
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
