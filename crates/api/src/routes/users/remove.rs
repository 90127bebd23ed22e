use actix_web::{delete, web};
use offercast_app::App;
use offercast_app::access;
use offercast_contract::{RemovedUser, Success};

use crate::access::By;
use crate::error::ApiError;
use crate::examples;
use crate::extract::UserPath;
use crate::routes::documented_responses::RemoveUserFailures;

/// Remove a person
///
/// Removes a person and ends their sessions. The audit log keeps what they did.
#[utoipa::path(tag = "people", operation_id = "remove_user", params(UserPath),
    responses((status = 200, description = "The person was removed", body = Success<RemovedUser>,
               example = examples::removed_user), RemoveUserFailures))]
#[delete("/api/users/{id}")]
pub async fn remove(
    app: web::Data<App>,
    id: UserPath,
    by: By,
) -> Result<web::Json<Success<RemovedUser>>, ApiError> {
    access::remove_user(&app, id.0, &by.0).await?;
    Ok(web::Json(Success::new("Person removed", RemovedUser { id: id.0 })))
}
