use actix_web::http::header;
use actix_web::{HttpResponse, post, web};
use offercast_app::{App, CodesAnswer};
use offercast_contract::{CodesRequest, IssuedCodes, Success};

use crate::convert;
use crate::error::ApiError;
use crate::extract::{Json, Key, OfferPath};
use crate::openapi::WriteFailures;
use crate::routes::answers;

/// Issues unique codes, each of which redeems the offer once. No code is ever issued twice. They are fetched from
/// `GET /api/offers/{offer}/codes`; up to 1,000 are in the answer as well.
#[utoipa::path(tag = "codes", request_body = CodesRequest,
    params(("offer" = String, Path, description = "Id or code"),
           ("Idempotency-Key" = Option<String>, Header, min_length = 1, max_length = 255, pattern = "^[!-~]{1,255}$", description = "As on redeem: the same \
              request gets the same codes again")),
    responses((status = 201, body = Success<IssuedCodes>, headers(
                  ("Location" = String, description = "Where these codes are fetched"),
                  ("Idempotency-Replayed" = Option<String>, description = "`true` on an answer that is given again"))),
              WriteFailures))]
#[post("/api/offers/{offer}/codes")]
pub async fn issue(
    app: web::Data<App>,
    offer: OfferPath,
    key: Key,
    body: Json<CodesRequest>,
) -> Result<HttpResponse, ApiError> {
    let keyed = answers::keyed(key, "issue codes", &body.0);
    let draft = convert::codes_draft(body.0);
    Ok(match offercast_app::issue_codes(&app, &offer.0, &draft, keyed).await? {
        CodesAnswer::Issued(issued) => answer(&issued, false),
        CodesAnswer::Replayed(issued) => answer(&issued, true),
        CodesAnswer::Stored(stored) => answers::kept(stored),
    })
}

fn answer(issued: &offercast_app::IssuedCodes, is_replay: bool) -> HttpResponse {
    let codes = convert::issued_codes(issued);
    let location =
        format!("/api/offers/{}/codes?from={}&to={}", codes.offer_id, codes.first_number, codes.last_number);
    let mut response = HttpResponse::Created();
    if is_replay {
        response.insert_header(answers::REPLAYED);
    }
    response.insert_header((header::LOCATION, location)).json(Success::new("Codes issued", codes))
}
