use actix_web::{get, web};
use offercast_contract::{Health, Success};

/// Liveness: the process answers.
#[utoipa::path(tag = "operations", responses((status = 200, body = Success<Health>)))]
#[get("/healthz")]
pub async fn health() -> web::Json<Success<Health>> {
    web::Json(Success::new("Alive", Health { version: env!("CARGO_PKG_VERSION").to_owned() }))
}
