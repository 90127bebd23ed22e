//! The calls of the API, one file for each: its OpenAPI description and its handler.

mod analytics;
mod codes;
mod documented_responses;
mod failure_cases;
mod idempotency;
mod offers;
mod operations;
mod redemption_responses;
mod redemptions;
mod reservations;

use offercast_app::OfferQuery;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::error::ApiError;
use crate::extract;

/// Adds all calls.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        // Routes are matched in this order, so the most frequent call comes first.
        .service(redemptions::redeem::redeem)
        .service(offers::list::list)
        .service(offers::create::create)
        .service(offers::show::show)
        .service(offers::replace::replace)
        .service(offers::edit::edit)
        .service(offers::remove::remove)
        .service(redemptions::redeem_by_code::redeem_by_code)
        .service(codes::issue::issue)
        .service(codes::list::list)
        .service(redemptions::quote::quote)
        .service(redemptions::batch::batch)
        .service(redemptions::reverse::reverse)
        .service(reservations::reserve::reserve)
        .service(reservations::confirm::confirm)
        .service(reservations::release::release)
        .service(redemptions::ledger::ledger)
        .service(analytics::overview::overview)
        .service(analytics::dashboard::dashboard)
        .service(analytics::events::events)
        .service(analytics::forecast::forecast)
        .service(analytics::compute_forecast::compute_forecast)
        .service(analytics::what_if::what_if)
        .configure(configure_operations);
}

/// Adds the calls that every process serves: health, readiness and metrics.
pub fn configure_operations(config: &mut ServiceConfig<'_>) {
    config
        .service(operations::health::health)
        .service(operations::ready::ready)
        .service(operations::metrics::metrics);
}

/// Parses the query string of the list of offers.
pub fn offer_query(query: &str) -> Result<OfferQuery, ApiError> {
    offers::list::parse(extract::query(query)?)
}
