use actix_web::http::StatusCode;
use actix_web::{HttpResponse, post, web};
use offercast_app::App;
use offercast_contract::{Quote, RedeemRequest, Success};

use crate::error::ApiError;
use crate::extract::{Json, Key, OfferPath};
use crate::routes::answers;
use crate::routes::responses::WriteFailures;
use crate::{convert, examples};

/// Ask what redeeming would answer
///
/// Returns the discount that an order would get right now, or every reason against it. Changes nothing and reserves
/// nothing: another order may use up the budget first.
#[utoipa::path(tag = "redemptions", operation_id = "quote_offer", params(OfferPath, Key),
    request_body(description = "The order", content = RedeemRequest, example = examples::redeem_request),
    responses((status = 200, description = "The quote", body = Success<Quote>, example = examples::quote),
              WriteFailures))]
#[post("/api/offers/{offer}/quote")]
pub async fn quote(
    app: web::Data<App>,
    offer: OfferPath,
    key: Key,
    body: Json<RedeemRequest>,
) -> Result<HttpResponse, ApiError> {
    let keyed = answers::keyed(key, "quote", &body.0);
    let draft = convert::order_draft(body.0);
    let work = async {
        let quote = offercast_app::quote(&app, &offer.0, &draft).await?;
        let body = Success::new("Quote", convert::quote(quote));
        Ok::<_, ApiError>(answers::to_keep(StatusCode::OK, Vec::new(), &body))
    };
    Ok(answers::kept(offercast_app::answer_once(&app, &offer.0, keyed, work).await?))
}
