use actix_web::http::StatusCode;
use actix_web::{HttpResponse, post, web};
use offercast_app::App;
use offercast_contract::{QueuedForecast, Success};

use crate::error::ApiError;
use crate::examples;
use crate::extract::{IdempotencyHeader, OfferPath};
use crate::routes::documented_responses::ActFailures;
use crate::routes::idempotency;

/// Queue the computation of a forecast
///
/// Queues a job that computes and stores the forecast. If a job for this offer is already queued, no second one is
/// added.
#[utoipa::path(tag = "analytics", operation_id = "compute_forecast", params(OfferPath, IdempotencyHeader),
    responses((status = 202, description = "The job is queued", body = Success<QueuedForecast>,
               example = examples::queued_forecast), ActFailures))]
#[post("/api/offers/{offer}/forecast")]
pub async fn compute_forecast(
    app: web::Data<App>,
    offer: OfferPath,
    key: IdempotencyHeader,
) -> Result<HttpResponse, ApiError> {
    let request = idempotency::idempotent_request(key, "compute forecast", &());
    let respond = |offer_id| {
        let body = Success::new("Forecast queued", QueuedForecast { offer_id });
        idempotency::storable_response(StatusCode::ACCEPTED, Vec::new(), &body)
    };
    Ok(idempotency::render(offercast_app::request_forecast(&app, &offer.0, request, respond).await?))
}
