use actix_web::{get, web};
use offercast_app::App;
use offercast_contract::{Forecast, Success};

use crate::error::ApiError;
use crate::extract::OfferPath;
use crate::routes::documented_responses::ReadFailures;
use crate::{convert, examples};

/// Read the forecast of an offer
///
/// Returns the forecast of the next 14 days, starting with today. If no current forecast is stored, one is computed for
/// this response.
#[utoipa::path(tag = "analytics", operation_id = "get_forecast", params(OfferPath),
    responses((status = 200, description = "The forecast", body = Success<Forecast>,
               example = examples::forecast), ReadFailures))]
#[get("/api/offers/{offer}/forecast")]
pub async fn forecast(
    app: web::Data<App>,
    offer: OfferPath,
) -> Result<web::Json<Success<Forecast>>, ApiError> {
    let view = offercast_app::forecast(&app, &offer.0).await?;
    Ok(web::Json(Success::new("Forecast", convert::forecast(&view))))
}
