use actix_web::{get, web};
use offercast_app::App;
use offercast_contract::{Forecast, Success};

use crate::error::ApiError;
use crate::extract::OfferPath;
use crate::routes::responses::ReadFailures;
use crate::{convert, examples};

/// Read the forecast of an offer
///
/// Returns the next 14 days, today being the first. The forecast is the stored one, or is computed for this answer if no
/// current one is stored.
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
