//! The OpenAPI document, generated from the handlers and the contract's types.

mod components;
#[cfg(test)]
mod pattern_tests;
#[cfg(test)]
mod tests;

use actix_web::App;
use offercast_contract::Failure;
use utoipa::OpenApi as _;
use utoipa::openapi::OpenApi;
use utoipa_actix_web::AppExt;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::routes;

/// The document of all calls.
pub fn document() -> OpenApi {
    document_of(routes::configure)
}

/// The document of the given calls.
pub fn document_of(calls: fn(&mut ServiceConfig<'_>)) -> OpenApi {
    let (_, document) =
        App::new().into_utoipa_app().openapi(Base::openapi()).configure(calls).split_for_parts();
    components::add_shared(document)
}

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Offercast",
        description = "Promotional offers: define them, redeem them without ever exceeding a limit, and forecast \
                       their redemptions.\n\nEvery JSON response is an envelope with `status`, `message`, and `data` or \
                       `error`. Names are snake_case, times RFC 3339, dates `YYYY-MM-DD`. Amounts in responses are \
                       JSON numbers with exact decimal digits; requests may have numbers or decimal strings. \
                       `{offer}` is an id or a code.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
    ),
    components(schemas(Failure)),
    tags(
        (name = "offers", description = "Create, edit and delete offers"),
        (name = "redemptions", description = "Redeem offers for orders, and reverse redemptions"),
        (name = "codes", description = "Issue unique codes that each redeem an offer once, and redeem by a code"),
        (name = "reservations", description = "Hold a discount for an order until it is paid"),
        (name = "analytics", description = "The figures and forecasts of the dashboard"),
        (name = "account", description = "Sign in and out, and the signed-in person's own account"),
        (name = "people", description = "The people who may sign in, and their roles"),
        (name = "keys", description = "API keys of services"),
        (name = "audit", description = "Who changed what"),
        (name = "operations", description = "Health, readiness and metrics of the server"),
    ),
)]
struct Base;
