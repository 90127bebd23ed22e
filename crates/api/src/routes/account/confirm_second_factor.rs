use actix_web::{post, web};
use offercast_app::App;
use offercast_app::access;
use offercast_contract::{ConfirmSecondFactorRequest, RecoveryCodes, Success};

use crate::access::By;
use crate::error::ApiError;
use crate::examples;
use crate::extract::Json;
use crate::routes::documented_responses::ConfirmFactorFailures;

/// Switch two-step verification on
///
/// Confirms the secret by a code of the authenticator app, and returns recovery codes, which are shown only here.
#[utoipa::path(tag = "account", operation_id = "confirm_second_factor",
    request_body(description = "A code of the authenticator app", content = ConfirmSecondFactorRequest,
                 example = examples::confirm_second_factor_request),
    responses((status = 200, description = "The recovery codes", body = Success<RecoveryCodes>,
               example = examples::recovery_codes), ConfirmFactorFailures))]
#[post("/api/account/second-factor/confirm")]
pub async fn confirm_second_factor(
    app: web::Data<App>,
    body: Json<ConfirmSecondFactorRequest>,
    by: By,
) -> Result<web::Json<Success<RecoveryCodes>>, ApiError> {
    let code = body.0.code.unwrap_or_default();
    let recovery_codes = access::confirm_second_factor(&app, &code, &by.0).await?;
    Ok(web::Json(Success::new("Two-step verification is on", RecoveryCodes { recovery_codes })))
}
