use actix_web::{get, web};
use offercast_app::App;
use offercast_contract::{Overview, Success};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::convert;
use crate::error::ApiError;
use crate::extract::{Query, day};
use crate::openapi::ListFailures;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Params {
    /// First day of the range, 366 days long at most. When left out: 29 days before its end.
    #[param(value_type = Option<NaiveDate>)]
    from: Option<String>,
    /// Last day of the range. When left out: today in UTC; at most the day that has begun somewhere.
    #[param(value_type = Option<NaiveDate>)]
    to: Option<String>,
}

/// All offers together: totals, redemptions per day, the most redeemed offers, and what calls for attention.
///
/// Changes are those of the finished days of the range against as many days right before it, since an unfinished
/// day would always look like a fall.
#[utoipa::path(tag = "analytics", params(Params),
    responses((status = 200, body = Success<Overview>), ListFailures))]
#[get("/api/overview")]
pub async fn overview(
    app: web::Data<App>,
    query: Query<Params>,
) -> Result<web::Json<Success<Overview>>, ApiError> {
    let (from, to) = (day("from", query.0.from)?, day("to", query.0.to)?);
    let view = offercast_app::overview(&app, from, to).await?;
    Ok(web::Json(Success::new("Overview", convert::overview(&view))))
}
