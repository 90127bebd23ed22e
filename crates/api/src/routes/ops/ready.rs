use actix_web::http::StatusCode;
use actix_web::{get, web};
use offercast_app::App;
use offercast_contract::{Health, Success};

use crate::error::ApiError;
use crate::examples;
use crate::routes::responses::ReadyFailures;

/// Check that the process is ready
///
/// Checks that the database can be reached and that its schema is the one that this version of the program needs.
#[utoipa::path(tag = "operations", operation_id = "check_readiness",
    responses((status = 200, description = "The process is ready", body = Success<Health>,
               example = examples::ready), ReadyFailures))]
#[get("/readyz")]
pub async fn ready(app: web::Data<App>) -> Result<web::Json<Success<Health>>, ApiError> {
    app.check_ready().await.map_err(|error| {
        let message = "The database cannot be used: is it running, and has `offercast migrate` been run?";
        let not_ready = ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "not_ready", message);
        ApiError { source: Some(error), ..not_ready.with_header("retry-after", "1") }
    })?;
    Ok(web::Json(Success::new("Ready", Health { version: env!("CARGO_PKG_VERSION").to_owned() })))
}
