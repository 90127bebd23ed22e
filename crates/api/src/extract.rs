use std::fmt;
use std::future::{Ready, ready};
use std::pin::Pin;
use std::str::FromStr;

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::{FromRequest, HttpRequest, web};
use chrono::NaiveDate;
use offercast_domain::{IdempotencyKey, OfferRef};
use serde::de::{Deserialize, DeserializeOwned, Deserializer, Error, SeqAccess, Visitor};
use serde_json::value::RawValue;
use utoipa::IntoParams;

use crate::edge::{Body, BodyReader};
use crate::error::ApiError;

/// The largest body that is read: a hundred times what the largest valid one needs.
const MAX_BODY: usize = 64 * 1024;
/// Of a list of rows: each may be a thousandth of it.
const MAX_ROWS_BODY: usize = 1024 * 1024;
const MAX_ROWS: usize = 1_000;

/// The `{offer}` of a path: an id or a code.
#[derive(IntoParams)]
#[into_params(names("offer"), parameter_in = Path)]
pub struct OfferPath(
    /// The offer: its id, or its code in any case.
    #[param(value_type = String, example = "SUMMER10")]
    pub OfferRef,
);

impl FromRequest for OfferPath {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let offer = request.match_info().get("offer").and_then(OfferRef::parse);
        ready(offer.map(OfferPath).ok_or_else(ApiError::offer_not_found))
    }
}

/// The `{id}` of a redemption.
#[derive(IntoParams)]
#[into_params(names("id"), parameter_in = Path)]
pub struct RedemptionPath(
    /// The id of the redemption.
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

/// The `{id}` of a reservation.
#[derive(IntoParams)]
#[into_params(names("id"), parameter_in = Path)]
pub struct ReservationPath(
    /// The id of the reservation.
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

fn id(request: &HttpRequest) -> Option<i64> {
    request.match_info().get("id").and_then(digits)
}

/// Digits and nothing else: Rust's own reader takes a plus sign, too.
fn digits<T: FromStr>(text: &str) -> Option<T> {
    let are_digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| are_digits)
}

/// The `Idempotency-Key`, if one was sent.
#[derive(IntoParams)]
#[into_params(names("Idempotency-Key"), parameter_in = Header)]
pub struct Key(
    /// Makes a retry safe. The same request with the same key gets the first answer again, with `Idempotency-Replayed: true`,
    /// and changes nothing. Another request with the same key is refused: 422 `idempotency_key_reused`. A key has 1 to 255
    /// visible ASCII characters, belongs to the offer, and is kept for at least 24 hours.
    #[param(value_type = Option<String>, required = false, min_length = 1, max_length = 255,
            pattern = "^[!-~]{1,255}$", example = "order-5001-attempt-1")]
    pub Option<IdempotencyKey>,
);

impl FromRequest for Key {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let mut sent = request.headers().get_all("idempotency-key");
        let key = match (sent.next(), sent.next()) {
            (None, _) => Ok(Key(None)),
            (Some(key), None) => IdempotencyKey::parse(key.to_str().unwrap_or_default())
                .map(|key| Key(Some(key)))
                .map_err(|error| ApiError::field(error.field, error.code, error.message)),
            _ => Err(ApiError::field("Idempotency-Key", "invalid", "is given twice")),
        };
        ready(key)
    }
}

/// A JSON body.
pub struct Json<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Json<T> {
    type Error = ApiError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, ApiError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (reader, payload) = (BodyReader::new(request, MAX_BODY), payload.take());
        Box::pin(async move { parse(&reader.read(payload).await?).map(Json) })
    }
}

/// A JSON body that may be left out.
pub struct MaybeJson<T>(pub T);

impl<T: DeserializeOwned + Default + 'static> FromRequest for MaybeJson<T> {
    type Error = ApiError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, ApiError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (reader, payload) = (BodyReader::new(request, MAX_BODY), payload.take());
        Box::pin(async move {
            let body = reader.read(payload).await?;
            if body.is_empty() {
                return Ok(MaybeJson(T::default()));
            }
            parse(&body).map(MaybeJson)
        })
    }
}

/// The body of a batch, which [`rows`] reads.
pub struct BatchBody(pub Body);

impl FromRequest for BatchBody {
    type Error = ApiError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, ApiError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (reader, payload) = (BodyReader::new(request, MAX_ROWS_BODY), payload.take());
        Box::pin(async move { reader.read(payload).await.map(BatchBody) })
    }
}

/// Reads a JSON list of 1 to 1000 rows. What is wrong with a row is said of that row.
pub fn rows<T: DeserializeOwned>(body: &[u8]) -> Result<Vec<Result<T, ApiError>>, ApiError> {
    let body = without_byte_order_mark(body);
    let RowTexts(rows) = serde_json::from_slice(body).map_err(|error| wrong_json("body", &error))?;
    Ok(rows.into_iter().map(|row| parse(row.get().as_bytes())).collect())
}

/// The texts of the rows: what is wrong with one of them must not fail the others.
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

/// Some editors and libraries put it before the text; it means nothing.
fn without_byte_order_mark(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)
}

pub fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    let body = without_byte_order_mark(body);
    // serde alone would also take a list of the fields' values.
    if !body.trim_ascii_start().starts_with(b"{") {
        return Err(not_an_object(body));
    }
    let mut json = serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        wrong_json(&path, &error.into_inner())
    })?;
    json.end().map_err(|error| wrong_json("", &error))?;
    Ok(value)
}

fn not_an_object(body: &[u8]) -> ApiError {
    match serde_json::from_slice::<serde::de::IgnoredAny>(body) {
        Ok(_) => ApiError::field("body", "invalid", "must be a JSON object"),
        Err(error) => wrong_json("body", &error),
    }
}

/// Broken JSON is 400; JSON whose values don't fit is 422 and names the field.
fn wrong_json(path: &str, error: &serde_json::Error) -> ApiError {
    if !error.is_data() {
        let message = format!("The body is not JSON: {error}");
        return ApiError::new(StatusCode::BAD_REQUEST, "malformed_json", message);
    }
    let text = error.to_string();
    let named = text.split('`').nth(1);
    match named {
        Some(field) if text.starts_with("unknown field") => {
            let accepted = text.split_once(", expected ").map_or("", |(_, rest)| rest);
            let accepted = accepted.split(" at line").next().unwrap_or_default();
            ApiError::field(field, "unknown", format!("is not known; accepted are {accepted}"))
        }
        Some(field) if text.starts_with("duplicate field") => {
            ApiError::field(field, "invalid", "is given twice")
        }
        _ => {
            let message = text.split(" at line").next().unwrap_or_default();
            ApiError::field(path, code(message), message)
        }
    }
}

/// What serde says of lists alone.
fn code(message: &str) -> &'static str {
    if message.starts_with("invalid length") { "out_of_range" } else { "invalid" }
}

/// The query of a URL, as text; what it means is for the route to say.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequest for Query<T> {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(query(request.query_string()).map(Query))
    }
}

pub fn query<T: DeserializeOwned>(text: &str) -> Result<T, ApiError> {
    let query = web::Query::<T>::from_query(text).map(web::Query::into_inner);
    query.map_err(|error| ApiError::field("query", "invalid", format!("cannot be read: {error}")))
}

/// A whole number of a query within bounds.
pub fn number(field: &str, text: Option<&str>, default: usize, max: usize) -> Result<usize, ApiError> {
    let Some(text) = text else { return Ok(default) };
    digits(text).filter(|number| (1..=max).contains(number)).ok_or_else(|| {
        ApiError::field(field, "out_of_range", format!("has to be a whole number from 1 to {max}"))
    })
}

/// A day of a query.
pub fn day(field: &str, text: Option<String>) -> Result<Option<NaiveDate>, ApiError> {
    let Some(text) = text else { return Ok(None) };
    // chrono also takes signs and fewer digits.
    let day = NaiveDate::parse_from_str(&text, "%Y-%m-%d").ok().filter(|day| day.to_string() == text);
    day.map(Some).ok_or_else(|| {
        ApiError::field(field, "invalid", "has to be a day written YYYY-MM-DD, such as 2026-11-30")
    })
}

#[cfg(test)]
mod tests {
    use offercast_contract::{BatchRow, OfferInput, RedeemRequest};

    use super::*;

    /// Text inside of text inside of text, each with lists in it and under a name that serde_json takes apart anew in its
    /// `Value`: together deeper than any stack.
    fn nested(levels: usize, most: usize) -> String {
        let mut json = "1".to_owned();
        for _ in 0..levels {
            let quoted = serde_json::to_string(&json).unwrap();
            let lists = 124;
            let next = format!(
                "{}{{\"$serde_json::private::RawValue\":{quoted}}}{}",
                "[".repeat(lists),
                "]".repeat(lists)
            );
            if next.len() > most {
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
    fn no_nesting_overflows_the_stack() {
        let bomb = nested(20, MAX_BODY - 100);
        assert!(bomb.len() > MAX_BODY / 4, "{}", bomb.len());
        for field in ["order_amount", "customer_id", "order_id", "unknown"] {
            let body = format!(r#"{{"{field}": {bomb}}}"#);
            let error = parse::<RedeemRequest>(body.as_bytes()).unwrap_err();
            assert_eq!(error.code, "invalid_request", "{field}");
        }
        let error = parse::<OfferInput>(format!(r#"{{"max_redemptions": {bomb}}}"#).as_bytes()).unwrap_err();
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
    fn a_byte_order_mark_is_skipped() {
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
    fn a_number_is_read_as_it_is_written() {
        for wrong in
            ["\"1_000\"", "12345678901234567890123456789", "{\"$serde_json::private::Number\": \"5\"}"]
        {
            let body = format!(r#"{{"order_amount": {wrong}}}"#);
            let error = parse::<RedeemRequest>(body.as_bytes()).unwrap_err();
            assert!(
                message(&error).starts_with("order_amount: must be a number or a decimal string"),
                "{wrong}"
            );
        }
    }
}
