use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, post, web};
use offercast_app::{App, KeptAnswer, OfferView};
use offercast_contract::{Offer, OfferInput, Success};

use crate::error::ApiError;
use crate::extract::{Json, Key};
use crate::routes::answers;
use crate::routes::responses::CreateFailures;
use crate::{convert, examples};

/// Create an offer
///
/// The offer can be redeemed from its start date on, if its `status` is `active`.
#[utoipa::path(tag = "offers", operation_id = "create_offer", params(Key),
    request_body(description = "The offer", content = OfferInput, example = examples::offer_input),
    responses((status = 201, description = "The offer as it was created", body = Success<Offer>,
               headers(("Location" = String, description = "Path of the offer"),
                       ("ETag" = String, description = "Version of the offer")),
               example = examples::created_offer), CreateFailures))]
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
