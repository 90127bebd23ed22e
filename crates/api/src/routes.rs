//! One file a call: its description, its handler.

mod analytics;
mod answers;
mod codes;
mod offers;
mod ops;
mod problems;
mod redemptions;
mod reservations;
mod responses;

use offercast_app::OfferQuery;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::error::ApiError;
use crate::extract;

pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        // Routes are tried in this order, so the busiest comes first.
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
        .configure(operations);
}

/// What devops need of every process.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config.service(ops::health::health).service(ops::ready::ready).service(ops::metrics::metrics);
}

/// Reads the query of the list of offers.
pub fn offer_query(query: &str) -> Result<OfferQuery, ApiError> {
    offers::list::parse(extract::query(query)?)
}
