use actix_web::{HttpResponse, post, web};
use offercast_app::{App, Redemption};
use offercast_contract::{Failure, RedeemRequest, Redeemed, Success};

use crate::convert;
use crate::error::ApiError;
use crate::extract::{Json, OfferPath};
use crate::openapi::WriteFailures;

/// Redeems an offer for an order. Refusals change nothing; the first reason in this order is given.
#[utoipa::path(tag = "redemptions", request_body = RedeemRequest,
    params(("offer" = String, Path, description = "Id or code")),
    responses((status = 201, body = Success<Redeemed>),
              (status = 409, body = Failure, description = "`offer_archived`, `offer_paused`, `offer_not_started`, \
                  `offer_expired`, `max_redemptions_reached` or `budget_exhausted`"),
              WriteFailures))]
#[post("/api/offers/{offer}/redeem")]
pub async fn redeem(
    app: web::Data<App>,
    offer: OfferPath,
    request: Json<RedeemRequest>,
) -> Result<HttpResponse, ApiError> {
    let result = offercast_app::redeem(&app, &offer.0, &convert::order_draft(request.0)).await;
    let redemption = count(result.map_err(ApiError::from))?;
    Ok(HttpResponse::Created().json(Success::new("Redeemed", convert::redeemed(&redemption))))
}

fn count(result: Result<Redemption, ApiError>) -> Result<Redemption, ApiError> {
    let label = result.as_ref().map_or_else(|error| error.code, |_| "accepted");
    metrics::counter!("offercast_redemptions_total", "result" => label).increment(1);
    result
}
