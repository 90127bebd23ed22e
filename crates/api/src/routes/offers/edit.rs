use actix_web::{HttpRequest, HttpResponse, patch, web};
use offercast_app::App;
use offercast_contract::{Offer, OfferPatch, Success};

use crate::access::By;
use crate::error::ApiError;
use crate::extract::{Json, OfferPath};
use crate::routes::documented_responses::EditFailures;
use crate::routes::offers::IfMatch;
use crate::{convert, examples};

/// Edit an offer
///
/// Changes the given fields. An omitted field keeps its value; null removes a limit. After the first redemption, the
/// currency and the time zone cannot be changed, and the budget and the maximum cannot be set below what is used.
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
    by: By,
) -> Result<HttpResponse, ApiError> {
    let version = super::expected_version(&request, patch.0.version)?;
    let edit = |draft| convert::patched(draft, patch.0.clone());
    let view = offercast_app::update_offer(&app, &offer.0, version, &by.0, edit).await?;
    Ok(super::respond(HttpResponse::Ok(), "Offer edited", &view))
}
