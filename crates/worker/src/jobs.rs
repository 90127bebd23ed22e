//! The jobs, one file each.

pub mod compute_offer_forecast;
pub mod forecast_chunk;
pub mod nightly_forecasts;
