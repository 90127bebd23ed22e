use actix_web::{get, web};
use offercast_app::App;
use offercast_app::access;
use offercast_contract::{Session, Success};

use crate::access::By;
use crate::error::ApiError;
use crate::routes::documented_responses::PersonFailures;
use crate::{convert, examples};

/// List the own sessions
///
/// Returns the browsers in which the person is signed in, the last used one first.
#[utoipa::path(tag = "account", operation_id = "list_sessions",
    responses((status = 200, description = "The sessions", body = Success<Vec<Session>>,
               example = examples::sessions), PersonFailures))]
#[get("/api/account/sessions")]
pub async fn list_sessions(
    app: web::Data<App>,
    by: By,
) -> Result<web::Json<Success<Vec<Session>>>, ApiError> {
    let current = by.0.principal.session_id();
    let sessions = access::list_sessions(&app, &by.0).await?.into_iter();
    let sessions = sessions.map(|session| convert::session(session, current)).collect();
    Ok(web::Json(Success::new("Sessions", sessions)))
}
