use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, post, web};
use offercast_app::{App, OfferView, StoredResponse};
use offercast_contract::{Offer, OfferInput, Success};

use crate::access::By;
use crate::error::ApiError;
use crate::extract::{IdempotencyHeader, Json};
use crate::routes::documented_responses::CreateFailures;
use crate::routes::idempotency;
use crate::{convert, examples};

/// Create an offer
///
/// Creates an offer. It can be redeemed from its start date, if its `status` is `active`.
#[utoipa::path(tag = "offers", operation_id = "create_offer", params(IdempotencyHeader),
    request_body(description = "The offer", content = OfferInput, example = examples::offer_input),
    responses((status = 201, description = "The new offer", body = Success<Offer>,
               headers(("Location" = String, description = "Path of the offer"),
                       ("ETag" = String, description = "Version of the offer")),
               example = examples::created_offer), CreateFailures))]
#[post("/api/offers")]
pub async fn create(
    app: web::Data<App>,
    key: IdempotencyHeader,
    input: Json<OfferInput>,
    by: By,
) -> Result<HttpResponse, ApiError> {
    let request = idempotency::idempotent_request(key, "create offer", &input.0);
    let draft = convert::offer_draft(input.0);
    Ok(idempotency::render(offercast_app::create_offer(&app, &draft, request, &by.0, respond).await?))
}

fn respond(view: &OfferView) -> StoredResponse {
    let headers = [
        (header::LOCATION, format!("/api/offers/{}", view.stored.offer.id)),
        (header::ETAG, format!("\"{}\"", view.stored.version)),
    ];
    let headers = headers.map(|(name, value)| (name.to_string(), value)).to_vec();
    idempotency::storable_response(
        StatusCode::CREATED,
        headers,
        &Success::new("Offer created", convert::offer(view)),
    )
}
