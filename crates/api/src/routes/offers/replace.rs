use actix_web::{HttpRequest, HttpResponse, put, web};
use offercast_app::App;
use offercast_contract::{Failure, Offer, OfferInput, Success};

use crate::convert;
use crate::error::ApiError;
use crate::extract::{Json, OfferPath};
use crate::openapi::WriteFailures;

/// Replaces an offer: what is left out takes its default, limits are taken away.
#[utoipa::path(tag = "offers", request_body = OfferInput,
    params(("offer" = String, Path, description = "Id or code"),
           ("If-Match" = Option<String>, Header, description = "ETag that was read; as `version` in the body")),
    responses((status = 200, body = Success<Offer>),
              (status = 409, body = Failure, description = "`stale_offer`: somebody else has changed it"),
              WriteFailures))]
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
