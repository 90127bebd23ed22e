use actix_web::{HttpRequest, HttpResponse, post, web};
use offercast_app::App;
use offercast_contract::{Redeemed, Success};

use crate::error::ApiError;
use crate::examples;
use crate::extract::{Key, ReservationPath};
use crate::routes::answers;
use crate::routes::responses::ConfirmFailures;

/// Confirm a reservation
///
/// Redeems the offer with the discount that is held, whatever has happened to the offer since.
#[utoipa::path(tag = "reservations", operation_id = "confirm_reservation", params(ReservationPath, Key),
    responses((status = 201, description = "The redemption", body = Success<Redeemed>,
               example = examples::redeemed), ConfirmFailures))]
#[post("/api/reservations/{id}/confirm")]
pub async fn confirm(
    app: web::Data<App>,
    reservation: ReservationPath,
    key: Key,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    answers::told(offercast_app::confirm(&app, reservation.0, answers::sender(&request, key)).await)
}
