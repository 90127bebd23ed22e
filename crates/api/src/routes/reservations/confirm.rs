use actix_web::{HttpRequest, HttpResponse, post, web};
use offercast_app::App;
use offercast_contract::{Redeemed, Success};

use crate::error::ApiError;
use crate::examples;
use crate::extract::{IdempotencyHeader, ReservationPath};
use crate::routes::documented_responses::ConfirmFailures;
use crate::routes::{idempotency, redemption_responses};

/// Confirm a reservation
///
/// Redeems the offer with the reserved discount, even if the offer has changed or ended since.
#[utoipa::path(tag = "reservations", operation_id = "confirm_reservation", params(ReservationPath, IdempotencyHeader),
    responses((status = 201, description = "The redemption", body = Success<Redeemed>,
               example = examples::redeemed), ConfirmFailures))]
#[post("/api/reservations/{id}/confirm")]
pub async fn confirm(
    app: web::Data<App>,
    reservation: ReservationPath,
    key: IdempotencyHeader,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let meta = idempotency::request_meta(&request, key);
    redemption_responses::respond(offercast_app::confirm(&app, reservation.0, meta).await)
}
