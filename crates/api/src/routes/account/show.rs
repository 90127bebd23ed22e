use actix_web::{get, web};
use offercast_app::App;
use offercast_app::access;
use offercast_contract::{Account, Success};

use crate::access::By;
use crate::error::ApiError;
use crate::routes::documented_responses::PersonFailures;
use crate::{convert, examples};

/// Show the signed-in person
///
/// Returns the person and what they may do. Without access control, everybody may do everything.
#[utoipa::path(tag = "account", operation_id = "show_account",
    responses((status = 200, description = "The person", body = Success<Account>,
               example = examples::account), PersonFailures))]
#[get("/api/account")]
pub async fn show(app: web::Data<App>, by: By) -> Result<web::Json<Success<Account>>, ApiError> {
    let account = access::show_account(&app, &by.0).await?;
    Ok(web::Json(Success::new("Account", convert::account(&account))))
}
