use actix_web::{HttpRequest, HttpResponse, post, web};
use offercast_app::App;
use offercast_contract::{Released, Success};

use crate::error::ApiError;
use crate::examples;
use crate::extract::{Key, ReservationPath};
use crate::routes::answers;
use crate::routes::responses::ReleaseFailures;

/// Release a reservation
///
/// Gives back the money and the use that the reservation holds.
#[utoipa::path(tag = "reservations", operation_id = "release_reservation", params(ReservationPath, Key),
    responses((status = 200, description = "What was given back", body = Success<Released>,
               example = examples::released), ReleaseFailures))]
#[post("/api/reservations/{id}/release")]
pub async fn release(
    app: web::Data<App>,
    reservation: ReservationPath,
    key: Key,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    answers::told(offercast_app::release(&app, reservation.0, answers::sender(&request, key)).await)
}
