use actix_web::{get, web};
use offercast_app::{App, OfferQuery, OfferSort};
use offercast_contract::{ListedOffer, Meta, Page};
use offercast_domain::OfferState;
use offercast_domain::access::OfferScope;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::access::By;
use crate::error::ApiError;
use crate::extract::{Query, number};
use crate::routes::documented_responses::QueryFailures;
use crate::{convert, cursor, examples};

const DEFAULT_LIMIT: usize = 50;
const MAX_LIMIT: usize = 200;
const MAX_SEARCH: usize = 200;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Params {
    /// Text that the name or the code of an offer must contain, ignoring case.
    #[param(example = "summer", max_length = 200, pattern = r"^[^\u0000-\u001f\u007f-\u009f]*$")]
    q: Option<String>,
    /// State that an offer must have.
    #[param(value_type = Option<offercast_contract::OfferState>, example = "active")]
    state: Option<String>,
    /// Sort order: `-created` (newest first, the default), `name`, `code`, `end_date` or `-redemptions` (most
    /// redemptions first).
    #[param(example = "name", pattern = "^(-created|name|code|end_date|-redemptions)$")]
    sort: Option<String>,
    /// The `next_cursor` of the previous page. Omit it for the first page.
    cursor: Option<String>,
    /// Maximum number of offers on the page, 1 to 200. The default is 50.
    #[param(example = 20, value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Option<String>,
}

/// List offers
///
/// Returns one page of offers, each with its totals, its redemptions of the last 14 days and its current state.
#[utoipa::path(tag = "offers", operation_id = "list_offers", params(Params),
    responses((status = 200, description = "One page of offers", body = Page<ListedOffer>,
               example = examples::offer_page), QueryFailures))]
#[get("/api/offers")]
pub async fn list(
    app: web::Data<App>,
    query: Query<Params>,
    by: By,
) -> Result<web::Json<Page<ListedOffer>>, ApiError> {
    let query = OfferQuery { scope: by.0.principal.offers().clone(), ..parse(query.0)? };
    let page = offercast_app::list_offers(&app, query).await?;
    Ok(web::Json(Page {
        status: true,
        message: "Offers".to_owned(),
        data: page.offers.iter().map(convert::listed_offer).collect(),
        meta: Meta { next_cursor: page.next.map(|next| cursor::encode(&next)) },
    }))
}

/// Checks the query parameters.
pub fn parse(params: Params) -> Result<OfferQuery, ApiError> {
    let search = params.q.unwrap_or_default();
    if search.chars().count() > MAX_SEARCH || search.chars().any(char::is_control) {
        let message = format!("must have at most {MAX_SEARCH} characters and no control characters");
        return Err(ApiError::field("q", "invalid", message));
    }
    Ok(OfferQuery {
        search,
        state: params.state.as_deref().map(state).transpose()?,
        sort: params.sort.as_deref().map_or(Ok(OfferSort::Newest), sort)?,
        after: cursor::decode(params.cursor.as_deref())?
            .filter(|(key, _): &(String, i64)| !key.contains('\0')),
        limit: number("limit", params.limit.as_deref(), DEFAULT_LIMIT, MAX_LIMIT)?,
        scope: OfferScope::All,
    })
}

fn state(text: &str) -> Result<OfferState, ApiError> {
    OfferState::parse(text).ok_or_else(|| {
        let accepted = OfferState::ALL.map(OfferState::name).join(", ");
        ApiError::field("state", "invalid", format!("must be one of {accepted}"))
    })
}

fn sort(text: &str) -> Result<OfferSort, ApiError> {
    OfferSort::ALL.into_iter().find(|sort| sort.name() == text).ok_or_else(|| {
        let accepted = OfferSort::ALL.map(OfferSort::name).join(", ");
        ApiError::field("sort", "invalid", format!("must be one of {accepted}"))
    })
}
