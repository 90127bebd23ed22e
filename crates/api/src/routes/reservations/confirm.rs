use actix_web::{HttpRequest, HttpResponse, post, web};
use offercast_app::App;
use offercast_contract::{Failure, Redeemed, Success};

use crate::error::ApiError;
use crate::extract::{Key, ReservationPath};
use crate::openapi::ReservationFailures;
use crate::routes::answers;

/// Makes a redemption of a reservation, at the discount that is held, whatever has become of the offer since.
#[utoipa::path(tag = "reservations",
    params(("id" = i64, Path, description = "Of the reservation"),
           ("Idempotency-Key" = Option<String>, Header, min_length = 1, max_length = 255, pattern = "^[!-~]{1,255}$", description = "As on redeem")),
    responses((status = 201, body = Success<Redeemed>, headers(
                  ("Idempotency-Replayed" = Option<String>, description = "`true` on an answer that is given again"))),
              (status = 409, body = Failure, description = "`reservation_expired`, `reservation_closed`; `order_already_redeemed` when the \
                  order has been redeemed otherwise, by `redemption_id`"),
              ReservationFailures))]
#[post("/api/reservations/{id}/confirm")]
pub async fn confirm(
    app: web::Data<App>,
    reservation: ReservationPath,
    key: Key,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    answers::told(offercast_app::confirm(&app, reservation.0, answers::sender(&request, key)).await)
}
