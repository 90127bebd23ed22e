use actix_web::{delete, web};
use offercast_app::{App, Removal};
use offercast_contract::{Removed, Success};

use crate::access::By;
use crate::error::ApiError;
use crate::extract::OfferPath;
use crate::routes::documented_responses::RemoveFailures;
use crate::{convert, examples};

/// Delete or archive an offer
///
/// Deletes an offer without redemptions. An offer with redemptions is archived instead, to keep its history.
#[utoipa::path(tag = "offers", operation_id = "delete_offer", params(OfferPath),
    responses((status = 200, description = "Whether the offer was deleted or archived", body = Success<Removed>,
               example = examples::removed_offer), RemoveFailures))]
#[delete("/api/offers/{offer}")]
pub async fn remove(
    app: web::Data<App>,
    offer: OfferPath,
    by: By,
) -> Result<web::Json<Success<Removed>>, ApiError> {
    let (id, removal) = offercast_app::remove_offer(&app, &offer.0, &by.0).await?;
    let message = match removal {
        Removal::Deleted => "Offer deleted",
        Removal::Archived => "Offer archived, because it has redemptions",
    };
    Ok(web::Json(Success::new(message, convert::removed(id, removal))))
}
