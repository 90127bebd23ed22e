use actix_web::{get, web};
use offercast_app::{App, AuditQuery};
use offercast_contract::{AuditEntry, Page};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::error::ApiError;
use crate::extract::{OfferPath, Query, number};
use crate::routes::audit::list;
use crate::routes::documented_responses::ReadQueryFailures;
use crate::{cursor, examples};

const DEFAULT_LIMIT: usize = 20;
const MAX_LIMIT: usize = 200;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Params {
    /// The `next_cursor` of the previous page. Omit it for the first page.
    cursor: Option<String>,
    /// Maximum number of entries on the page, 1 to 200. The default is 20.
    #[param(example = 20, value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Option<String>,
}

/// Read the history of an offer
///
/// Returns who created and edited the offer and issued its codes, the newest first, without addresses and ids of
/// requests, which the audit log has.
#[utoipa::path(tag = "offers", operation_id = "list_offer_history", params(OfferPath, Params),
    responses((status = 200, description = "One page of entries of the audit log", body = Page<AuditEntry>,
               example = examples::audit_page), ReadQueryFailures))]
#[get("/api/offers/{offer}/history")]
pub async fn history(
    app: web::Data<App>,
    offer: OfferPath,
    query: Query<Params>,
) -> Result<web::Json<Page<AuditEntry>>, ApiError> {
    let query = AuditQuery {
        offer: Some(offer.0),
        before: cursor::decode(query.0.cursor.as_deref())?,
        limit: number("limit", query.0.limit.as_deref(), DEFAULT_LIMIT, MAX_LIMIT)?,
        ..AuditQuery::default()
    };
    let mut page = list::respond(offercast_app::audit_page(&app, query).await?);
    for entry in &mut page.data {
        entry.address.clear();
        entry.request_id.clear();
    }
    Ok(web::Json(page))
}
