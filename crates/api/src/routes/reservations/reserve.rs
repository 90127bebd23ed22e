use actix_web::{HttpRequest, HttpResponse, post, web};
use offercast_app::App;
use offercast_contract::{ReserveRequest, Reserved, Success};

use crate::error::ApiError;
use crate::extract::{IdempotencyHeader, Json, OfferPath, UncheckedOfferPath};
use crate::routes::documented_responses::ReserveFailures;
use crate::routes::{idempotency, redemption_responses};
use crate::{convert, examples};

/// Reserve the discount for an order
///
/// Holds the discount that redeeming would give, for example until a payment is complete. The held discount and one
/// redemption count towards every limit until the reservation is confirmed, is released or expires.
///
/// If an open reservation with the same order, customer and amount exists, it is returned instead of a new one.
#[utoipa::path(tag = "reservations", operation_id = "reserve_offer", params(OfferPath, IdempotencyHeader),
    request_body(description = "The order, and how long to hold the discount", content = ReserveRequest,
                 example = examples::reserve_request),
    responses((status = 201, description = "The reservation", body = Success<Reserved>,
               example = examples::reserved), ReserveFailures))]
#[post("/api/offers/{offer}/reserve")]
pub async fn reserve(
    app: web::Data<App>,
    offer: UncheckedOfferPath,
    key: IdempotencyHeader,
    body: Json<ReserveRequest>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let (draft, ttl_seconds) = convert::reservation_draft(body.0);
    let meta = idempotency::request_meta(&request, key);
    redemption_responses::respond(offercast_app::reserve(&app, &offer.0, &draft, ttl_seconds, meta).await)
}
