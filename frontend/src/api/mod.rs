//! The one client of the API, and the one place that looks at a status and opens the envelope.

mod answer;
mod error;
mod fetched;

use std::future::Future;
use std::pin::Pin;

use gloo_net::http::{Request, RequestBuilder};
use offercast_contract::{
    CodeCounts, CodesRequest, Dashboard, DateRange, IssuedCodes, LedgerEntry, ListedOffer, Offer, OfferInput,
    OfferPatch, OfferStatus, Overview, Page, QueuedForecast, Removed, ReverseRequest, Reversed, Success,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::format::status_word;

pub use error::{ApiError, Refusal};
pub use fetched::fetch;

/// Rows of a short list.
const LATEST: usize = 8;

pub async fn list_offers(query: &str) -> Result<Page<ListedOffer>, ApiError> {
    send(Request::get(&format!("/api/offers{query}"))).await
}

pub async fn offer(offer: &str) -> Result<Offer, ApiError> {
    data(send(Request::get(&path(offer))).await)
}

pub async fn create_offer(input: &OfferInput) -> Result<Offer, ApiError> {
    data(send_json(Request::post("/api/offers"), input).await)
}

pub async fn replace_offer(offer: &str, input: &OfferInput) -> Result<Offer, ApiError> {
    data(send_json(Request::put(&path(offer)), input).await)
}

pub async fn set_status(id: i64, status: OfferStatus) -> Result<Offer, ApiError> {
    let status = Some(Some(status_word(status).to_owned()));
    patch_offer(id, &OfferPatch { status, ..OfferPatch::default() }).await
}

pub async fn patch_offer(id: i64, patch: &OfferPatch) -> Result<Offer, ApiError> {
    data(send_json(Request::patch(&path(&id.to_string())), patch).await)
}

/// The redemptions that came last, the latest first.
pub async fn latest_redemptions(id: i64) -> Result<Vec<LedgerEntry>, ApiError> {
    let page: Page<LedgerEntry> =
        send(Request::get(&format!("/api/offers/{id}/redemptions?limit={LATEST}"))).await?;
    Ok(page.data)
}

/// Takes a redemption back. The server does so once, however often it is asked.
pub async fn reverse(redemption: i64, reason: &str) -> Result<Reversed, ApiError> {
    let reason = Some(reason.trim()).filter(|reason| !reason.is_empty()).map(str::to_owned);
    let path = format!("/api/redemptions/{redemption}/reverse");
    data(send_json(Request::post(&path), &ReverseRequest { reason }).await)
}

/// The address of everything that was redeemed, as a file for a spreadsheet.
pub fn ledger_file(id: i64) -> String {
    format!("/api/offers/{id}/redemptions?format=csv")
}

/// How many unique codes there are, and how many are used.
pub async fn code_counts(id: i64) -> Result<CodeCounts, ApiError> {
    data(send(Request::get(&codes_of(id)).header("Accept", "application/json")).await)
}

/// The same under the same key is done once, however often it is asked for.
pub async fn issue_codes(id: i64, request: &CodesRequest, key: &str) -> Result<IssuedCodes, ApiError> {
    data(send_json(Request::post(&codes_of(id)).header("Idempotency-Key", key), request).await)
}

/// The address of the codes of an offer as a file: all of them, or those that were issued together.
pub fn codes_file(id: i64, issued: Option<&IssuedCodes>) -> String {
    let part = issued.map(|codes| format!("?from={}&to={}", codes.first_number, codes.last_number));
    codes_of(id) + &part.unwrap_or_default()
}

fn codes_of(id: i64) -> String {
    format!("/api/offers/{id}/codes")
}

/// Has a new forecast made, behind the scenes.
pub async fn recompute_forecast(offer: &str) -> Result<QueuedForecast, ApiError> {
    data(send(Request::post(&format!("{}/forecast", path(offer)))).await)
}

/// Removes the offer, or archives it when it has redemptions.
pub async fn remove_offer(id: i64) -> Result<Removed, ApiError> {
    data(send(Request::delete(&path(&id.to_string()))).await)
}

pub async fn dashboard(offer: &str, range: DateRange) -> Result<Dashboard, ApiError> {
    let DateRange { from, to } = range;
    data(send(Request::get(&format!("{}/dashboard?from={from}&to={to}", path(offer)))).await)
}

pub async fn overview(range: Option<DateRange>) -> Result<Overview, ApiError> {
    let query = range.map_or_else(String::new, |DateRange { from, to }| format!("?from={from}&to={to}"));
    data(send(Request::get(&format!("/api/overview{query}"))).await)
}

/// The address of the stream of an offer's live figures.
pub fn events_of(offer: &str) -> String {
    format!("{}/events", path(offer))
}

fn path(offer: &str) -> String {
    format!("/api/offers/{}", crate::query::escape(offer))
}

fn data<T>(answer: Result<Success<T>, ApiError>) -> Result<T, ApiError> {
    answer.map(|success| success.data)
}

async fn send<T: DeserializeOwned>(request: RequestBuilder) -> Result<T, ApiError> {
    answer(exchange(request.build()).await)
}

async fn send_json<T: DeserializeOwned>(
    request: RequestBuilder,
    body: &impl Serialize,
) -> Result<T, ApiError> {
    let body = serde_json::to_string(body).map_err(|_| ApiError::Unreadable { status: 0 })?;
    answer(exchange(request.header("Content-Type", "application/json").body(body)).await)
}

fn answer<T: DeserializeOwned>(said: Result<(u16, String), gloo_net::Error>) -> Result<T, ApiError> {
    let (status, body) = said.map_err(|_| ApiError::Network)?;
    answer::open(status, &body)
}

/// Boxed, and the same for all answers: what is awaited is copied into each function that awaits it.
type Exchange = Pin<Box<dyn Future<Output = Result<(u16, String), gloo_net::Error>>>>;

fn exchange(request: Result<Request, gloo_net::Error>) -> Exchange {
    Box::pin(async {
        let response = request?.send().await?;
        Ok((response.status(), response.text().await?))
    })
}
