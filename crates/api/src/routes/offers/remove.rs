use actix_web::{delete, web};
use offercast_app::{App, Removal};
use offercast_contract::{Removed, Success};

use crate::convert;
use crate::error::ApiError;
use crate::extract::OfferPath;
use crate::openapi::ActFailures;

/// Removes an offer without redemptions; archives one that has some, since history is never lost.
#[utoipa::path(tag = "offers", params(("offer" = String, Path, description = "Id or code")),
    responses((status = 200, body = Success<Removed>), ActFailures))]
#[delete("/api/offers/{offer}")]
pub async fn remove(app: web::Data<App>, offer: OfferPath) -> Result<web::Json<Success<Removed>>, ApiError> {
    let (id, removal) = offercast_app::remove_offer(&app, &offer.0).await?;
    let message = match removal {
        Removal::Deleted => "Offer deleted",
        Removal::Archived => "Offer archived: it has redemptions, which are kept",
    };
    Ok(web::Json(Success::new(message, convert::removed(id, removal))))
}
