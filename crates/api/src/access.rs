//! Access control: who sends a request, and whether they may.

mod cookies;
mod rate_limit;
mod requirements;

use std::future::{Ready, ready};
use std::net::{IpAddr, Ipv4Addr};

use actix_web::dev::{Payload, ServiceRequest};
use actix_web::http::header::{self, HeaderName};
use actix_web::http::{Method, StatusCode};
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use offercast_app::App;
use offercast_app::access::{Caller, Credentials, Principal};
use offercast_domain::access::Actor;

use crate::edge::{self, Limits};
use crate::envelope::request_id;
use crate::error::ApiError;
use crate::fallback::Routes;
use crate::routes::idempotency::client_address;

pub use cookies::{Cookies, device_of};
pub use rate_limit::{RateLimits, Remaining};
pub use requirements::{Need, Route, find_route};

/// A header that pages of other sites cannot send without this server's consent. Requests with a session cookie that
/// may change something must have it.
const OUR_HEADER: HeaderName = HeaderName::from_static("x-offercast-request");
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Identifies who sends the request, and rejects it if they may not, or send too much. `route`: the call that the request
/// is for. Returns what they may still send.
pub fn admit(request: &ServiceRequest, route: Option<&Route>) -> Result<Option<Remaining>, ApiError> {
    let principal = authorised(request.request(), route)?;
    let limits = request.app_data::<web::Data<Limits>>();
    let remaining = match (principal.actor(), limits) {
        (actor @ (Actor::Key(_) | Actor::User(_)), Some(limits)) => Some(limits.rates.check(actor)?),
        _ => None,
    };
    request.extensions_mut().insert(principal);
    Ok(remaining)
}

fn authorised(request: &HttpRequest, route: Option<&Route>) -> Result<Principal, ApiError> {
    let need = match route {
        Some(route) => route.need,
        None if is_public(request) => return Ok(Principal::nobody()),
        // A path that does not exist, or a method that it does not have.
        None => Need::Credentials,
    };
    let Some(app) = request.app_data::<web::Data<App>>() else { return Ok(Principal::nobody()) };
    if !app.access.is_on() {
        return Ok(Principal::everybody());
    }
    match need {
        Need::Nothing => Ok(Principal::nobody()),
        Need::OurPages => check_our_pages(request).map(|()| Principal::nobody()),
        Need::Credentials | Need::Person | Need::Scope(_) => {
            let principal = authenticate(app, request)?;
            check(need, &principal)?;
            if route.is_none() && is_documented(request) {
                return Err(ApiError::new(StatusCode::FORBIDDEN, "forbidden", "Nobody may call this"));
            }
            Ok(principal)
        }
    }
}

/// Whether the request is for a page or file of the dashboard. They contain nothing secret.
fn is_public(request: &HttpRequest) -> bool {
    let path = request.path();
    !["/api", "/docs", "/metrics"].iter().any(|private| path.starts_with(private))
}

/// Whether the call exists, although it is missing in the table of requirements.
fn is_documented(request: &HttpRequest) -> bool {
    let routes = request.app_data::<web::Data<Routes>>();
    routes.is_some_and(|routes| {
        routes.methods(request.path()).iter().any(|method| method == request.method().as_str())
    })
}

/// An API key in the header `Authorization` takes precedence over the session cookie.
fn authenticate(app: &App, request: &HttpRequest) -> Result<Principal, ApiError> {
    let now = app.clock.now();
    let (address, client) = (address(request), client_address(request));
    let of = |credentials: Credentials<'_>| app.access.authenticate(credentials, address, client, now);
    if let Some(key) = bearer(request)? {
        return Ok(of(Credentials::Key(key))?);
    }
    let Some(token) = cookies::session_of(request) else {
        return Ok(of(Credentials::None)?);
    };
    let principal = of(Credentials::Session(&token))?;
    if is_unsafe(request.method()) {
        check_our_pages(request)?;
    }
    Ok(principal)
}

/// The API key of the request. Fails if the header has another form, so that a mistake is not taken for a request
/// without credentials.
fn bearer(request: &HttpRequest) -> Result<Option<&str>, ApiError> {
    let mut sent = request.headers().get_all(header::AUTHORIZATION);
    let Some(value) = sent.next() else { return Ok(None) };
    let key = value.to_str().ok().and_then(|value| {
        let (scheme, key) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then_some(key.trim())
    });
    match (key, sent.next()) {
        (Some(key), None) => Ok(Some(key)),
        _ => Err(offercast_app::Error::Unauthenticated.into()),
    }
}

fn is_unsafe(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS | Method::TRACE)
}

/// Rejects requests that a page of another site could have sent with the cookies of this one. `Origin` was compared with
/// the host before.
fn check_our_pages(request: &HttpRequest) -> Result<(), ApiError> {
    let headers = request.headers();
    let is_same_site = match headers.get(SEC_FETCH_SITE) {
        Some(site) => site == "same-origin",
        None => headers.contains_key(header::ORIGIN),
    };
    if is_same_site && headers.contains_key(OUR_HEADER) { Ok(()) } else { Err(edge::forbidden()) }
}

fn check(need: Need, principal: &Principal) -> Result<(), ApiError> {
    match need {
        Need::Nothing | Need::OurPages | Need::Credentials => Ok(()),
        Need::Person if principal.user_id().is_some() => Ok(()),
        Need::Person => Err(offercast_app::Error::PersonOnly.into()),
        Need::Scope(scope) if principal.may(scope) => Ok(()),
        Need::Scope(scope) => Err(missing_scope(scope)),
    }
}

/// 403: the key or role does not have the scope that the call needs.
pub fn missing_scope(scope: offercast_domain::access::Scope) -> ApiError {
    let message = format!("Your key or role does not allow this; it needs the scope {}", scope.as_str());
    ApiError::new(StatusCode::FORBIDDEN, "forbidden", message)
}

/// The exact address of the client.
pub fn address(request: &HttpRequest) -> IpAddr {
    let limits = request.app_data::<web::Data<Limits>>();
    limits.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |limits| limits.address(request))
}

/// Who sends a request, as [`admit`] has found out.
pub fn principal(request: &HttpRequest) -> Principal {
    request.extensions().get::<Principal>().cloned().unwrap_or_else(Principal::nobody)
}

/// Who sends a request, and from where.
pub fn caller(request: &HttpRequest) -> Caller {
    Caller { principal: principal(request), address: Some(address(request)), request_id: request_id(request) }
}

/// Fails if the key or session of a long response has ended meanwhile.
pub fn check_still_accepted(app: &App, caller: &Caller) -> Result<(), ApiError> {
    let address = caller.address.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
    let is_accepted = app.access.still_accepts(&caller.principal, address, app.clock.now());
    if is_accepted { Ok(()) } else { Err(offercast_app::Error::Unauthenticated.into()) }
}

/// Extracts the [`Caller`].
pub struct By(pub Caller);

impl FromRequest for By {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(By(caller(request))))
    }
}
