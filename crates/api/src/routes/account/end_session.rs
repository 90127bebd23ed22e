use actix_web::{delete, web};
use offercast_app::App;
use offercast_app::access;
use offercast_contract::{EndedSessions, Success};

use crate::access::By;
use crate::error::ApiError;
use crate::examples;
use crate::extract::SessionPath;
use crate::routes::documented_responses::SessionFailures;

/// End an own session
///
/// Signs the person out in another browser.
#[utoipa::path(tag = "account", operation_id = "end_session", params(SessionPath),
    responses((status = 200, description = "The session has ended", body = Success<EndedSessions>,
               example = examples::ended_session), SessionFailures))]
#[delete("/api/account/sessions/{id}")]
pub async fn end_session(
    app: web::Data<App>,
    id: SessionPath,
    by: By,
) -> Result<web::Json<Success<EndedSessions>>, ApiError> {
    let ended = access::end_sessions(&app, Some(id.0), &by.0).await?;
    Ok(web::Json(Success::new("Session ended", EndedSessions { ended })))
}
