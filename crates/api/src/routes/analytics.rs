pub mod compute_forecast;
pub mod dashboard;
pub mod events;
pub mod forecast;
pub mod overview;
pub mod what_if;
