use actix_web::http::StatusCode;
use actix_web::{get, web};
use offercast_app::App;
use offercast_contract::{Failure, Health, Success};

use crate::error::ApiError;

/// Readiness: the database is there and its schema is the one that this program knows.
#[utoipa::path(tag = "operations",
    responses((status = 200, body = Success<Health>),
              (status = 503, body = Failure, description = "`not_ready`: the database or its migrations are missing")))]
#[get("/readyz")]
pub async fn ready(app: web::Data<App>) -> Result<web::Json<Success<Health>>, ApiError> {
    app.check_ready().await.map_err(|error| {
        let message = "The database cannot be used: is it running, and has `offercast migrate` been run?";
        let not_ready = ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "not_ready", message);
        ApiError { source: Some(error), ..not_ready.with_header("retry-after", "1") }
    })?;
    Ok(web::Json(Success::new("Ready", Health { version: env!("CARGO_PKG_VERSION").to_owned() })))
}
