use actix_web::{HttpResponse, post, web};
use offercast_app::App;
use offercast_app::access;
use offercast_contract::{NewApiKey, RotateRequest, Success};

use crate::access::By;
use crate::error::ApiError;
use crate::extract::{Json, KeyPath};
use crate::routes::documented_responses::RotateFailures;
use crate::{convert, examples};

/// Rotate an API key
///
/// Creates a key with the same rights. Both work until the former one ends, and share their idempotency keys.
#[utoipa::path(tag = "keys", operation_id = "rotate_key", params(KeyPath),
    request_body(description = "How long the former key still works", content = RotateRequest,
                 example = examples::rotate_request),
    responses((status = 201, description = "The new key with its secret", body = Success<NewApiKey>,
               example = examples::new_key), RotateFailures))]
#[post("/api/keys/{id}/rotate")]
pub async fn rotate(
    app: web::Data<App>,
    id: KeyPath,
    body: Json<RotateRequest>,
    by: By,
) -> Result<HttpResponse, ApiError> {
    let new = access::rotate_key(&app, id.0, body.0.former_valid_seconds, &by.0).await?;
    let new = convert::new_key(new, app.clock.now());
    Ok(HttpResponse::Created().json(Success::new("Key rotated", new)))
}
