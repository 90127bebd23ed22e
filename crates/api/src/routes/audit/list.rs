use std::fmt::Write;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, get, web};
use chrono::{DateTime, Days, NaiveDate, Utc};
use offercast_app::{App, AuditPage, AuditQuery};
use offercast_contract::{AuditEntry, Meta, Page};
use offercast_domain::{OfferRef, csv_cell};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::access::By;
use crate::edge::Limits;
use crate::error::ApiError;
use crate::extract::{Query, day, number};
use crate::routes::documented_responses::AuditFailures;
use crate::{convert, cursor, examples};

const DEFAULT_LIMIT: usize = 50;
const MAX_LIMIT: usize = 200;
/// Most entries of one CSV file.
const MAX_CSV: usize = 10_000;
const MAX_TEXT: usize = 100;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Params {
    /// Who acted: `user:3`, `key:12`, or a part of a name.
    #[param(example = "user:3", max_length = 100, pattern = r"^[^\u0000-\u001f\u007f-\u009f]*$")]
    actor: Option<String>,
    /// What was done: an action such as `offer.updated`, or its first part, such as `offer`.
    #[param(example = "offer", max_length = 100, pattern = r"^[^\u0000-\u001f\u007f-\u009f]*$")]
    action: Option<String>,
    /// Id or code of an offer.
    #[param(example = "SUMMER10")]
    offer: Option<String>,
    /// First day, in UTC.
    #[param(example = "2026-06-01", value_type = Option<NaiveDate>)]
    from: Option<String>,
    /// Last day, in UTC.
    #[param(example = "2026-06-15", value_type = Option<NaiveDate>)]
    to: Option<String>,
    /// The `next_cursor` of the previous page. Omit it for the first page.
    cursor: Option<String>,
    /// Maximum number of entries on the page, 1 to 200. The default is 50. Has no effect with CSV.
    #[param(example = 20, value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Option<String>,
    /// Format of the response: `json`, the default, or `csv`.
    #[param(example = "json", value_type = Option<String>, pattern = "^(json|csv)$")]
    format: Option<String>,
}

/// Read the audit log
///
/// Returns who changed what, from where and when, the newest first: changes of offers, keys and people, sign-ins and
/// failed attempts. Redemptions and reservations record who acted themselves. With `format=csv`, returns at most 10,000
/// entries as CSV; filter by days to read more.
#[utoipa::path(tag = "audit", operation_id = "list_audit_log", params(Params),
    responses((status = 200, description = "One page as JSON, or the entries as CSV", content(
                   (Page<AuditEntry> = "application/json", example = examples::audit_page),
                   (String = "text/csv", example = examples::audit_csv))), AuditFailures))]
#[get("/api/audit")]
pub async fn list(
    app: web::Data<App>,
    limits: web::Data<Limits>,
    query: Query<Params>,
    request: HttpRequest,
    by: By,
) -> Result<HttpResponse, ApiError> {
    let is_csv = match query.0.format.as_deref() {
        None | Some("json") => false,
        Some("csv") => true,
        Some(_) => return Err(ApiError::field("format", "invalid", "must be json or csv")),
    };
    let mut query = parse(query.0)?;
    let _permit = if is_csv { Some(limits.export(&request, &by.0.principal)?) } else { None };
    if is_csv {
        query.limit = MAX_CSV;
    }
    let page = offercast_app::audit_page(&app, query).await?;
    Ok(if is_csv { csv(page) } else { HttpResponse::Ok().json(respond(page)) })
}

/// One page of entries.
pub fn respond(page: AuditPage) -> Page<AuditEntry> {
    Page {
        status: true,
        message: "Audit log".to_owned(),
        data: page.entries.into_iter().map(convert::audit_entry).collect(),
        meta: Meta { next_cursor: page.next.map(|id| cursor::encode(&id)) },
    }
}

fn parse(params: Params) -> Result<AuditQuery, ApiError> {
    let offer = params.offer.map(|text| OfferRef::parse(&text).ok_or_else(ApiError::offer_not_found));
    let (from, to) = (day("from", params.from)?, day("to", params.to)?);
    Ok(AuditQuery {
        actor: text("actor", params.actor)?,
        action: text("action", params.action)?,
        offer: offer.transpose()?,
        from: from.and_then(midnight),
        until: to.and_then(|to| midnight(to.checked_add_days(Days::new(1))?)),
        before: cursor::decode(params.cursor.as_deref())?,
        limit: number("limit", params.limit.as_deref(), DEFAULT_LIMIT, MAX_LIMIT)?,
    })
}

fn midnight(day: NaiveDate) -> Option<DateTime<Utc>> {
    Some(day.and_hms_opt(0, 0, 0)?.and_utc())
}

fn text(field: &str, value: Option<String>) -> Result<Option<String>, ApiError> {
    let Some(value) = value.filter(|value| !value.is_empty()) else { return Ok(None) };
    if value.chars().count() > MAX_TEXT || value.chars().any(char::is_control) {
        let message = format!("must have at most {MAX_TEXT} characters and no control characters");
        return Err(ApiError::field(field, "invalid", message));
    }
    Ok(Some(value))
}

const HEADER: &str = "at,actor,actor_name,action,subject,subject_name,changes,address,request_id\n";

fn csv(page: AuditPage) -> HttpResponse {
    let mut csv = HEADER.to_owned();
    for entry in page.entries.into_iter().map(convert::audit_entry) {
        let changes: Vec<String> = entry.changes.iter().map(in_words).collect();
        let texts = [
            &entry.actor,
            &entry.actor_name,
            &entry.action,
            &entry.subject,
            &entry.subject_name,
            &changes.join("; "),
            &entry.address,
            &entry.request_id,
        ];
        let texts = texts.map(|text| csv_cell::text(text));
        // Writing to a String cannot fail.
        let _ = writeln!(csv, "{},{}", entry.at.to_rfc3339(), texts.join(","));
    }
    HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((header::CONTENT_DISPOSITION, "attachment; filename=\"audit-log.csv\""))
        .body(csv)
}

fn in_words(change: &offercast_contract::FieldChange) -> String {
    let value = |value: &Option<String>| value.clone().unwrap_or_default();
    format!("{}: {} -> {}", change.field, value(&change.before), value(&change.after))
}
