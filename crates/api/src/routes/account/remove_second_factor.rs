use actix_web::{delete, web};
use offercast_app::App;
use offercast_app::access;
use offercast_contract::{Account, PasswordRequest, Success};

use crate::access::By;
use crate::error::ApiError;
use crate::extract::Json;
use crate::routes::documented_responses::AccountFailures;
use crate::{convert, examples};

/// Switch two-step verification off
///
/// Removes the authenticator app and the recovery codes of the signed-in person.
#[utoipa::path(tag = "account", operation_id = "remove_second_factor",
    request_body(description = "The password", content = PasswordRequest,
                 example = examples::password_request),
    responses((status = 200, description = "The person", body = Success<Account>,
               example = examples::account), AccountFailures))]
#[delete("/api/account/second-factor")]
pub async fn remove_second_factor(
    app: web::Data<App>,
    body: Json<PasswordRequest>,
    by: By,
) -> Result<web::Json<Success<Account>>, ApiError> {
    let password = body.0.password.unwrap_or_default();
    access::remove_second_factor(&app, &password, &by.0).await?;
    let account = access::show_account(&app, &by.0).await?;
    Ok(web::Json(Success::new("Two-step verification is off", convert::account(&account))))
}
