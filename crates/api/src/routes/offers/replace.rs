use actix_web::{HttpRequest, HttpResponse, put, web};
use offercast_app::App;
use offercast_contract::{Offer, OfferInput, Success};

use crate::error::ApiError;
use crate::extract::{Json, OfferPath};
use crate::routes::offers::IfMatch;
use crate::routes::responses::EditFailures;
use crate::{convert, examples};

/// Replace an offer
///
/// A field that is left out takes its default, and a limit that is left out is removed.
#[utoipa::path(tag = "offers", operation_id = "replace_offer", params(OfferPath, IfMatch),
    request_body(description = "The whole offer", content = OfferInput, example = examples::offer_input),
    responses((status = 200, description = "The offer after the edit", body = Success<Offer>,
               headers(("ETag" = String, description = "New version of the offer")),
               example = examples::replaced_offer), EditFailures))]
#[put("/api/offers/{offer}")]
pub async fn replace(
    app: web::Data<App>,
    offer: OfferPath,
    input: Json<OfferInput>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let version = super::expected_version(&request, input.0.version)?;
    let draft = convert::offer_draft(input.0);
    let view = offercast_app::update_offer(&app, &offer.0, version, |_| draft.clone()).await?;
    Ok(super::answer(HttpResponse::Ok(), "Offer replaced", &view))
}
