use actix_web::{get, web};
use offercast_app::App;
use offercast_contract::{Dashboard, Success};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::convert;
use crate::error::ApiError;
use crate::extract::{OfferPath, Query, day};
use crate::openapi::ReadFailures;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Params {
    /// First day of the range. When left out: the first day of the offer, at most 366 days back.
    #[param(value_type = Option<NaiveDate>)]
    from: Option<String>,
    /// Last day of the range, at most today. When left out: today, or the last day of an offer that is over.
    #[param(value_type = Option<NaiveDate>)]
    to: Option<String>,
}

/// Everything on the dashboard of an offer, from one snapshot of the database.
///
/// The totals and KPIs are of the whole offer; `daily` and `moving_average` are of the range. When no
/// current forecast is cached, one is worked out for this answer and a job is queued that stores one.
#[utoipa::path(tag = "analytics", params(("offer" = String, Path, description = "Id or code"), Params),
    responses((status = 200, body = Success<Dashboard>), ReadFailures))]
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
