use actix_web::http::header;
use actix_web::{HttpResponse, post, web};
use offercast_app::{App, CodesAnswer};
use offercast_contract::{CodesRequest, IssuedCodes, Success};

use crate::access::By;
use crate::error::ApiError;
use crate::extract::{IdempotencyHeader, Json, OfferPath};
use crate::routes::documented_responses::WriteFailures;
use crate::routes::idempotency;
use crate::{convert, examples};

/// Issue unique codes
///
/// Issues codes that each redeem the offer once. No code is ever issued twice under one key of the installation. The
/// response contains up to 1,000 codes; read more with `list_codes`.
#[utoipa::path(tag = "codes", operation_id = "issue_codes", params(OfferPath, IdempotencyHeader),
    request_body(description = "The number and format of the codes", content = CodesRequest,
                 example = examples::codes_request),
    responses((status = 201, description = "The issued codes", body = Success<IssuedCodes>,
               headers(("Location" = String, description = "Path to read these codes from")),
               example = examples::issued_codes), WriteFailures))]
#[post("/api/offers/{offer}/codes")]
pub async fn issue(
    app: web::Data<App>,
    offer: OfferPath,
    key: IdempotencyHeader,
    body: Json<CodesRequest>,
    by: By,
) -> Result<HttpResponse, ApiError> {
    let request = idempotency::idempotent_request(key, "issue codes", &body.0);
    let draft = convert::codes_draft(body.0);
    Ok(match offercast_app::issue_codes(&app, &offer.0, &draft, request, &by.0).await? {
        CodesAnswer::Issued(issued) => respond(&issued, false),
        CodesAnswer::Replayed(issued) => respond(&issued, true),
        CodesAnswer::Stored(stored) => idempotency::render(stored),
    })
}

fn respond(issued: &offercast_app::IssuedCodes, is_replay: bool) -> HttpResponse {
    let codes = convert::issued_codes(issued);
    let location =
        format!("/api/offers/{}/codes?from={}&to={}", codes.offer_id, codes.first_number, codes.last_number);
    let mut response = HttpResponse::Created();
    if is_replay {
        response.insert_header(idempotency::REPLAYED);
    }
    response.insert_header((header::LOCATION, location)).json(Success::new("Codes issued", codes))
}
