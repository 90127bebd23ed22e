use actix_web::http::StatusCode;
use actix_web::{HttpResponse, post, web};
use offercast_app::App;
use offercast_contract::{Forecast, Success, WhatIfInput};

use crate::error::ApiError;
use crate::extract::{IdempotencyHeader, Json, OfferPath};
use crate::routes::documented_responses::WriteFailures;
use crate::routes::idempotency;
use crate::{convert, examples};

/// Forecast an offer with different terms
///
/// Returns the forecast that the offer would have with the given terms. Changes nothing.
///
/// The forecast assumes the same demand as before; it does not model how customers would react to a different discount.
/// If the discount changes from flat to percent, the forecast has no date on which the budget is used up, because order
/// amounts are not recorded per day.
#[utoipa::path(tag = "analytics", operation_id = "forecast_what_if", params(OfferPath, IdempotencyHeader),
    request_body(description = "The terms to change", content = WhatIfInput, example = examples::what_if_input),
    responses((status = 200, description = "The forecast with these terms", body = Success<Forecast>,
               example = examples::what_if_forecast), WriteFailures))]
#[post("/api/offers/{offer}/forecast/what-if")]
pub async fn what_if(
    app: web::Data<App>,
    offer: OfferPath,
    key: IdempotencyHeader,
    input: Json<WhatIfInput>,
) -> Result<HttpResponse, ApiError> {
    let request = idempotency::idempotent_request(key, "what if", &input.0);
    let edit = |draft| convert::what_if_draft(draft, input.0);
    let work = async {
        let view = offercast_app::what_if(&app, &offer.0, edit).await?;
        let message = "Forecast with different terms; nothing was changed";
        let body = Success::new(message, convert::forecast(&view));
        Ok::<_, ApiError>(idempotency::storable_response(StatusCode::OK, Vec::new(), &body))
    };
    Ok(idempotency::render(offercast_app::respond_once(&app, &offer.0, request, work).await?))
}
