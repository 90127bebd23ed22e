use actix_web::http::StatusCode;
use actix_web::{HttpResponse, post, web};
use offercast_app::App;
use offercast_contract::{Forecast, Success, WhatIfInput};

use crate::error::ApiError;
use crate::extract::{Json, Key, OfferPath};
use crate::routes::answers;
use crate::routes::responses::WriteFailures;
use crate::{convert, examples};

/// Forecast an offer under other terms
///
/// Returns the forecast that the offer would have with these terms. Changes nothing.
///
/// It assumes that as many customers redeem as before: how they would react to another discount is not known. For a change
/// from a flat discount to a percentage, no date on which the budget is used up is given, because the amounts of orders
/// are not recorded by day.
#[utoipa::path(tag = "analytics", operation_id = "forecast_what_if", params(OfferPath, Key),
    request_body(description = "The terms that differ", content = WhatIfInput, example = examples::what_if_input),
    responses((status = 200, description = "The forecast under these terms", body = Success<Forecast>,
               example = examples::what_if_forecast), WriteFailures))]
#[post("/api/offers/{offer}/forecast/what-if")]
pub async fn what_if(
    app: web::Data<App>,
    offer: OfferPath,
    key: Key,
    input: Json<WhatIfInput>,
) -> Result<HttpResponse, ApiError> {
    let keyed = answers::keyed(key, "what if", &input.0);
    let edit = |draft| convert::imagined(draft, input.0);
    let work = async {
        let view = offercast_app::what_if(&app, &offer.0, edit).await?;
        let message = "Forecast under other terms; nothing was changed";
        let body = Success::new(message, convert::forecast(&view));
        Ok::<_, ApiError>(answers::to_keep(StatusCode::OK, Vec::new(), &body))
    };
    Ok(answers::kept(offercast_app::answer_once(&app, &offer.0, keyed, work).await?))
}
