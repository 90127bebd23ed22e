use actix_web::{patch, web};
use offercast_app::App;
use offercast_app::access;
use offercast_contract::{Success, User, UserPatch};

use crate::access::By;
use crate::error::ApiError;
use crate::extract::{Json, UserPath};
use crate::routes::documented_responses::EditUserFailures;
use crate::{convert, examples};

/// Edit a person
///
/// Changes the name or the role, or whether the person may sign in. A new role or disabling ends the sessions of the
/// person.
#[utoipa::path(tag = "people", operation_id = "edit_user", params(UserPath),
    request_body(description = "The fields to change", content = UserPatch,
                 example = examples::user_patch),
    responses((status = 200, description = "The person after the edit", body = Success<User>,
               example = examples::user), EditUserFailures))]
#[patch("/api/users/{id}")]
pub async fn edit(
    app: web::Data<App>,
    id: UserPath,
    body: Json<UserPatch>,
    by: By,
) -> Result<web::Json<Success<User>>, ApiError> {
    let UserPatch { name, role, disabled } = body.0;
    let change = access::UserChange { name, role: role.map(convert::read_role), disabled };
    let user = access::update_user(&app, id.0, &change, &by.0).await?;
    Ok(web::Json(Success::new("Person edited", convert::user(&user))))
}
