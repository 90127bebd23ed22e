use actix_web::http::StatusCode;
use actix_web::{HttpResponse, post, web};
use offercast_app::App;
use offercast_contract::{QueuedForecast, Success};

use crate::error::ApiError;
use crate::examples;
use crate::extract::{Key, OfferPath};
use crate::routes::answers;
use crate::routes::responses::ActFailures;

/// Queue the computation of a forecast
///
/// A job computes and stores the forecast. If one is waiting already, no second one is queued.
#[utoipa::path(tag = "analytics", operation_id = "compute_forecast", params(OfferPath, Key),
    responses((status = 202, description = "A job is queued", body = Success<QueuedForecast>,
               example = examples::queued_forecast), ActFailures))]
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
