//! The document of the API, generated from its handlers and types.

mod components;
#[cfg(test)]
mod tests;

use actix_web::App;
use offercast_contract::Failure;
use utoipa::OpenApi as _;
use utoipa::openapi::OpenApi;
use utoipa_actix_web::AppExt;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::routes;

/// The document of the whole API.
pub fn document() -> OpenApi {
    of(routes::configure)
}

/// The document of these calls.
pub fn of(calls: fn(&mut ServiceConfig<'_>)) -> OpenApi {
    let (_, document) =
        App::new().into_utoipa_app().openapi(Base::openapi()).configure(calls).split_for_parts();
    components::share(document)
}

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Offercast",
        description = "Promotional offers: define them, redeem them without ever passing a limit, and see where they \
                       are heading.\n\nEvery answer is in one envelope: `status`, `message`, and `data` or `error`. \
                       Names are snake_case, times RFC 3339, dates `YYYY-MM-DD`. Money leaves as JSON numbers with \
                       their exact decimal digits and is accepted as numbers or decimal strings. `{offer}` is an id \
                       or a code.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
    ),
    components(schemas(Failure)),
    tags(
        (name = "offers", description = "Define, edit and remove offers"),
        (name = "redemptions", description = "Redeem offers for orders, and take redemptions back"),
        (name = "codes", description = "Issue unique codes, each of which redeems an offer once, and redeem by a code"),
        (name = "reservations", description = "Hold a discount while a payment is under way"),
        (name = "analytics", description = "Figures and forecasts, as the dashboard shows them"),
        (name = "operations", description = "Health, readiness and metrics of the server"),
    ),
)]
struct Base;
