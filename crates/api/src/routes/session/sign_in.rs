use actix_web::{HttpRequest, HttpResponse, post, web};
use offercast_app::App;
use offercast_app::access::{self, SignIn};
use offercast_contract::{Account, SignInRequest, Success};

use crate::access::{By, device_of};
use crate::error::ApiError;
use crate::examples;
use crate::extract::Json;
use crate::routes::documented_responses::SignInFailures;

/// Sign in
///
/// Starts a session and sets its cookie. Wrong attempts are delayed; the response does not show whether the address is
/// known. A person with two-step verification also sends `second_factor`.
///
/// Requests with the session cookie that change something need the header `X-Offercast-Request`, with any value, and so
/// does this one: pages of other sites cannot send it.
#[utoipa::path(tag = "account", operation_id = "sign_in",
    request_body(description = "The address and the password", content = SignInRequest,
                 example = examples::sign_in_request),
    responses((status = 200, description = "The signed-in person", body = Success<Account>,
               headers(("Set-Cookie" = String, description = "The session")),
               example = examples::signed_in), SignInFailures))]
#[post("/api/session")]
pub async fn sign_in(
    app: web::Data<App>,
    body: Json<SignInRequest>,
    request: HttpRequest,
    by: By,
) -> Result<HttpResponse, ApiError> {
    let SignInRequest { email, password, second_factor } = body.0;
    let device = device_of(&request);
    let attempt = SignIn {
        email: email.as_deref().unwrap_or_default(),
        password: password.as_deref().unwrap_or_default(),
        second_factor: second_factor.as_deref(),
        device: device.as_deref(),
        user_agent: super::user_agent(&request),
    };
    let session = access::sign_in(&app, &attempt, &by.0).await?;
    Ok(super::respond(&request, &session))
}
