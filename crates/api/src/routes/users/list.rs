use actix_web::{get, web};
use offercast_app::App;
use offercast_app::access;
use offercast_contract::{Success, User};

use crate::error::ApiError;
use crate::routes::documented_responses::AdminFailures;
use crate::{convert, examples};

/// List people
///
/// Returns all people who may sign in.
#[utoipa::path(tag = "people", operation_id = "list_users",
    responses((status = 200, description = "The people", body = Success<Vec<User>>,
               example = examples::users), AdminFailures))]
#[get("/api/users")]
pub async fn list(app: web::Data<App>) -> Result<web::Json<Success<Vec<User>>>, ApiError> {
    let users = access::list_users(&app).await?;
    Ok(web::Json(Success::new("People", users.iter().map(convert::user).collect())))
}
