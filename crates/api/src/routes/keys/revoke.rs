use actix_web::{delete, web};
use offercast_app::App;
use offercast_app::access;
use offercast_contract::{ApiKey, Success};

use crate::access::By;
use crate::error::ApiError;
use crate::extract::KeyPath;
use crate::routes::documented_responses::KeyFailures;
use crate::{convert, examples};

/// Revoke an API key
///
/// Ends a key for good. All processes reject it within two seconds.
#[utoipa::path(tag = "keys", operation_id = "revoke_key", params(KeyPath),
    responses((status = 200, description = "The revoked key", body = Success<ApiKey>,
               example = examples::revoked_key), KeyFailures))]
#[delete("/api/keys/{id}")]
pub async fn revoke(
    app: web::Data<App>,
    id: KeyPath,
    by: By,
) -> Result<web::Json<Success<ApiKey>>, ApiError> {
    let key = access::revoke_key(&app, id.0, &by.0).await?;
    Ok(web::Json(Success::new("Key revoked", convert::key(&key, app.clock.now()))))
}
