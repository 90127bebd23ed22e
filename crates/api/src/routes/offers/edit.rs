use actix_web::{HttpRequest, HttpResponse, patch, web};
use offercast_app::App;
use offercast_contract::{Failure, Offer, OfferPatch, Success};

use crate::convert;
use crate::error::ApiError;
use crate::extract::{Json, OfferPath};
use crate::openapi::WriteFailures;

/// Edits an offer: what is left out stays as it is; null takes a limit away.
#[utoipa::path(tag = "offers", request_body = OfferPatch,
    params(("offer" = String, Path, description = "Id or code"),
           ("If-Match" = Option<String>, Header, description = "ETag that was read; as `version` in the body")),
    responses((status = 200, body = Success<Offer>),
              (status = 409, body = Failure, description = "`stale_offer`: somebody else has changed it"),
              WriteFailures))]
#[patch("/api/offers/{offer}")]
pub async fn edit(
    app: web::Data<App>,
    offer: OfferPath,
    patch: Json<OfferPatch>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let version = super::expected_version(&request, patch.0.version)?;
    let edit = |draft| convert::patched(draft, patch.0.clone());
    let view = offercast_app::update_offer(&app, &offer.0, version, edit).await?;
    Ok(super::answer(HttpResponse::Ok(), "Offer edited", &view))
}
