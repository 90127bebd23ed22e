use actix_web::{post, web};
use offercast_app::App;
use offercast_contract::{Forecast, Success, WhatIfInput};

use crate::convert;
use crate::error::ApiError;
use crate::extract::{Json, OfferPath};
use crate::openapi::WriteFailures;

/// What the forecast would be under other terms; changes nothing.
///
/// Redemptions are taken to come as often as before: what another discount does to them is not known. From a
/// flat discount to a percentage no date of running out of the budget is given: what orders came to is not on
/// record by the day.
#[utoipa::path(tag = "analytics", request_body = WhatIfInput,
    params(("offer" = String, Path, description = "Id or code")),
    responses((status = 200, body = Success<Forecast>), WriteFailures))]
#[post("/api/offers/{offer}/forecast/what-if")]
pub async fn what_if(
    app: web::Data<App>,
    offer: OfferPath,
    input: Json<WhatIfInput>,
) -> Result<web::Json<Success<Forecast>>, ApiError> {
    let edit = |draft| convert::imagined(draft, input.0);
    let view = offercast_app::what_if(&app, &offer.0, edit).await?;
    Ok(web::Json(Success::new("Forecast under other terms; nothing was changed", convert::forecast(&view))))
}
