use actix_web::{HttpRequest, HttpResponse, put, web};
use offercast_app::App;
use offercast_contract::{Offer, OfferInput, Success};

use crate::access::By;
use crate::error::ApiError;
use crate::extract::{Json, OfferPath};
use crate::routes::documented_responses::EditFailures;
use crate::routes::offers::IfMatch;
use crate::{convert, examples};

/// Replace an offer
///
/// Replaces all fields. An omitted field gets its default value, and an omitted limit is removed.
#[utoipa::path(tag = "offers", operation_id = "replace_offer", params(OfferPath, IfMatch),
    request_body(description = "The complete offer", content = OfferInput, example = examples::offer_input),
    responses((status = 200, description = "The offer after the edit", body = Success<Offer>,
               headers(("ETag" = String, description = "New version of the offer")),
               example = examples::replaced_offer), EditFailures))]
#[put("/api/offers/{offer}")]
pub async fn replace(
    app: web::Data<App>,
    offer: OfferPath,
    input: Json<OfferInput>,
    request: HttpRequest,
    by: By,
) -> Result<HttpResponse, ApiError> {
    let version = super::expected_version(&request, input.0.version)?;
    let draft = convert::offer_draft(input.0);
    let view = offercast_app::update_offer(&app, &offer.0, version, &by.0, |_| draft.clone()).await?;
    Ok(super::respond(HttpResponse::Ok(), "Offer replaced", &view))
}
