use actix_web::{get, web};
use offercast_app::App;
use offercast_contract::{Dashboard, Success};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::error::ApiError;
use crate::extract::{OfferPath, Query, day};
use crate::routes::documented_responses::ReadQueryFailures;
use crate::{convert, examples};

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Params {
    /// First day of the range. The default is the first day of the offer, or the day that makes the range 366 days long
    /// if that is later.
    #[param(example = "2026-06-01", value_type = Option<NaiveDate>)]
    from: Option<String>,
    /// Last day of the range. The default is today, or the offer's last day if the offer has ended.
    #[param(example = "2026-06-15", value_type = Option<NaiveDate>)]
    to: Option<String>,
}

/// Read the dashboard of an offer
///
/// Returns all data of the dashboard, read from one snapshot of the database. Totals and key figures cover the whole
/// offer; `daily`, `moving_average`, `refusals` and `unmet` cover the range. If no current forecast is stored, one is
/// computed for this response, and a job is queued to compute and store one.
#[utoipa::path(tag = "analytics", operation_id = "get_dashboard", params(OfferPath, Params),
    responses((status = 200, description = "The dashboard", body = Success<Dashboard>,
               example = examples::dashboard), ReadQueryFailures))]
#[get("/api/offers/{offer}/dashboard")]
pub async fn dashboard(
    app: web::Data<App>,
    offer: OfferPath,
    query: Query<Params>,
) -> Result<web::Json<Success<Dashboard>>, ApiError> {
    let (from, to) = (day("from", query.0.from)?, day("to", query.0.to)?);
    let view = offercast_app::dashboard(&app, offer.0, from, to).await?;
    Ok(web::Json(Success::new("Dashboard", convert::dashboard(&view))))
}
