//! The API client. Only this module reads status codes and the response envelope.

mod access;
mod envelope;
mod error;
mod fetch;

use std::future::Future;
use std::pin::Pin;

use gloo_net::http::{Request, RequestBuilder, Response};
use offercast_contract::{
    CodeCounts, CodesRequest, Dashboard, DateRange, IssuedCodes, LedgerEntry, ListedOffer, Offer, OfferInput,
    OfferPatch, OfferStatus, Overview, Page, QueuedForecast, Removed, ReverseRequest, Reversed, Success,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::format::status_name;
use crate::sign_in;

pub use access::*;
pub use error::{ApiError, ErrorResponse};
pub use fetch::fetch;

/// Requests of browsers without this header change nothing: other sites cannot send it.
const OWN_REQUEST: (&str, &str) = ("X-Offercast-Request", "1");
/// Number of rows in the list of latest redemptions.
const LATEST: usize = 8;

pub async fn list_offers(query: &str) -> Result<Page<ListedOffer>, ApiError> {
    send(Request::get(&format!("/api/offers{query}"))).await
}

pub async fn offer(offer: &str) -> Result<Offer, ApiError> {
    data(send(Request::get(&offer_url(offer))).await)
}

pub async fn create_offer(input: &OfferInput) -> Result<Offer, ApiError> {
    data(send_json(Request::post("/api/offers"), input).await)
}

pub async fn replace_offer(offer: &str, input: &OfferInput) -> Result<Offer, ApiError> {
    data(send_json(Request::put(&offer_url(offer)), input).await)
}

pub async fn set_status(id: i64, status: OfferStatus) -> Result<Offer, ApiError> {
    let status = Some(Some(status_name(status).to_owned()));
    patch_offer(id, &OfferPatch { status, ..OfferPatch::default() }).await
}

pub async fn patch_offer(id: i64, patch: &OfferPatch) -> Result<Offer, ApiError> {
    data(send_json(Request::patch(&offer_url(&id.to_string())), patch).await)
}

/// The latest redemptions, newest first.
pub async fn latest_redemptions(id: i64) -> Result<Vec<LedgerEntry>, ApiError> {
    let page: Page<LedgerEntry> =
        send(Request::get(&format!("/api/offers/{id}/redemptions?limit={LATEST}"))).await?;
    Ok(page.data)
}

/// Reverses a redemption. Repeated requests reverse it only once.
pub async fn reverse_redemption(redemption: i64, reason: &str) -> Result<Reversed, ApiError> {
    let reason = Some(reason.trim()).filter(|reason| !reason.is_empty()).map(str::to_owned);
    let path = format!("/api/redemptions/{redemption}/reverse");
    data(send_json(Request::post(&path), &ReverseRequest { reason }).await)
}

/// The address of all redemptions as a CSV file.
pub fn ledger_csv_url(id: i64) -> String {
    format!("/api/offers/{id}/redemptions?format=csv")
}

/// The number of unique codes, and how many are used.
pub async fn code_counts(id: i64) -> Result<CodeCounts, ApiError> {
    data(send(Request::get(&codes_url(id)).header("Accept", "application/json")).await)
}

/// Generates unique codes, once per idempotency key.
pub async fn issue_codes(id: i64, request: &CodesRequest, key: &str) -> Result<IssuedCodes, ApiError> {
    data(send_json(Request::post(&codes_url(id)).header("Idempotency-Key", key), request).await)
}

/// The address of an offer's unique codes as a CSV file: all, or those of one request.
pub fn codes_csv_url(id: i64, issued: Option<&IssuedCodes>) -> String {
    let part = issued.map(|codes| format!("?from={}&to={}", codes.first_number, codes.last_number));
    codes_url(id) + &part.unwrap_or_default()
}

fn codes_url(id: i64) -> String {
    format!("/api/offers/{id}/codes")
}

/// Queues a new forecast.
pub async fn recompute_forecast(offer: &str) -> Result<QueuedForecast, ApiError> {
    data(send(Request::post(&format!("{}/forecast", offer_url(offer)))).await)
}

/// Deletes the offer, or archives it if it has redemptions.
pub async fn remove_offer(id: i64) -> Result<Removed, ApiError> {
    data(send(Request::delete(&offer_url(&id.to_string()))).await)
}

pub async fn dashboard(offer: &str, range: DateRange) -> Result<Dashboard, ApiError> {
    let DateRange { from, to } = range;
    data(send(Request::get(&format!("{}/dashboard?from={from}&to={to}", offer_url(offer)))).await)
}

pub async fn overview(range: Option<DateRange>) -> Result<Overview, ApiError> {
    let query = range.map_or_else(String::new, |DateRange { from, to }| format!("?from={from}&to={to}"));
    data(send(Request::get(&format!("/api/overview{query}"))).await)
}

/// The address of an offer's event stream.
pub fn event_stream_url(offer: &str) -> String {
    format!("{}/events", offer_url(offer))
}

fn offer_url(offer: &str) -> String {
    format!("/api/offers/{}", crate::query_string::escape(offer))
}

fn data<T>(response: Result<Success<T>, ApiError>) -> Result<T, ApiError> {
    response.map(|success| success.data)
}

async fn send<T: DeserializeOwned>(request: RequestBuilder) -> Result<T, ApiError> {
    parse(exchange(own(request).build()).await)
}

async fn send_json<T: DeserializeOwned>(
    request: RequestBuilder,
    body: &impl Serialize,
) -> Result<T, ApiError> {
    let body = serde_json::to_string(body).map_err(|_| ApiError::Unreadable { status: 0 })?;
    parse(exchange(own(request).header("Content-Type", "application/json").body(body)).await)
}

fn own(request: RequestBuilder) -> RequestBuilder {
    request.header(OWN_REQUEST.0, OWN_REQUEST.1)
}

fn parse<T: DeserializeOwned>(response: Result<(u16, String), gloo_net::Error>) -> Result<T, ApiError> {
    let (status, body) = response.map_err(|_| ApiError::Network)?;
    envelope::open(status, &body).inspect_err(sign_in::go_if_signed_out)
}

/// Boxed and not generic, because the state of an awaited future is copied into each function that awaits it.
type Exchange = Pin<Box<dyn Future<Output = Result<(u16, String), gloo_net::Error>>>>;

fn exchange(request: Result<Request, gloo_net::Error>) -> Exchange {
    Box::pin(async { content(request?.send().await?).await })
}

/// The status and the body.
async fn content(response: Response) -> Result<(u16, String), gloo_net::Error> {
    Ok((response.status(), response.text().await?))
}
