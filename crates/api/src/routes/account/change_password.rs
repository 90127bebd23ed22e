use actix_web::{post, web};
use offercast_app::App;
use offercast_app::access;
use offercast_contract::{ChangePasswordRequest, EndedSessions, Success};

use crate::access::By;
use crate::error::ApiError;
use crate::examples;
use crate::extract::Json;
use crate::routes::documented_responses::AccountFailures;

/// Change the password
///
/// Changes the password of the signed-in person and ends their other sessions.
#[utoipa::path(tag = "account", operation_id = "change_password",
    request_body(description = "The current and the new password", content = ChangePasswordRequest,
                 example = examples::change_password_request),
    responses((status = 200, description = "The password was changed", body = Success<EndedSessions>,
               example = examples::ended_sessions), AccountFailures))]
#[post("/api/account/password")]
pub async fn change_password(
    app: web::Data<App>,
    body: Json<ChangePasswordRequest>,
    by: By,
) -> Result<web::Json<Success<EndedSessions>>, ApiError> {
    let ChangePasswordRequest { current_password, new_password } = body.0;
    let (current, new) = (current_password.unwrap_or_default(), new_password.unwrap_or_default());
    let ended = access::change_password(&app, &current, &new, &by.0).await?;
    Ok(web::Json(Success::new("Password changed", EndedSessions { ended })))
}
