use actix_web::http::header;
use actix_web::{HttpResponse, post, web};
use offercast_app::{App, CodesAnswer};
use offercast_contract::{CodesRequest, IssuedCodes, Success};

use crate::error::ApiError;
use crate::extract::{Json, Key, OfferPath};
use crate::routes::answers;
use crate::routes::responses::WriteFailures;
use crate::{convert, examples};

/// Issue unique codes
///
/// Each code redeems the offer once. No code is ever issued twice. Up to 1,000 codes are in the answer; `list_codes` returns
/// any number of them.
#[utoipa::path(tag = "codes", operation_id = "issue_codes", params(OfferPath, Key),
    request_body(description = "How many codes, and what they look like", content = CodesRequest,
                 example = examples::codes_request),
    responses((status = 201, description = "The codes that were issued", body = Success<IssuedCodes>,
               headers(("Location" = String, description = "Path from which these codes are read")),
               example = examples::issued_codes), WriteFailures))]
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
