use actix_web::{get, web};
use offercast_contract::{Health, Success};

use crate::examples;
use crate::routes::documented_responses::PlainFailures;

/// Check that the process is alive
///
/// Succeeds while the process can respond, regardless of the database.
#[utoipa::path(tag = "operations", operation_id = "check_health",
    responses((status = 200, description = "The process is alive", body = Success<Health>,
               example = examples::alive), PlainFailures))]
#[get("/healthz")]
pub async fn health() -> web::Json<Success<Health>> {
    web::Json(Success::new("Alive", Health { version: env!("CARGO_PKG_VERSION").to_owned() }))
}
