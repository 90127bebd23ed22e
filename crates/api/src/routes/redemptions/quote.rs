use actix_web::{post, web};
use offercast_app::App;
use offercast_contract::{Quote, RedeemRequest, Success};

use crate::convert;
use crate::error::ApiError;
use crate::extract::{Json, OfferPath};
use crate::openapi::WriteFailures;

/// Says what redeeming would answer right now, with every reason against it. Changes nothing and holds
/// nothing back: another order may be faster.
#[utoipa::path(tag = "redemptions", request_body = RedeemRequest,
    params(("offer" = String, Path, description = "Id or code")),
    responses((status = 200, body = Success<Quote>), WriteFailures))]
#[post("/api/offers/{offer}/quote")]
pub async fn quote(
    app: web::Data<App>,
    offer: OfferPath,
    body: Json<RedeemRequest>,
) -> Result<web::Json<Success<Quote>>, ApiError> {
    let quote = offercast_app::quote(&app, &offer.0, &convert::order_draft(body.0)).await?;
    Ok(web::Json(Success::new("Quote", convert::quote(quote))))
}
