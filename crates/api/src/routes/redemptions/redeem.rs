use actix_web::{HttpRequest, HttpResponse, post, web};
use offercast_app::{Answer, App, Outcome};
use offercast_contract::{Failure, RedeemRequest, Redeemed, Success};

use crate::convert;
use crate::envelope::request_id;
use crate::error::ApiError;
use crate::extract::{Json, Key, OfferPath};
use crate::openapi::WriteFailures;

/// Says that an answer is the first one to this request, given again.
const REPLAYED: &str = "idempotency-replayed";

/// Redeems an offer for an order. Refusals change nothing; the first reason in this order is given.
///
/// Sent again with the same `Idempotency-Key`, or for an `order_id` that stands redeemed, the same request
/// gets its first answer again and redeems nothing.
#[utoipa::path(tag = "redemptions", request_body = RedeemRequest,
    params(("offer" = String, Path, description = "Id or code"),
           ("Idempotency-Key" = Option<String>, Header, min_length = 1, max_length = 255, pattern = "^[!-~]{1,255}$", description = "1 to 255 visible ASCII characters. Belongs to \
              this offer and is kept for 24 hours or more; with another request: 422 `idempotency_key_reused`")),
    responses((status = 201, body = Success<Redeemed>, headers(
                  ("Idempotency-Replayed" = Option<String>, description = "`true` on an answer that is given again"))),
              (status = 409, body = Failure, description = "`offer_archived`, `offer_paused`, `offer_not_started`, \
                  `offer_expired`, `max_redemptions_reached`, `budget_exhausted` or `order_below_minimum`; `order_already_redeemed` when the \
                  order stands redeemed for another customer or amount, by `redemption_id`"),
              WriteFailures))]
#[post("/api/offers/{offer}/redeem")]
pub async fn redeem(
    app: web::Data<App>,
    offer: OfferPath,
    key: Key,
    body: Json<RedeemRequest>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let draft = convert::order_draft(body.0);
    let result = offercast_app::redeem(&app, &offer.0, &draft, key.0, request_id(&request)).await;
    let result = result.map_err(ApiError::from);
    count(&result);
    answer(result?)
}

fn answer(answer: Answer) -> Result<HttpResponse, ApiError> {
    let error = match answer.outcome {
        Outcome::Redeemed(redemption) => {
            let mut response = HttpResponse::Created();
            if answer.is_replay {
                response.insert_header((REPLAYED, "true"));
            }
            return Ok(response.json(Success::new("Redeemed", convert::redeemed(&redemption))));
        }
        Outcome::Refused(refusal) => ApiError::not_redeemed(refusal.code(), refusal),
        Outcome::OrderTaken { redemption_id } => {
            let why =
                format!("redemption {redemption_id} has redeemed this order for another customer or amount");
            let code = offercast_app::ORDER_ALREADY_REDEEMED;
            ApiError { redemption_id: Some(redemption_id), ..ApiError::not_redeemed(code, why) }
        }
    };
    let error = ApiError { request_id: Some(answer.request_id), ..error };
    Err(if answer.is_replay { error.with_header(REPLAYED, "true") } else { error })
}

fn count(result: &Result<Answer, ApiError>) {
    let label = match result {
        Ok(answer) if answer.is_replay => "replayed",
        Ok(answer) => answer.outcome.refusal_code().unwrap_or("accepted"),
        Err(error) => error.code,
    };
    metrics::counter!("offercast_redemptions_total", "result" => label).increment(1);
}
