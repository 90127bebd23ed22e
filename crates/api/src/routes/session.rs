pub mod sign_in;
pub mod sign_in_by_link;
pub mod sign_out;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse};
use offercast_app::access::NewSession;
use offercast_contract::Success;

use crate::access::Cookies;
use crate::convert;

/// The signed-in person, with the cookies of the new session.
pub fn respond(request: &HttpRequest, session: &NewSession) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    Cookies::of(request).start(&mut response, session);
    response.json(Success::new("Signed in", convert::person(&session.user)))
}

pub fn user_agent(request: &HttpRequest) -> &str {
    let value = request.headers().get(header::USER_AGENT);
    value.and_then(|value| value.to_str().ok()).unwrap_or_default()
}
