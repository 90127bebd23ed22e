//! What each call needs. A call that is missing here is answered with 403.

use std::collections::HashMap;
use std::sync::LazyLock;

use actix_web::http::Method;
use offercast_domain::access::Scope;

/// What the sender of a request needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Anybody may call it.
    Nothing,
    /// Anybody may call it who is not a page of another site.
    OurPages,
    /// Any key or session.
    Credentials,
    /// The session of a person.
    Person,
    Scope(Scope),
}

/// A call: its method, its path as in the OpenAPI document, and what it needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Route {
    pub method: &'static str,
    pub path: &'static str,
    pub need: Need,
}

const fn route(method: &'static str, path: &'static str, need: Need) -> Route {
    Route { method, path, need }
}

const OFFERS_READ: Need = Need::Scope(Scope::OffersRead);
const OFFERS_WRITE: Need = Need::Scope(Scope::OffersWrite);
const REDEMPTIONS_READ: Need = Need::Scope(Scope::RedemptionsRead);
const REDEMPTIONS_WRITE: Need = Need::Scope(Scope::RedemptionsWrite);
const REPORTS_READ: Need = Need::Scope(Scope::ReportsRead);
const ADMIN: Need = Need::Scope(Scope::Admin);

const ROUTES: [Route; 54] = [
    route("POST", "/api/offers/{offer}/redeem", REDEMPTIONS_WRITE),
    route("GET", "/api/offers", OFFERS_READ),
    route("POST", "/api/offers", OFFERS_WRITE),
    route("GET", "/api/offers/{offer}", OFFERS_READ),
    route("PUT", "/api/offers/{offer}", OFFERS_WRITE),
    route("PATCH", "/api/offers/{offer}", OFFERS_WRITE),
    route("DELETE", "/api/offers/{offer}", OFFERS_WRITE),
    route("GET", "/api/offers/{offer}/history", OFFERS_READ),
    route("POST", "/api/redeem", REDEMPTIONS_WRITE),
    route("POST", "/api/offers/{offer}/codes", OFFERS_WRITE),
    route("GET", "/api/offers/{offer}/codes", OFFERS_WRITE),
    route("POST", "/api/offers/{offer}/quote", REDEMPTIONS_WRITE),
    route("POST", "/api/redemptions/batch", REDEMPTIONS_WRITE),
    route("POST", "/api/redemptions/{id}/reverse", REDEMPTIONS_WRITE),
    route("POST", "/api/offers/{offer}/reserve", REDEMPTIONS_WRITE),
    route("POST", "/api/reservations/{id}/confirm", REDEMPTIONS_WRITE),
    route("POST", "/api/reservations/{id}/release", REDEMPTIONS_WRITE),
    route("GET", "/api/offers/{offer}/redemptions", REDEMPTIONS_READ),
    route("GET", "/api/overview", REPORTS_READ),
    route("GET", "/api/offers/{offer}/dashboard", REPORTS_READ),
    route("GET", "/api/offers/{offer}/events", REPORTS_READ),
    route("GET", "/api/offers/{offer}/forecast", REPORTS_READ),
    route("POST", "/api/offers/{offer}/forecast", REPORTS_READ),
    route("POST", "/api/offers/{offer}/forecast/what-if", REPORTS_READ),
    route("POST", "/api/session", Need::OurPages),
    route("DELETE", "/api/session", Need::Person),
    route("POST", "/api/session/link", Need::OurPages),
    route("POST", "/api/links/show", Need::OurPages),
    route("POST", "/api/links/password", Need::OurPages),
    route("GET", "/api/account", Need::Person),
    route("POST", "/api/account/password", Need::Person),
    route("POST", "/api/account/second-factor", Need::Person),
    route("DELETE", "/api/account/second-factor", Need::Person),
    route("POST", "/api/account/second-factor/confirm", Need::Person),
    route("GET", "/api/account/sessions", Need::Person),
    route("DELETE", "/api/account/sessions", Need::Person),
    route("DELETE", "/api/account/sessions/{id}", Need::Person),
    route("GET", "/api/users", ADMIN),
    route("POST", "/api/users", ADMIN),
    route("PATCH", "/api/users/{id}", ADMIN),
    route("DELETE", "/api/users/{id}", ADMIN),
    route("POST", "/api/users/{id}/link", ADMIN),
    route("DELETE", "/api/users/{id}/sessions", ADMIN),
    route("GET", "/api/keys", ADMIN),
    route("POST", "/api/keys", ADMIN),
    route("POST", "/api/keys/{id}/rotate", ADMIN),
    route("DELETE", "/api/keys/{id}", ADMIN),
    route("GET", "/api/audit", ADMIN),
    route("GET", "/api/openapi.json", Need::Credentials),
    route("GET", "/docs", Need::Credentials),
    route("GET", "/docs/{file:.*}", Need::Credentials),
    route("GET", "/metrics", ADMIN),
    route("GET", "/healthz", Need::Nothing),
    route("GET", "/readyz", Need::Nothing),
];

static BY_NAME: LazyLock<HashMap<(&str, &str), &'static Route>> =
    LazyLock::new(|| ROUTES.iter().map(|route| ((route.method, route.path), route)).collect());

/// The call with this method and path.
pub fn find_route(method: &Method, path: &str) -> Option<&'static Route> {
    BY_NAME.get(&(method.as_str(), path)).copied()
}
