//! The calls of the API, one file for each: its OpenAPI description and its handler.

mod account;
mod analytics;
mod audit;
mod codes;
mod documented_responses;
mod failure_cases;
pub mod idempotency;
mod keys;
mod links;
mod offers;
mod operations;
mod redemption_responses;
mod redemptions;
mod reservations;
mod session;
mod users;

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
        .service(audit::history::history)
        .service(session::sign_in::sign_in)
        .service(session::sign_in_by_link::sign_in_by_link)
        .service(session::sign_out::sign_out)
        .service(links::show::show)
        .service(links::set_password::set_password)
        .service(account::show::show)
        .service(account::change_password::change_password)
        .service(account::set_up_second_factor::set_up_second_factor)
        .service(account::confirm_second_factor::confirm_second_factor)
        .service(account::remove_second_factor::remove_second_factor)
        .service(account::list_sessions::list_sessions)
        .service(account::end_session::end_session)
        .service(account::end_other_sessions::end_other_sessions)
        .service(users::list::list)
        .service(users::invite::invite)
        .service(users::edit::edit)
        .service(users::remove::remove)
        .service(users::link::link)
        .service(users::end_sessions::end_sessions)
        .service(keys::list::list)
        .service(keys::create::create)
        .service(keys::rotate::rotate)
        .service(keys::revoke::revoke)
        .service(audit::list::list)
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
