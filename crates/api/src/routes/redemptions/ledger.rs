use std::fmt::Write;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, Header};
use actix_web::{HttpRequest, HttpResponse, get, web};
use futures_util::stream;
use offercast_app::access::Caller;
use offercast_app::{App, LedgerRow, StoredOffer};
use offercast_contract::{LedgerEntry, Meta, Page};
use offercast_domain::{OfferRef, csv_cell};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::access::{self, By};
use crate::edge::{self, CallerPermit, Limits};
use crate::error::ApiError;
use crate::extract::{OfferPath, Query, number};
use crate::routes::documented_responses::ReadQueryFailures;
use crate::{convert, cursor, examples};

const DEFAULT_LIMIT: usize = 50;
const MAX_LIMIT: usize = 1_000;
/// Number of rows read and sent at a time as CSV.
const CHUNK: i64 = 5_000;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Params {
    /// The `next_cursor` of the previous page. Omit it for the first page. Must be valid but has no effect with CSV.
    cursor: Option<String>,
    /// Maximum number of entries on the page, 1 to 1000. The default is 50. Must be valid but has no effect with CSV.
    #[param(example = 20, value_type = Option<u32>, minimum = 1, maximum = 1000)]
    limit: Option<String>,
    /// Format of the response, `json` or `csv`. Overrides the `Accept` header, which a link cannot set.
    #[param(example = "json", value_type = Option<String>, pattern = "^(json|csv)$")]
    format: Option<String>,
}

/// List the redemptions of an offer
///
/// Returns one page of redemptions and reversals as JSON, newest first. With `Accept: text/csv` or `format=csv`,
/// returns all redemptions that are not reversed as CSV, oldest first, in the columns that `offercast import` reads.
/// Text that a spreadsheet would interpret as a formula is prefixed with an apostrophe, which the import removes.
#[utoipa::path(tag = "redemptions", operation_id = "list_redemptions", params(OfferPath, Params),
    responses((status = 200, description = "One page as JSON, or all redemptions as CSV", content(
                   (Page<LedgerEntry> = "application/json", example = examples::ledger_page),
                   (String = "text/csv", example = examples::ledger_csv))), ReadQueryFailures))]
#[get("/api/offers/{offer}/redemptions")]
pub async fn ledger(
    app: web::Data<App>,
    limits: web::Data<Limits>,
    offer: OfferPath,
    query: Query<Params>,
    request: HttpRequest,
    by: By,
) -> Result<HttpResponse, ApiError> {
    let format = format(query.0.format.as_deref(), &request)?;
    let page = PageQuery::parse(&query.0)?;
    match format {
        Format::Json => json(&app, &offer.0, page).await,
        Format::Csv => {
            let permit = limits.export(&request, &by.0.principal)?;
            edge::close_with_client(&request);
            csv(app, &offer.0, permit, by.0).await
        }
    }
}

enum Format {
    Json,
    Csv,
}

/// Returns the requested format or, without one, the format that `Accept` prefers. JSON is the default.
fn format(format: Option<&str>, request: &HttpRequest) -> Result<Format, ApiError> {
    match format {
        Some("json") => return Ok(Format::Json),
        Some("csv") => return Ok(Format::Csv),
        Some(_) => return Err(ApiError::field("format", "invalid", "must be json or csv")),
        None => {}
    }
    if !request.headers().contains_key(header::ACCEPT) {
        return Ok(Format::Json);
    }
    let accept = header::Accept::parse(request).map(|accept| accept.ranked()).unwrap_or_default();
    let format = accept.iter().find_map(|media_type| match media_type.essence_str() {
        "application/json" | "application/*" | "*/*" => Some(Format::Json),
        "text/csv" | "text/*" => Some(Format::Csv),
        _ => None,
    });
    format.ok_or_else(|| {
        let message = "The redemptions are available as application/json and text/csv";
        ApiError::new(StatusCode::NOT_ACCEPTABLE, "not_acceptable", message)
    })
}

/// The requested page. Its parameters are checked for both formats, although CSV has no pages.
#[derive(Clone, Copy)]
struct PageQuery {
    before: Option<i64>,
    limit: usize,
}

impl PageQuery {
    fn parse(params: &Params) -> Result<PageQuery, ApiError> {
        Ok(PageQuery {
            before: cursor::decode(params.cursor.as_deref())?,
            limit: number("limit", params.limit.as_deref(), DEFAULT_LIMIT, MAX_LIMIT)?,
        })
    }
}

async fn json(app: &App, offer: &OfferRef, query: PageQuery) -> Result<HttpResponse, ApiError> {
    let page = offercast_app::ledger_page(app, offer, query.before, query.limit).await?;
    Ok(HttpResponse::Ok().json(Page {
        status: true,
        message: "Redemptions".to_owned(),
        data: page.rows.into_iter().map(convert::ledger_entry).collect(),
        meta: Meta { next_cursor: page.next.map(|id| cursor::encode(&id)) },
    }))
}

async fn csv(
    app: web::Data<App>,
    offer: &OfferRef,
    permit: CallerPermit,
    caller: Caller,
) -> Result<HttpResponse, ApiError> {
    let offer = offercast_app::show_offer(&app, offer).await?.stored;
    let name = format!("attachment; filename=\"{}-redemptions.csv\"", offer.offer.terms.code);
    // Rows are streamed in chunks, so that memory does not grow with the ledger. An error ends the response before its
    // last chunk, which clients detect.
    let rows = stream::try_unfold(Some(0), move |after| {
        // The stream holds the permit until it ends.
        let (app, offer, caller, _) = (app.clone(), offer.clone(), caller.clone(), &permit);
        async move {
            let Some(after) = after else { return Ok(None) };
            access::check_still_accepted(&app, &caller)?;
            let rows = offercast_app::ledger_after(&app, &offer, after, CHUNK).await?;
            let next = rows.last().map(|row| row.id);
            if next.is_none() && after > 0 {
                return Ok(None);
            }
            Ok::<_, ApiError>(Some((web::Bytes::from(render(&offer, &rows, after == 0)), next)))
        }
    });
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((header::CONTENT_DISPOSITION, name))
        .streaming(rows))
}

const HEADER: &str = "offer_code,customer_id,order_amount,discount_given,redeemed_at,order_id\n";

fn render(offer: &StoredOffer, rows: &[LedgerRow], with_header: bool) -> String {
    let code = csv_cell::text(offer.offer.terms.code.as_str());
    let mut csv = if with_header { HEADER.to_owned() } else { String::new() };
    for row in rows {
        let (customer_id, redeemed_at) = (csv_cell::text(&row.customer_id), row.redeemed_at.to_rfc3339());
        let (amount, discount) = (row.order_amount.normalize(), row.discount.normalize());
        let order_id = csv_cell::text(row.order_id.as_deref().unwrap_or_default());
        // Writing to a String cannot fail.
        let _ = writeln!(csv, "{code},{customer_id},{amount},{discount},{redeemed_at},{order_id}");
    }
    csv
}
