use actix_web::{HttpResponse, post, web};
use offercast_app::App;
use offercast_app::access;
use offercast_contract::{Success, UserLink};

use crate::access::By;
use crate::error::ApiError;
use crate::extract::UserPath;
use crate::routes::documented_responses::UserFailures;
use crate::{convert, examples};

/// Create a link for a person
///
/// Returns a new invitation for a person without a password, and a link to reset the password for any other. Earlier
/// links of the person stop working.
#[utoipa::path(tag = "people", operation_id = "create_user_link", params(UserPath),
    responses((status = 201, description = "The person and the link", body = Success<UserLink>,
               example = examples::user_link), UserFailures))]
#[post("/api/users/{id}/link")]
pub async fn link(app: web::Data<App>, id: UserPath, by: By) -> Result<HttpResponse, ApiError> {
    let (user, link) = access::create_user_link(&app, id.0, &by.0).await?;
    Ok(HttpResponse::Created().json(Success::new("Link created", convert::user_link(&user, link))))
}
