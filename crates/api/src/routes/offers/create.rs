use actix_web::http::header;
use actix_web::{HttpResponse, post, web};
use offercast_app::App;
use offercast_contract::{Offer, OfferInput, Success};

use crate::convert;
use crate::error::ApiError;
use crate::extract::Json;
use crate::openapi::CreateFailures;

/// Creates an offer.
#[utoipa::path(tag = "offers", request_body = OfferInput,
    responses(
        (status = 201, body = Success<Offer>, headers(("Location" = String, description = "Path of the offer"),
                                                     ("ETag" = String, description = "Its version"))),
        CreateFailures))]
#[post("/api/offers")]
pub async fn create(app: web::Data<App>, input: Json<OfferInput>) -> Result<HttpResponse, ApiError> {
    let view = offercast_app::create_offer(&app, &convert::offer_draft(input.0)).await?;
    let mut response = HttpResponse::Created();
    response.insert_header((header::LOCATION, format!("/api/offers/{}", view.stored.offer.id)));
    Ok(super::answer(response, "Offer created", &view))
}
