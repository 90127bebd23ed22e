use actix_web::{HttpResponse, post, web};
use offercast_app::App;
use offercast_app::access;
use offercast_contract::{ApiKeyInput, NewApiKey, Success};

use crate::access::By;
use crate::error::ApiError;
use crate::extract::Json;
use crate::routes::documented_responses::AdminBodyFailures;
use crate::{convert, examples};

/// Create an API key
///
/// Creates a key for a service. Its secret is shown only here; the server stores a hash. Nobody can give a key a scope
/// that they do not have.
#[utoipa::path(tag = "keys", operation_id = "create_key",
    request_body(description = "What the key may do", content = ApiKeyInput,
                 example = examples::key_input),
    responses((status = 201, description = "The key with its secret", body = Success<NewApiKey>,
               example = examples::new_key), AdminBodyFailures))]
#[post("/api/keys")]
pub async fn create(app: web::Data<App>, body: Json<ApiKeyInput>, by: By) -> Result<HttpResponse, ApiError> {
    let draft = convert::key_draft(body.0);
    let new = access::create_key(&app, &draft, &by.0).await?;
    let new = convert::new_key(new, app.clock.now());
    Ok(HttpResponse::Created().json(Success::new("Key created", new)))
}
