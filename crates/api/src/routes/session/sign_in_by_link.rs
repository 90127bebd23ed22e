use actix_web::{HttpRequest, HttpResponse, post, web};
use offercast_app::App;
use offercast_app::access;
use offercast_contract::{Account, SignInLinkRequest, Success};

use crate::access::{By, device_of};
use crate::error::ApiError;
use crate::examples;
use crate::extract::Json;
use crate::routes::documented_responses::LinkFailures;

/// Sign in by a link
///
/// Starts a session by the token of a sign-in link, which works once. `offercast up` prints such a link at its first
/// start.
#[utoipa::path(tag = "account", operation_id = "sign_in_by_link",
    request_body(description = "The token of the link", content = SignInLinkRequest,
                 example = examples::link_request),
    responses((status = 200, description = "The signed-in person", body = Success<Account>,
               headers(("Set-Cookie" = String, description = "The session")),
               example = examples::signed_in), LinkFailures))]
#[post("/api/session/link")]
pub async fn sign_in_by_link(
    app: web::Data<App>,
    body: Json<SignInLinkRequest>,
    request: HttpRequest,
    by: By,
) -> Result<HttpResponse, ApiError> {
    let token = body.0.token.unwrap_or_default();
    let (device, user_agent) = (device_of(&request), super::user_agent(&request));
    let session = access::sign_in_by_link(&app, &token, user_agent, device.as_deref(), &by.0).await?;
    Ok(super::respond(&request, &session))
}
