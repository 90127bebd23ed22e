use actix_web::{HttpResponse, get, web};
use offercast_app::App;
use offercast_contract::{Offer, Success};

use crate::error::ApiError;
use crate::extract::OfferPath;
use crate::openapi::ActFailures;

/// One offer with its totals and its state right now.
#[utoipa::path(tag = "offers", params(("offer" = String, Path, description = "Id or code")),
    responses((status = 200, body = Success<Offer>), ActFailures))]
#[get("/api/offers/{offer}")]
pub async fn show(app: web::Data<App>, offer: OfferPath) -> Result<HttpResponse, ApiError> {
    let view = offercast_app::show_offer(&app, &offer.0).await?;
    Ok(super::answer(HttpResponse::Ok(), "Offer", &view))
}
