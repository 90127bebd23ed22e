use actix_web::{HttpResponse, post, web};
use offercast_app::App;
use offercast_app::access;
use offercast_contract::{InviteRequest, Success, UserLink};

use crate::access::By;
use crate::error::ApiError;
use crate::extract::Json;
use crate::routes::documented_responses::AdminBodyFailures;
use crate::{convert, examples};

/// Invite a person
///
/// Adds a person and returns a link to hand over, by which the person chooses a password. The link works once, for 7
/// days.
#[utoipa::path(tag = "people", operation_id = "invite_user",
    request_body(description = "The person", content = InviteRequest,
                 example = examples::invite_request),
    responses((status = 201, description = "The person and the link", body = Success<UserLink>,
               example = examples::invited_user), AdminBodyFailures))]
#[post("/api/users")]
pub async fn invite(
    app: web::Data<App>,
    body: Json<InviteRequest>,
    by: By,
) -> Result<HttpResponse, ApiError> {
    let draft = convert::person_draft(body.0);
    let (user, link) = access::invite(&app, &draft, &by.0).await?;
    Ok(HttpResponse::Created().json(Success::new("Person invited", convert::user_link(&user, link))))
}
