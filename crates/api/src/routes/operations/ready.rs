use actix_web::{get, web};
use offercast_app::App;
use offercast_contract::{Health, Success};

use crate::error::ApiError;
use crate::examples;
use crate::routes::documented_responses::ReadyFailures;

/// Check that the process is ready
///
/// Checks that the database can be reached and has the schema that this version of the program needs.
#[utoipa::path(tag = "operations", operation_id = "check_readiness",
    responses((status = 200, description = "The process is ready", body = Success<Health>,
               example = examples::ready), ReadyFailures))]
#[get("/readyz")]
pub async fn ready(app: web::Data<App>) -> Result<web::Json<Success<Health>>, ApiError> {
    app.check_ready().await.map_err(|error| ApiError::not_ready().caused_by(error))?;
    Ok(web::Json(Success::new("Ready", Health { version: env!("CARGO_PKG_VERSION").to_owned() })))
}
