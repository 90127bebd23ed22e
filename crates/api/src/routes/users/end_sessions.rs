use actix_web::{delete, web};
use offercast_app::App;
use offercast_app::access;
use offercast_contract::{EndedSessions, Success};

use crate::access::By;
use crate::error::ApiError;
use crate::examples;
use crate::extract::UserPath;
use crate::routes::documented_responses::UserFailures;

/// End the sessions of a person
///
/// Signs a person out everywhere.
#[utoipa::path(tag = "people", operation_id = "end_user_sessions", params(UserPath),
    responses((status = 200, description = "The sessions have ended", body = Success<EndedSessions>,
               example = examples::ended_sessions), UserFailures))]
#[delete("/api/users/{id}/sessions")]
pub async fn end_sessions(
    app: web::Data<App>,
    id: UserPath,
    by: By,
) -> Result<web::Json<Success<EndedSessions>>, ApiError> {
    let ended = access::end_user_sessions(&app, id.0, &by.0).await?;
    Ok(web::Json(Success::new("Sessions ended", EndedSessions { ended })))
}
