use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, post, web};
use offercast_app::{App, KeptAnswer, OfferView};
use offercast_contract::{Offer, OfferInput, Success};

use crate::convert;
use crate::error::ApiError;
use crate::extract::{Json, Key};
use crate::openapi::CreateFailures;
use crate::routes::answers;

/// Creates an offer.
///
/// Sent again with the same `Idempotency-Key`, the same request gets its first answer again and creates nothing.
#[utoipa::path(tag = "offers", request_body = OfferInput,
    params(("Idempotency-Key" = Option<String>, Header, min_length = 1, max_length = 255, pattern = "^[!-~]{1,255}$", description = "1 to 255 visible ASCII characters, kept for 24 hours or more; with \
              another request: 422 `idempotency_key_reused`")),
    responses(
        (status = 201, body = Success<Offer>, headers(("Location" = String, description = "Path of the offer"),
                                                     ("ETag" = String, description = "Its version"),
                                                     ("Idempotency-Replayed" = Option<String>, description = "`true` on an answer that is given again"))),
        CreateFailures))]
#[post("/api/offers")]
pub async fn create(
    app: web::Data<App>,
    key: Key,
    input: Json<OfferInput>,
) -> Result<HttpResponse, ApiError> {
    let keyed = answers::keyed(key, "create offer", &input.0);
    let kept = offercast_app::create_offer(&app, &convert::offer_draft(input.0), keyed, told).await?;
    Ok(answers::kept(kept))
}

fn told(view: &OfferView) -> KeptAnswer {
    let headers = [
        (header::LOCATION, format!("/api/offers/{}", view.stored.offer.id)),
        (header::ETAG, format!("\"{}\"", view.stored.version)),
    ];
    let headers = headers.map(|(name, value)| (name.to_string(), value)).to_vec();
    answers::to_keep(StatusCode::CREATED, headers, &Success::new("Offer created", convert::offer(view)))
}
