use actix_web::{get, web};
use offercast_app::App;
use offercast_contract::{Forecast, Success};

use crate::convert;
use crate::error::ApiError;
use crate::extract::OfferPath;
use crate::openapi::ActFailures;

/// The next 14 days of an offer: cached, or worked out on the fly when none is cached.
#[utoipa::path(tag = "analytics", params(("offer" = String, Path, description = "Id or code")),
    responses((status = 200, body = Success<Forecast>), ActFailures))]
#[get("/api/offers/{offer}/forecast")]
pub async fn forecast(
    app: web::Data<App>,
    offer: OfferPath,
) -> Result<web::Json<Success<Forecast>>, ApiError> {
    let view = offercast_app::forecast(&app, &offer.0).await?;
    Ok(web::Json(Success::new("Forecast", convert::forecast(&view))))
}
