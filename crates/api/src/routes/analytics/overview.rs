use actix_web::{get, web};
use offercast_app::App;
use offercast_contract::{Overview, Success};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::access::By;
use crate::error::ApiError;
use crate::extract::{Query, day};
use crate::routes::documented_responses::QueryFailures;
use crate::{convert, examples};

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Params {
    /// First day of the range. The default is 29 days before the last day. A range has at most 366 days.
    #[param(example = "2026-06-01", value_type = Option<NaiveDate>)]
    from: Option<String>,
    /// Last day of the range. The default is today in UTC.
    #[param(example = "2026-06-15", value_type = Option<NaiveDate>)]
    to: Option<String>,
}

/// Read the overview of all offers
///
/// Returns totals, redemptions per day, the offers with the most redemptions, and the offers that need attention.
///
/// `change` compares the finished days of the range with the same number of days right before the range. Unfinished
/// days are excluded because they would always look like a decrease.
#[utoipa::path(tag = "analytics", operation_id = "get_overview", params(Params),
    responses((status = 200, description = "The overview", body = Success<Overview>,
               example = examples::overview), QueryFailures))]
#[get("/api/overview")]
pub async fn overview(
    app: web::Data<App>,
    query: Query<Params>,
    by: By,
) -> Result<web::Json<Success<Overview>>, ApiError> {
    let (from, to) = (day("from", query.0.from)?, day("to", query.0.to)?);
    let view = offercast_app::overview(&app, from, to, by.0.principal.offers()).await?;
    Ok(web::Json(Success::new("Overview", convert::overview(&view))))
}
