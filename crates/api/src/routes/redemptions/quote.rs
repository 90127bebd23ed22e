use actix_web::http::StatusCode;
use actix_web::{HttpResponse, post, web};
use offercast_app::App;
use offercast_contract::{Quote, RedeemRequest, Success};

use crate::convert;
use crate::error::ApiError;
use crate::extract::{Json, Key, OfferPath};
use crate::openapi::WriteFailures;
use crate::routes::answers;

/// Says what redeeming would answer right now, with every reason against it. Changes nothing and holds
/// nothing back: another order may be faster.
#[utoipa::path(tag = "redemptions", request_body = RedeemRequest,
    params(("offer" = String, Path, description = "Id or code"),
           ("Idempotency-Key" = Option<String>, Header, min_length = 1, max_length = 255, pattern = "^[!-~]{1,255}$", description = "As on redeem: the first quote is given again, whatever has come meanwhile")),
    responses((status = 200, body = Success<Quote>, headers(
                  ("Idempotency-Replayed" = Option<String>, description = "`true` on an answer that is given again"))),
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
