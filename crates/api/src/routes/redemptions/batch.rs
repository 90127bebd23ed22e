use actix_web::http::StatusCode;
use actix_web::http::header::ContentType;
use actix_web::{HttpRequest, HttpResponse, post, web};
use futures_util::future::join_all;
use offercast_app::{App, Error, Outcome, RequestMeta, Response};
use offercast_contract::{Batch, BatchResult, BatchRow, RedeemRequest, Success};
use offercast_domain::OfferRef;
use offercast_domain::redemption::IdempotencyKey;

use crate::batch_thread::BatchThread;
use crate::convert;
use crate::edge::Limits;
use crate::envelope::{self, error_body};
use crate::error::ApiError;
use crate::examples;
use crate::extract::{self, BatchBody, IdempotencyHeader};
use crate::routes::documented_responses::BatchFailures;
use crate::routes::{idempotency, redemption_responses};

/// Redeem up to 1000 orders
///
/// Redeems orders of one or more offers. Each row is processed like a single request: a declined or invalid row does
/// not affect the others. The response is 200 with one result for each row.
///
/// The `Idempotency-Key` header applies to each row that has no `idempotency_key`, together with the row's position.
#[utoipa::path(tag = "redemptions", operation_id = "redeem_batch", params(IdempotencyHeader),
    request_body(description = "The orders", content = Batch, example = examples::batch),
    responses((status = 200, description = "One result for each row, in the same order",
               body = Success<Vec<BatchResult>>, example = examples::batch_results), BatchFailures))]
#[post("/api/redemptions/batch")]
pub async fn batch(
    app: web::Data<App>,
    batches: web::Data<BatchThread>,
    limits: web::Data<Limits>,
    key: IdempotencyHeader,
    body: BatchBody,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let meta = idempotency::request_meta(&request, key);
    let app = App::clone(&app);
    let redemptions = async move { redeem_all(&app, &limits, &body, &meta).await };
    let (is_replay, results) = batches.run(redemptions).await??;
    let mut response = HttpResponse::Ok();
    if is_replay {
        response.insert_header(idempotency::REPLAYED);
    }
    Ok(response.content_type(ContentType::json()).body(results))
}

/// Redeems all rows. Returns whether all results are replays, and the response as JSON.
async fn redeem_all(
    app: &App,
    limits: &Limits,
    body: &BatchBody,
    meta: &RequestMeta,
) -> Result<(bool, String), ApiError> {
    let rows = extract::rows::<BatchRow>(&body.0)?;
    if app.access.is_on() {
        limits.rates.check_rows(meta.caller.principal.actor(), rows.len())?;
    }
    let redemptions = rows.into_iter().enumerate().map(|(index, row)| {
        let key = meta.key.as_ref().map(|key| key.of_row(index));
        redeem(app, row, RequestMeta { key, ..meta.clone() })
    });
    let answers = join_all(redemptions).await;
    let is_replay = answers.iter().all(|answer| answer.as_ref().is_ok_and(|answer| answer.is_replay));
    let results: Vec<_> = answers.into_iter().map(|answer| result(answer, &meta.caller.request_id)).collect();
    let results = serde_json::to_string(&Success::new("Batch processed", results));
    Ok((is_replay, results.expect("the contract's types can be serialized")))
}

async fn redeem(app: &App, row: Result<BatchRow, ApiError>, meta: RequestMeta) -> Result<Response, ApiError> {
    let BatchRow { offer, customer_id, order_amount, order_id, idempotency_key } = row?;
    let offer = offer.ok_or_else(|| ApiError::field("offer", "required", "is required"))?;
    let offer = OfferRef::parse(&offer.0).ok_or_else(ApiError::offer_not_found)?;
    let key = match idempotency_key {
        Some(key) => Some(row_key(&key)?.owned_by(meta.caller.principal.owner())),
        None => meta.key,
    };
    let draft = convert::order_draft(RedeemRequest { customer_id, order_amount, order_id });
    let answer = offercast_app::redeem(app, &offer, &draft, RequestMeta { key, ..meta }).await;
    let answer = answer.map_err(ApiError::from);
    redemption_responses::count(&answer);
    answer
}

fn row_key(key: &str) -> Result<IdempotencyKey, ApiError> {
    IdempotencyKey::parse(key).map_err(|error| ApiError::field("idempotency_key", error.code, error.message))
}

fn result(answer: Result<Response, ApiError>, request_id: &str) -> BatchResult {
    let error = match answer {
        Ok(Response { outcome: Outcome::Redeemed(redemption), .. }) => {
            return BatchResult {
                http_status: StatusCode::CREATED.as_u16(),
                status: true,
                message: "Redeemed".to_owned(),
                data: Some(convert::redeemed(&redemption)),
                error: None,
            };
        }
        Ok(Response { outcome: Outcome::Rejected(rejection), request_id, .. }) => {
            redemption_responses::conflict(rejection, request_id)
        }
        // A command to redeem has no other outcome.
        Ok(_) => Error::OutcomeUnknown(None).into(),
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
