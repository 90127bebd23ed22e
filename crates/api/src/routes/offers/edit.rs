use actix_web::{HttpRequest, HttpResponse, patch, web};
use offercast_app::App;
use offercast_contract::{Offer, OfferPatch, Success};

use crate::error::ApiError;
use crate::extract::{Json, OfferPath};
use crate::routes::offers::IfMatch;
use crate::routes::responses::EditFailures;
use crate::{convert, examples};

/// Edit an offer
///
/// A field that is left out stays as it is; null removes a limit. The limits, the currency and the time zone of an offer
/// that has been redeemed can be changed only as far as its redemptions allow.
#[utoipa::path(tag = "offers", operation_id = "edit_offer", params(OfferPath, IfMatch),
    request_body(description = "The fields to change", content = OfferPatch, example = examples::offer_patch),
    responses((status = 200, description = "The offer after the edit", body = Success<Offer>,
               headers(("ETag" = String, description = "New version of the offer")),
               example = examples::edited_offer), EditFailures))]
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
