//! Extractors of request input: path and query parameters, the idempotency key and JSON bodies.

use std::fmt;
use std::future::{Ready, ready};
use std::pin::Pin;
use std::str::FromStr;

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::http::header::HeaderName;
use actix_web::{FromRequest, HttpRequest, web};
use chrono::NaiveDate;
use futures_util::future::Either;
use offercast_app::{App, Error};
use offercast_domain::OfferRef;
use offercast_domain::redemption::IdempotencyKey;
use serde::de::{Deserialize, DeserializeOwned, Deserializer, Error as _, SeqAccess, Visitor};
use serde_json::value::RawValue;
use utoipa::IntoParams;

use crate::access;
use crate::edge::{Body, BodyReader};
use crate::error::ApiError;
use crate::routes::idempotency::client_address;

/// Maximum size of a body in bytes: about a hundred times the size of the largest valid one.
pub const MAX_BODY: usize = 64 * 1024;
/// Maximum size of a batch in bytes: about 1 KiB for each row.
const MAX_ROWS_BODY: usize = 1024 * 1024;
/// Maximum number of rows in a batch.
const MAX_ROWS: usize = 1_000;

/// The path parameter `{offer}`: an id or a code.
#[derive(IntoParams)]
#[into_params(names("offer"), parameter_in = Path)]
pub struct OfferPath(
    /// Id or code of the offer. The case of a code does not matter.
    #[param(value_type = String, example = "SUMMER10")]
    pub OfferRef,
);

/// The path parameter `{offer}` of a call whose batch checks whether the caller may see the offer.
pub struct UncheckedOfferPath(pub OfferRef);

impl FromRequest for UncheckedOfferPath {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let offer = request.match_info().get("offer").and_then(OfferRef::parse);
        ready(offer.map(UncheckedOfferPath).ok_or_else(ApiError::offer_not_found))
    }
}

impl FromRequest for OfferPath {
    type Error = ApiError;
    type Future = Either<Ready<Result<Self, ApiError>>, BodyFuture<Self>>;

    /// An offer that the caller may not see is treated as if it did not exist.
    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let offer = request.match_info().get("offer").and_then(OfferRef::parse);
        let principal = access::principal(request);
        match (offer, request.app_data::<web::Data<App>>()) {
            (Some(offer), Some(app)) if principal.offers().ids().is_some() => {
                let (app, client) = (app.clone(), client_address(request));
                Either::Right(Box::pin(async move {
                    let visible = offercast_app::visible_offer(&app, offer, &principal, client).await;
                    Ok(OfferPath(visible?))
                }))
            }
            (offer, _) => Either::Left(ready(offer.map(OfferPath).ok_or_else(ApiError::offer_not_found))),
        }
    }
}

/// The path parameter `{id}` of a redemption.
#[derive(IntoParams)]
#[into_params(names("id"), parameter_in = Path)]
pub struct RedemptionPath(
    /// Id of the redemption.
    #[param(example = 45)]
    pub i64,
);

impl FromRequest for RedemptionPath {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(id(request).map(RedemptionPath).ok_or_else(ApiError::redemption_not_found))
    }
}

/// The path parameter `{id}` of a reservation.
#[derive(IntoParams)]
#[into_params(names("id"), parameter_in = Path)]
pub struct ReservationPath(
    /// Id of the reservation.
    #[param(example = 12)]
    pub i64,
);

impl FromRequest for ReservationPath {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(id(request).map(ReservationPath).ok_or_else(ApiError::reservation_not_found))
    }
}

/// The path parameter `{id}` of a person.
#[derive(IntoParams)]
#[into_params(names("id"), parameter_in = Path)]
pub struct UserPath(
    /// Id of the person.
    #[param(example = 3)]
    pub i64,
);

impl FromRequest for UserPath {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(id(request).map(UserPath).ok_or_else(|| Error::UserNotFound.into()))
    }
}

/// The path parameter `{id}` of a key.
#[derive(IntoParams)]
#[into_params(names("id"), parameter_in = Path)]
pub struct KeyPath(
    /// Id of the key.
    #[param(example = 3)]
    pub i64,
);

impl FromRequest for KeyPath {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(id(request).map(KeyPath).ok_or_else(|| Error::KeyNotFound.into()))
    }
}

/// The path parameter `{id}` of a session.
#[derive(IntoParams)]
#[into_params(names("id"), parameter_in = Path)]
pub struct SessionPath(
    /// Id of the session.
    #[param(example = 3)]
    pub i64,
);

impl FromRequest for SessionPath {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(id(request).map(SessionPath).ok_or_else(|| Error::SessionNotFound.into()))
    }
}

fn id(request: &HttpRequest) -> Option<i64> {
    request.match_info().get("id").and_then(digits)
}

/// Parses a number that consists of digits only. `str::parse` would also accept a plus sign.
fn digits<T: FromStr>(text: &str) -> Option<T> {
    let are_digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| are_digits)
}

/// The header `Idempotency-Key`, if it was sent.
#[derive(IntoParams)]
#[into_params(names("Idempotency-Key"), parameter_in = Header)]
pub struct IdempotencyHeader(
    /// Makes retries safe: 1 to 255 visible ASCII characters. If the same request is sent again with the same key, it
    /// changes nothing and gets the first response again, with `Idempotency-Replayed: true`. A different request with
    /// the same key fails with 422 `idempotency_key_reused`. Keys are separate for each offer, and for each API key
    /// and person, and are stored for at least 24 hours.
    #[param(value_type = Option<String>, required = false, min_length = 1, max_length = 255,
            pattern = "^[!-~]{1,255}$", example = "order-5001-attempt-1")]
    pub Option<IdempotencyKey>,
);

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

impl FromRequest for IdempotencyHeader {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let mut sent = request.headers().get_all(IDEMPOTENCY_KEY);
        let key = match (sent.next(), sent.next()) {
            (None, _) => Ok(IdempotencyHeader(None)),
            (Some(key), None) => IdempotencyKey::parse(key.to_str().unwrap_or_default())
                .map(|key| IdempotencyHeader(Some(key.owned_by(access::principal(request).owner()))))
                .map_err(|error| ApiError::field(error.field, error.code, error.message)),
            _ => Err(ApiError::field("Idempotency-Key", "invalid", "is sent more than once")),
        };
        ready(key)
    }
}

/// A future that reads from the connection or the database.
type BodyFuture<T> = Pin<Box<dyn Future<Output = Result<T, ApiError>>>>;

/// Reads a body of at most `max_size` bytes.
fn read_body(
    request: &HttpRequest,
    payload: &mut Payload,
    max_size: usize,
) -> impl Future<Output = Result<Body, ApiError>> + use<> {
    BodyReader::new(request, max_size).read(payload.take())
}

/// A JSON body.
pub struct Json<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Json<T> {
    type Error = ApiError;
    type Future = BodyFuture<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let body = read_body(request, payload, MAX_BODY);
        Box::pin(async move { parse(&body.await?).map(Json) })
    }
}

/// An optional JSON body.
pub struct MaybeJson<T>(pub T);

impl<T: DeserializeOwned + Default + 'static> FromRequest for MaybeJson<T> {
    type Error = ApiError;
    type Future = BodyFuture<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let body = read_body(request, payload, MAX_BODY);
        Box::pin(async move {
            let body = body.await?;
            if body.is_empty() {
                return Ok(MaybeJson(T::default()));
            }
            parse(&body).map(MaybeJson)
        })
    }
}

/// The unparsed body of a batch; [`rows`] parses it.
pub struct BatchBody(pub Body);

impl FromRequest for BatchBody {
    type Error = ApiError;
    type Future = BodyFuture<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let body = read_body(request, payload, MAX_ROWS_BODY);
        Box::pin(async move { body.await.map(BatchBody) })
    }
}

/// Parses a JSON list of 1 to 1000 rows. An invalid row is an error in its place and does not affect the others.
pub fn rows<T: DeserializeOwned>(body: &[u8]) -> Result<Vec<Result<T, ApiError>>, ApiError> {
    let body = without_byte_order_mark(body);
    let RowTexts(rows) = serde_json::from_slice(body).map_err(|error| json_error("body", &error))?;
    Ok(rows.into_iter().map(|row| parse(row.get().as_bytes())).collect())
}

/// The raw JSON of each row, so that each can be parsed on its own.
struct RowTexts<'a>(Vec<&'a RawValue>);

impl<'de> Deserialize<'de> for RowTexts<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(RowsVisitor)
    }
}

struct RowsVisitor;

impl<'de> Visitor<'de> for RowsVisitor {
    type Value = RowTexts<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a list of 1 to {MAX_ROWS} rows")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<RowTexts<'de>, A::Error> {
        let mut rows = Vec::new();
        while let Some(row) = list.next_element()? {
            if rows.len() == MAX_ROWS {
                return Err(A::Error::invalid_length(MAX_ROWS + 1, &self));
            }
            rows.push(row);
        }
        if rows.is_empty() {
            return Err(A::Error::invalid_length(0, &self));
        }
        Ok(RowTexts(rows))
    }
}

/// Removes a UTF-8 byte order mark, which some editors and libraries write.
fn without_byte_order_mark(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)
}

/// Parses a body as a JSON object.
///
/// 400 `malformed_json` if the body is not JSON, 422 with the name of the field if a value is invalid.
pub fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    let body = without_byte_order_mark(body);
    // Derived `Deserialize` would also accept a list of the fields' values.
    if !body.trim_ascii_start().starts_with(b"{") {
        return Err(not_an_object(body));
    }
    let mut json = serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        json_error(&path, &error.into_inner())
    })?;
    json.end().map_err(|error| json_error("", &error))?;
    Ok(value)
}

fn not_an_object(body: &[u8]) -> ApiError {
    match serde_json::from_slice::<serde::de::IgnoredAny>(body) {
        Ok(_) => ApiError::field("body", "invalid", "must be a JSON object"),
        Err(error) => json_error("body", &error),
    }
}

/// 400 for malformed JSON, 422 for JSON of another type than expected. `path` is the invalid field.
///
/// The name of an unknown or duplicate field is available only in the text of the error, where serde puts it between
/// backticks: `serde_json::Error` stores a message. The alternative, an error type of our own that implements
/// `unknown_field` and `duplicate_field`, would need a wrapper for every part of serde_json's deserializer.
fn json_error(path: &str, error: &serde_json::Error) -> ApiError {
    if !error.is_data() {
        let message = format!("The body is not valid JSON: {error}");
        return ApiError::new(StatusCode::BAD_REQUEST, "malformed_json", message);
    }
    let text = error.to_string();
    match text.split('`').nth(1) {
        Some(field) if text.starts_with("unknown field") => {
            let expected = text.split_once(", expected ").map_or("", |(_, rest)| rest);
            let expected = expected.split(" at line").next().unwrap_or_default();
            ApiError::field(field, "unknown", format!("is unknown; expected {expected}"))
        }
        Some(field) if text.starts_with("duplicate field") => {
            ApiError::field(field, "invalid", "occurs twice")
        }
        _ => {
            let message = text.split(" at line").next().unwrap_or_default();
            ApiError::field(path, code(message), message)
        }
    }
}

/// serde reports `invalid length` only for lists.
fn code(message: &str) -> &'static str {
    if message.starts_with("invalid length") { "out_of_range" } else { "invalid" }
}

/// The parameters of a query string. Most fields of `T` are text, which the route parses and checks.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequest for Query<T> {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(query(request.query_string()).map(Query))
    }
}

/// Parses a query string.
pub fn query<T: DeserializeOwned>(text: &str) -> Result<T, ApiError> {
    let query = web::Query::<T>::from_query(text).map(web::Query::into_inner);
    query.map_err(|error| ApiError::field("query", "invalid", format!("cannot be parsed: {error}")))
}

/// Parses a query parameter as a whole number from 1 to `max`.
pub fn number(field: &str, text: Option<&str>, default: usize, max: usize) -> Result<usize, ApiError> {
    let Some(text) = text else { return Ok(default) };
    digits(text).filter(|number| (1..=max).contains(number)).ok_or_else(|| {
        ApiError::field(field, "out_of_range", format!("must be a whole number from 1 to {max}"))
    })
}

/// Parses a query parameter as a date.
pub fn day(field: &str, text: Option<String>) -> Result<Option<NaiveDate>, ApiError> {
    let Some(text) = text else { return Ok(None) };
    // chrono would also accept signs and fewer digits.
    let day = NaiveDate::parse_from_str(&text, "%Y-%m-%d").ok().filter(|day| day.to_string() == text);
    day.map(Some)
        .ok_or_else(|| ApiError::field(field, "invalid", "must be a date as YYYY-MM-DD, such as 2026-11-30"))
}

#[cfg(test)]
mod tests {
    use offercast_contract::{BatchRow, OfferInput, RedeemRequest};

    use super::*;

    /// JSON strings nested in each other, each within lists and under a private key that `serde_json::Value` would
    /// parse again. Together they are deeper than any stack.
    fn nested(levels: usize, max_size: usize) -> String {
        let mut json = "1".to_owned();
        for _ in 0..levels {
            let quoted = serde_json::to_string(&json).unwrap();
            let lists = 124;
            let next = format!(
                "{}{{\"$serde_json::private::RawValue\":{quoted}}}{}",
                "[".repeat(lists),
                "]".repeat(lists)
            );
            if next.len() > max_size {
                break;
            }
            json = next;
        }
        json
    }

    fn message(error: &ApiError) -> String {
        let fields = error.fields.iter().map(|field| format!("{}: {}", field.field, field.message));
        fields.collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn deeply_nested_json_does_not_overflow_the_stack() {
        let deep = nested(20, MAX_BODY - 100);
        assert!(deep.len() > MAX_BODY / 4, "{}", deep.len());
        for field in ["order_amount", "customer_id", "order_id", "unknown"] {
            let body = format!(r#"{{"{field}": {deep}}}"#);
            let error = parse::<RedeemRequest>(body.as_bytes()).unwrap_err();
            assert_eq!(error.code, "invalid_request", "{field}");
        }
        let error = parse::<OfferInput>(format!(r#"{{"max_redemptions": {deep}}}"#).as_bytes()).unwrap_err();
        assert_eq!(message(&error), "max_redemptions: must be a whole number");
        let row = format!(r#"[{{"offer": {}}}]"#, nested(30, MAX_ROWS_BODY - 100));
        let rows = rows::<BatchRow>(row.as_bytes()).unwrap();
        assert_eq!(rows[0].as_ref().unwrap_err().code, "invalid_request");
        let deep = format!("{}1{}", "[".repeat(30_000), "]".repeat(30_000));
        assert!(parse::<RedeemRequest>(deep.as_bytes()).is_err());
        assert!(rows_of(&deep).is_err() || rows_of(&deep).unwrap()[0].is_err());
    }

    fn rows_of(body: &str) -> Result<Vec<Result<BatchRow, ApiError>>, ApiError> {
        rows(body.as_bytes())
    }

    #[test]
    fn a_byte_order_mark_is_ignored() {
        let body = "\u{feff}{\"customer_id\": 1, \"order_amount\": 5}";
        assert!(parse::<RedeemRequest>(body.as_bytes()).is_ok());
        assert_eq!(rows_of(&format!("\u{feff}[{}]", &body[3..])).unwrap().len(), 1);
    }

    #[test]
    fn a_batch_has_1_to_1000_rows() {
        let list = |count: usize| format!("[{}]", vec!["{}"; count].join(","));
        for count in [0, 1001, 100_000] {
            let error = rows_of(&list(count)).unwrap_err();
            assert!(message(&error).contains("a list of 1 to 1000 rows"), "{}", message(&error));
        }
        assert_eq!(rows_of(&list(1000)).unwrap().len(), 1000);
    }

    #[test]
    fn unknown_and_duplicate_fields_are_named() {
        let error = |body: &str| message(&parse::<RedeemRequest>(body.as_bytes()).unwrap_err());
        let unknown = error(r#"{"amount": 5}"#);
        assert!(unknown.starts_with("amount: is unknown; expected one of `customer_id`, "), "{unknown}");
        assert_eq!(error(r#"{"order_id": "1", "order_id": "2"}"#), "order_id: occurs twice");
    }

    #[test]
    fn numbers_are_parsed_exactly() {
        for invalid in
            ["\"1_000\"", "12345678901234567890123456789", "{\"$serde_json::private::Number\": \"5\"}"]
        {
            let body = format!(r#"{{"order_amount": {invalid}}}"#);
            let error = parse::<RedeemRequest>(body.as_bytes()).unwrap_err();
            assert!(
                message(&error).starts_with("order_amount: must be a number or a decimal string"),
                "{invalid}"
            );
        }
    }
}
