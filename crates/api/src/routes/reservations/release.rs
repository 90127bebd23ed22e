use actix_web::{HttpRequest, HttpResponse, post, web};
use offercast_app::App;
use offercast_contract::{Failure, Released, Success};

use crate::error::ApiError;
use crate::extract::{Key, ReservationPath};
use crate::openapi::ReservationFailures;
use crate::routes::answers;

/// Gives back what a reservation holds.
#[utoipa::path(tag = "reservations",
    params(("id" = i64, Path, description = "Of the reservation"),
           ("Idempotency-Key" = Option<String>, Header, min_length = 1, max_length = 255, pattern = "^[!-~]{1,255}$", description = "As on redeem")),
    responses((status = 200, body = Success<Released>, headers(
                  ("Idempotency-Replayed" = Option<String>, description = "`true` on an answer that is given again"))),
              (status = 409, body = Failure, description = "`reservation_expired`, `reservation_closed`"),
              ReservationFailures))]
#[post("/api/reservations/{id}/release")]
pub async fn release(
    app: web::Data<App>,
    reservation: ReservationPath,
    key: Key,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    answers::told(offercast_app::release(&app, reservation.0, answers::sender(&request, key)).await)
}
