use actix_web::http::StatusCode;
use actix_web::http::header::ContentType;
use actix_web::{HttpRequest, HttpResponse, post, web};
use futures_util::future::join_all;
use offercast_app::{Answer, App, Outcome, Sender};
use offercast_contract::{Batch, BatchResult, BatchRow, RedeemRequest, Success};
use offercast_domain::{IdempotencyKey, OfferRef};

use crate::batch_thread::BatchThread;
use crate::convert;
use crate::envelope::{self, error_body};
use crate::error::ApiError;
use crate::examples;
use crate::extract::{self, BatchBody, Key};
use crate::routes::answers;
use crate::routes::responses::BatchFailures;

/// Redeem up to 1000 orders
///
/// The orders may be of any offers. Each row is decided as if it had been sent alone: a row that is refused or wrong does
/// not affect the others, and the answer is 200 with a result for each row.
///
/// With an `Idempotency-Key`, each row without a key of its own is identified by that key and its position.
#[utoipa::path(tag = "redemptions", operation_id = "redeem_batch", params(Key),
    request_body(description = "The orders", content = Batch, example = examples::batch),
    responses((status = 200, description = "One result for each row, in the order of the rows",
               body = Success<Vec<BatchResult>>, example = examples::batch_results), BatchFailures))]
#[post("/api/redemptions/batch")]
pub async fn batch(
    app: web::Data<App>,
    batches: web::Data<BatchThread>,
    key: Key,
    body: BatchBody,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let sender = answers::sender(&request, key);
    let app = App::clone(&app);
    let (is_replay, results) = batches.run(async move { redeem_all(&app, &body, &sender).await }).await??;
    let mut response = HttpResponse::Ok();
    if is_replay {
        response.insert_header(answers::REPLAYED);
    }
    Ok(response.content_type(ContentType::json()).body(results))
}

/// Whether every row was answered before, and the results as JSON.
async fn redeem_all(app: &App, body: &BatchBody, sender: &Sender) -> Result<(bool, String), ApiError> {
    let rows = extract::rows::<BatchRow>(&body.0)?;
    let redeeming = rows.into_iter().enumerate().map(|(place, row)| {
        let key = sender.key.as_ref().map(|key| key.of_row(place));
        redeem(app, row, Sender { key, ..sender.clone() })
    });
    let answers = join_all(redeeming).await;
    let is_replay = answers.iter().all(|answer| answer.as_ref().is_ok_and(|answer| answer.is_replay));
    let results: Vec<_> = answers.into_iter().map(|answer| result(answer, &sender.request_id)).collect();
    let results = serde_json::to_string(&Success::new("Done, row by row", results));
    Ok((is_replay, results.expect("what the contract has can be written")))
}

async fn redeem(app: &App, row: Result<BatchRow, ApiError>, sender: Sender) -> Result<Answer, ApiError> {
    let BatchRow { offer, customer_id, order_amount, order_id, idempotency_key } = row?;
    let offer = offer.ok_or_else(|| ApiError::field("offer", "required", "is required"))?;
    let offer = OfferRef::parse(&offer.0).ok_or_else(ApiError::offer_not_found)?;
    let key = match idempotency_key {
        Some(key) => Some(own_key(&key)?),
        None => sender.key,
    };
    let draft = convert::order_draft(RedeemRequest { customer_id, order_amount, order_id });
    let answer = offercast_app::redeem(app, &offer, &draft, Sender { key, ..sender }).await;
    let answer = answer.map_err(ApiError::from);
    answers::count(&answer);
    answer
}

fn own_key(key: &str) -> Result<IdempotencyKey, ApiError> {
    IdempotencyKey::parse(key).map_err(|error| ApiError::field("idempotency_key", error.code, error.message))
}

fn result(answer: Result<Answer, ApiError>, request_id: &str) -> BatchResult {
    let error = match answer {
        Ok(Answer { outcome: Outcome::Redeemed(redemption), .. }) => {
            return BatchResult {
                http_status: StatusCode::CREATED.as_u16(),
                status: true,
                message: "Redeemed".to_owned(),
                data: Some(convert::redeemed(&redemption)),
                error: None,
            };
        }
        Ok(answer) => answers::refused(answer),
        Err(error) => error,
    };
    envelope::log(&error, request_id);
    BatchResult {
        http_status: error.status.as_u16(),
        status: false,
        message: error.message.clone(),
        data: None,
        error: Some(error_body(&error, request_id)),
    }
}
