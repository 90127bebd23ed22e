use actix_web::{HttpRequest, HttpResponse, post, web};
use offercast_app::App;
use offercast_contract::{Released, Success};

use crate::error::ApiError;
use crate::examples;
use crate::extract::{IdempotencyHeader, ReservationPath};
use crate::routes::documented_responses::ReleaseFailures;
use crate::routes::{idempotency, redemption_responses};

/// Release a reservation
///
/// Cancels the reservation. The discount and the redemption that it holds become available again.
#[utoipa::path(tag = "reservations", operation_id = "release_reservation", params(ReservationPath, IdempotencyHeader),
    responses((status = 200, description = "The released reservation", body = Success<Released>,
               example = examples::released), ReleaseFailures))]
#[post("/api/reservations/{id}/release")]
pub async fn release(
    app: web::Data<App>,
    reservation: ReservationPath,
    key: IdempotencyHeader,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let meta = idempotency::request_meta(&request, key);
    redemption_responses::respond(offercast_app::release(&app, reservation.0, meta).await)
}
