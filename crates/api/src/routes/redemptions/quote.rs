use actix_web::http::StatusCode;
use actix_web::{HttpResponse, post, web};
use offercast_app::App;
use offercast_contract::{Quote, RedeemRequest, Success};

use crate::error::ApiError;
use crate::extract::{IdempotencyHeader, Json, OfferPath};
use crate::routes::documented_responses::WriteFailures;
use crate::routes::idempotency;
use crate::{convert, examples};

/// Quote the discount for an order
///
/// Returns the discount that the order would get right now, or all reasons why it would be declined. Changes nothing
/// and reserves nothing: another order may use up the budget first.
#[utoipa::path(tag = "redemptions", operation_id = "quote_offer", params(OfferPath, IdempotencyHeader),
    request_body(description = "The order", content = RedeemRequest, example = examples::redeem_request),
    responses((status = 200, description = "The quote", body = Success<Quote>, example = examples::quote),
              WriteFailures))]
#[post("/api/offers/{offer}/quote")]
pub async fn quote(
    app: web::Data<App>,
    offer: OfferPath,
    key: IdempotencyHeader,
    body: Json<RedeemRequest>,
) -> Result<HttpResponse, ApiError> {
    let request = idempotency::idempotent_request(key, "quote", &body.0);
    let draft = convert::order_draft(body.0);
    let work = async {
        let quote = offercast_app::quote(&app, &offer.0, &draft).await?;
        let body = Success::new("Quote", convert::quote(quote));
        Ok::<_, ApiError>(idempotency::storable_response(StatusCode::OK, Vec::new(), &body))
    };
    Ok(idempotency::render(offercast_app::respond_once(&app, &offer.0, request, work).await?))
}
