use actix_web::{HttpRequest, HttpResponse, post, web};
use offercast_app::App;
use offercast_app::access::{self, ChosenPassword};
use offercast_contract::{Account, SetPasswordRequest, Success};

use crate::access::{By, device_of};
use crate::error::ApiError;
use crate::examples;
use crate::extract::Json;
use crate::routes::documented_responses::SetPasswordFailures;
use crate::routes::session;

/// Choose a password by a link
///
/// Accepts an invitation or resets a password, ends all other sessions of the person, and starts a session. The link
/// works once. A person with two-step verification also sends `second_factor`.
#[utoipa::path(tag = "account", operation_id = "set_password",
    request_body(description = "The token of the link and the new password", content = SetPasswordRequest,
                 example = examples::set_password_request),
    responses((status = 200, description = "The signed-in person", body = Success<Account>,
               headers(("Set-Cookie" = String, description = "The session")),
               example = examples::signed_in), SetPasswordFailures))]
#[post("/api/links/password")]
pub async fn set_password(
    app: web::Data<App>,
    body: Json<SetPasswordRequest>,
    request: HttpRequest,
    by: By,
) -> Result<HttpResponse, ApiError> {
    let SetPasswordRequest { token, password, second_factor } = body.0;
    let chosen = ChosenPassword {
        token: token.as_deref().unwrap_or_default(),
        password: password.as_deref().unwrap_or_default(),
        second_factor: second_factor.as_deref(),
    };
    let (device, user_agent) = (device_of(&request), session::user_agent(&request));
    let new = access::set_password_by_link(&app, &chosen, user_agent, device.as_deref(), &by.0).await?;
    Ok(session::respond(&request, &new))
}
