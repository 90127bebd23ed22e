use actix_web::{post, web};
use offercast_app::App;
use offercast_app::access;
use offercast_contract::{PasswordRequest, SecondFactorSecret, Success};

use crate::access::By;
use crate::error::ApiError;
use crate::examples;
use crate::extract::Json;
use crate::routes::documented_responses::SecondFactorFailures;

/// Set up two-step verification
///
/// Creates the secret of an authenticator app. Two-step verification is on once a code of the app has confirmed it.
#[utoipa::path(tag = "account", operation_id = "set_up_second_factor",
    request_body(description = "The password", content = PasswordRequest,
                 example = examples::password_request),
    responses((status = 200, description = "The secret", body = Success<SecondFactorSecret>,
               example = examples::second_factor_secret), SecondFactorFailures))]
#[post("/api/account/second-factor")]
pub async fn set_up_second_factor(
    app: web::Data<App>,
    body: Json<PasswordRequest>,
    by: By,
) -> Result<web::Json<Success<SecondFactorSecret>>, ApiError> {
    let password = body.0.password.unwrap_or_default();
    let access::SecondFactorSecret { secret, uri } =
        access::set_up_second_factor(&app, &password, &by.0).await?;
    Ok(web::Json(Success::new("Confirm the secret by a code", SecondFactorSecret { secret, uri })))
}
