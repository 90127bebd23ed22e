use actix_web::http::StatusCode;
use actix_web::{HttpResponse, post, web};
use offercast_app::App;
use offercast_contract::{Forecast, Success, WhatIfInput};

use crate::convert;
use crate::error::ApiError;
use crate::extract::{Json, Key, OfferPath};
use crate::openapi::WriteFailures;
use crate::routes::answers;

/// What the forecast would be under other terms; changes nothing.
///
/// Redemptions are taken to come as often as before: what another discount does to them is not known. From a
/// flat discount to a percentage no date of running out of the budget is given: what orders came to is not on
/// record by the day.
#[utoipa::path(tag = "analytics", request_body = WhatIfInput,
    params(("offer" = String, Path, description = "Id or code"),
           ("Idempotency-Key" = Option<String>, Header, min_length = 1, max_length = 255, pattern = "^[!-~]{1,255}$", description = "As on redeem")),
    responses((status = 200, body = Success<Forecast>, headers(
                  ("Idempotency-Replayed" = Option<String>, description = "`true` on an answer that is given again"))),
              WriteFailures))]
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
