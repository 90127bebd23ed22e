use actix_web::{HttpResponse, post, web};
use offercast_app::App;
use offercast_contract::{QueuedForecast, Success};

use crate::error::ApiError;
use crate::extract::OfferPath;
use crate::openapi::ActFailures;

/// Queues a job that computes and stores the forecast; one that waits already is enough.
#[utoipa::path(tag = "analytics", params(("offer" = String, Path, description = "Id or code")),
    responses((status = 202, body = Success<QueuedForecast>), ActFailures))]
#[post("/api/offers/{offer}/forecast")]
pub async fn compute_forecast(app: web::Data<App>, offer: OfferPath) -> Result<HttpResponse, ApiError> {
    let offer_id = offercast_app::request_forecast(&app, &offer.0).await?;
    Ok(HttpResponse::Accepted().json(Success::new("Forecast queued", QueuedForecast { offer_id })))
}
