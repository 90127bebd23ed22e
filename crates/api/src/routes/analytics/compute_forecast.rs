use actix_web::http::StatusCode;
use actix_web::{HttpResponse, post, web};
use offercast_app::App;
use offercast_contract::{QueuedForecast, Success};

use crate::error::ApiError;
use crate::extract::{Key, OfferPath};
use crate::openapi::ReadFailures;
use crate::routes::answers;

/// Queues a job that computes and stores the forecast; one that waits already is enough.
#[utoipa::path(tag = "analytics",
    params(("offer" = String, Path, description = "Id or code"),
           ("Idempotency-Key" = Option<String>, Header, min_length = 1, max_length = 255, pattern = "^[!-~]{1,255}$", description = "As on redeem")),
    responses((status = 202, body = Success<QueuedForecast>, headers(
                  ("Idempotency-Replayed" = Option<String>, description = "`true` on an answer that is given again"))),
              ReadFailures))]
#[post("/api/offers/{offer}/forecast")]
pub async fn compute_forecast(
    app: web::Data<App>,
    offer: OfferPath,
    key: Key,
) -> Result<HttpResponse, ApiError> {
    let keyed = answers::keyed(key, "compute forecast", &());
    let told = |offer_id| {
        let body = Success::new("Forecast queued", QueuedForecast { offer_id });
        answers::to_keep(StatusCode::ACCEPTED, Vec::new(), &body)
    };
    Ok(answers::kept(offercast_app::request_forecast(&app, &offer.0, keyed, told).await?))
}
