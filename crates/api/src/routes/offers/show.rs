use actix_web::{HttpResponse, get, web};
use offercast_app::App;
use offercast_contract::{Offer, Success};

use crate::error::ApiError;
use crate::examples;
use crate::extract::OfferPath;
use crate::routes::documented_responses::ReadFailures;

/// Read an offer
///
/// Returns the offer with its totals and its current state.
#[utoipa::path(tag = "offers", operation_id = "get_offer", params(OfferPath),
    responses((status = 200, description = "The offer", body = Success<Offer>,
               headers(("ETag" = String, description = "Version of the offer")),
               example = examples::shown_offer), ReadFailures))]
#[get("/api/offers/{offer}")]
pub async fn show(app: web::Data<App>, offer: OfferPath) -> Result<HttpResponse, ApiError> {
    let view = offercast_app::show_offer(&app, &offer.0).await?;
    Ok(super::respond(HttpResponse::Ok(), "Offer", &view))
}
