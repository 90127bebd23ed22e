use actix_web::{post, web};
use offercast_app::App;
use offercast_app::access;
use offercast_contract::{Link, LinkRequest, Success};

use crate::access::By;
use crate::error::ApiError;
use crate::extract::Json;
use crate::routes::documented_responses::LinkFailures;
use crate::{convert, examples};

/// Show what a link is for
///
/// Returns whom an invitation or a link to reset a password is for. The link can still be used.
#[utoipa::path(tag = "account", operation_id = "show_link",
    request_body(description = "The token of the link", content = LinkRequest, example = examples::link_request),
    responses((status = 200, description = "What the link is for", body = Success<Link>,
               example = examples::shown_link), LinkFailures))]
#[post("/api/links/show")]
pub async fn show(
    app: web::Data<App>,
    body: Json<LinkRequest>,
    by: By,
) -> Result<web::Json<Success<Link>>, ApiError> {
    let view = access::show_link(&app, body.0.token.as_deref().unwrap_or_default(), &by.0).await?;
    Ok(web::Json(Success::new("Link", convert::link(&view))))
}
