use actix_web::{HttpRequest, HttpResponse, delete, web};
use offercast_app::App;
use offercast_app::access;
use offercast_contract::{EndedSessions, Success};

use crate::access::{By, Cookies};
use crate::error::ApiError;
use crate::examples;
use crate::routes::documented_responses::PersonFailures;

/// Sign out
///
/// Ends the session of this browser and removes its cookie.
#[utoipa::path(tag = "account", operation_id = "sign_out",
    responses((status = 200, description = "The session has ended", body = Success<EndedSessions>,
               example = examples::ended_session), PersonFailures))]
#[delete("/api/session")]
pub async fn sign_out(app: web::Data<App>, request: HttpRequest, by: By) -> Result<HttpResponse, ApiError> {
    let ended = access::sign_out(&app, &by.0).await?;
    let mut response = HttpResponse::Ok();
    Cookies::of(&request).end(&mut response);
    Ok(response.json(Success::new("Signed out", EndedSessions { ended })))
}
