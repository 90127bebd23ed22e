use actix_web::{get, web};
use offercast_app::App;
use offercast_app::access;
use offercast_contract::{ApiKey, Success};

use crate::error::ApiError;
use crate::routes::documented_responses::AdminFailures;
use crate::{convert, examples};

/// List API keys
///
/// Returns all keys without their secrets, the newest first.
#[utoipa::path(tag = "keys", operation_id = "list_keys",
    responses((status = 200, description = "The keys", body = Success<Vec<ApiKey>>,
               example = examples::keys), AdminFailures))]
#[get("/api/keys")]
pub async fn list(app: web::Data<App>) -> Result<web::Json<Success<Vec<ApiKey>>>, ApiError> {
    let now = app.clock.now();
    let keys = access::list_keys(&app).await?;
    Ok(web::Json(Success::new("Keys", keys.iter().map(|key| convert::key(key, now)).collect())))
}
