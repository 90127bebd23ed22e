use actix_web::{delete, web};
use offercast_app::App;
use offercast_app::access;
use offercast_contract::{EndedSessions, Success};

use crate::access::By;
use crate::error::ApiError;
use crate::examples;
use crate::routes::documented_responses::PersonFailures;

/// End all other own sessions
///
/// Signs the person out in all other browsers.
#[utoipa::path(tag = "account", operation_id = "end_other_sessions",
    responses((status = 200, description = "The sessions have ended", body = Success<EndedSessions>,
               example = examples::ended_sessions), PersonFailures))]
#[delete("/api/account/sessions")]
pub async fn end_other_sessions(
    app: web::Data<App>,
    by: By,
) -> Result<web::Json<Success<EndedSessions>>, ApiError> {
    let ended = access::end_sessions(&app, None, &by.0).await?;
    Ok(web::Json(Success::new("Sessions ended", EndedSessions { ended })))
}
