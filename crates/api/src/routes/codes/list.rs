use std::fmt::Write;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, Header};
use actix_web::{HttpRequest, HttpResponse, get, web};
use futures_util::stream;
use offercast_app::access::Caller;
use offercast_app::{App, CodeCounts, CodeUse, ListedCode};
use offercast_contract::Success;
use offercast_domain::csv_cell;
use serde::Deserialize;

use crate::access::{self, By};
use crate::edge::{self, CallerPermit, Limits};
use crate::error::ApiError;
use crate::extract::{OfferPath, Query, number};
use crate::routes::documented_responses::ReadQueryFailures;
use crate::{convert, examples};

/// Number of codes computed and sent at a time.
const CHUNK: i64 = 10_000;
/// Number of codes after which the progress of a download is logged.
const LOG_EVERY: i64 = 100_000;

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Params {
    /// Number of the first code to list. The codes of an offer are numbered from 1.
    #[param(example = 1, value_type = Option<i64>, minimum = 1, maximum = 1_000_000_000_000_i64)]
    from: Option<String>,
    /// Number of the last code to list.
    #[param(example = 1000, value_type = Option<i64>, minimum = 1, maximum = 1_000_000_000_000_i64)]
    to: Option<String>,
}

/// The largest accepted code number. No offer has as many codes.
const MAX_NUMBER: usize = 1_000_000_000_000;

/// List the unique codes of an offer
///
/// Returns the codes as CSV, in the order of issue, with the columns `code` and `issued_at` and, for used codes,
/// `redeemed_at`, `redemption_id` and `customer_id`. With `Accept: application/json`, returns only the numbers of
/// issued and used codes.
#[utoipa::path(tag = "codes", operation_id = "list_codes", params(OfferPath, Params),
    responses((status = 200, description = "The codes as CSV, or their numbers as JSON", content(
                   (String = "text/csv", example = examples::codes_csv),
                   (Success<offercast_contract::CodeCounts> = "application/json", example = examples::code_counts))),
              ReadQueryFailures))]
#[get("/api/offers/{offer}/codes")]
pub async fn list(
    app: web::Data<App>,
    limits: web::Data<Limits>,
    offer: OfferPath,
    query: Query<Params>,
    request: HttpRequest,
    by: By,
) -> Result<HttpResponse, ApiError> {
    let from = number("from", query.0.from.as_deref(), 1, MAX_NUMBER)?;
    let to = number("to", query.0.to.as_deref(), MAX_NUMBER, MAX_NUMBER)?;
    let is_csv = wants_csv(&request)?;
    let counts = offercast_app::count_codes(&app, &offer.0).await?;
    if is_csv {
        let permit = limits.export(&request, &by.0.principal)?;
        edge::close_with_client(&request);
        return Ok(csv(app, counts, to_i64(from) - 1, to_i64(to).min(counts.issued), permit, by.0));
    }
    Ok(HttpResponse::Ok().json(Success::new("Codes", convert::code_counts(counts))))
}

fn to_i64(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// Whether the client prefers CSV, which is the default. 406 if it accepts neither format.
fn wants_csv(request: &HttpRequest) -> Result<bool, ApiError> {
    if !request.headers().contains_key(header::ACCEPT) {
        return Ok(true);
    }
    let accept = header::Accept::parse(request).map(|accept| accept.ranked()).unwrap_or_default();
    let is_csv = accept.iter().find_map(|media_type| match media_type.essence_str() {
        "text/csv" | "text/*" | "*/*" => Some(true),
        "application/json" | "application/*" => Some(false),
        _ => None,
    });
    is_csv.ok_or_else(|| {
        let message = "The codes are available as text/csv, their numbers as application/json";
        ApiError::new(StatusCode::NOT_ACCEPTABLE, "not_acceptable", message)
    })
}

/// Streams codes in chunks, so that memory does not grow with their number. An error ends the response before its last
/// chunk, which clients detect. `from` and `before` are zero-based.
fn csv(
    app: web::Data<App>,
    counts: CodeCounts,
    from: i64,
    before: i64,
    permit: CallerPermit,
    caller: Caller,
) -> HttpResponse {
    let offer_id = counts.offer_id;
    let name = format!("attachment; filename=\"offer-{offer_id}-codes.csv\"");
    let header = stream::once(async { Ok::<_, ApiError>(web::Bytes::from_static(HEADER)) });
    let rows = stream::try_unfold(from, move |next| {
        // The stream holds the permit until it ends.
        let (app, caller, _) = (app.clone(), caller.clone(), &permit);
        async move {
            if next >= before {
                return Ok(None);
            }
            access::check_still_accepted(&app, &caller)?;
            let end = before.min(next + CHUNK);
            let codes = offercast_app::codes_between(&app, offer_id, next, end).await?;
            if end == before || (end - from) % LOG_EVERY == 0 {
                tracing::info!(offer_id, done = end - from, of = before - from, "sending unique codes");
            }
            Ok::<_, ApiError>(Some((web::Bytes::from(render(&codes)), end)))
        }
    });
    HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((header::CONTENT_DISPOSITION, name))
        .streaming(futures_util::StreamExt::chain(header, rows))
}

const HEADER: &[u8] = b"code,issued_at,redeemed_at,redemption_id,customer_id\n";

fn render(codes: &[ListedCode]) -> String {
    let mut csv = String::new();
    for ListedCode { code, issued_at, used } in codes {
        let code = csv_cell::text(&code.to_string());
        let used = used.as_ref().map_or_else(|| ",,".to_owned(), use_columns);
        // Writing to a String cannot fail.
        let _ = writeln!(csv, "{code},{},{used}", issued_at.to_rfc3339());
    }
    csv
}

fn use_columns(used: &CodeUse) -> String {
    let (moment, id) = (used.redeemed_at.to_rfc3339(), used.redemption_id);
    format!("{moment},{id},{}", csv_cell::text(&used.customer_id))
}
