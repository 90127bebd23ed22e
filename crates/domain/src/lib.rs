//! The business rules of Offercast as pure functions. The current time is an argument; nothing here reads a clock, a
//! database or the network.

pub mod access;
mod alerts;
mod analytics;
pub mod csv_cell;
mod currency;
pub mod decimal;
mod decline_reason;
mod declined_redemptions;
mod discount;
mod forecast_accuracy;
mod forecast_service;
mod hold_limits;
pub mod moment;
mod network;
mod offer;
mod offer_code;
mod offer_draft;
mod offer_service;
mod overview;
pub mod redemption;
#[cfg(test)]
mod sample;
pub mod text;
mod time_zone;
mod totals;
mod unique_code;
mod verdict;

pub use alerts::{
    Alert, AlertInputs, ENDS_WITHIN, FAR_OFF, OFF_BY, Outcome, RUNS_OUT_WITHIN, TURNED_AWAY_DAYS, TurnedAway,
};
pub use analytics::{Analytics, DateRange, Day, Kpis, TrendPoint, fill_days};
pub use currency::Currency;
pub use decline_reason::Refusal;
pub use declined_redemptions::{DeclinedByDay, DeclinedByReason, DeclinedRedemptions};
pub use discount::Discount;
pub use forecast_accuracy::{Comparison, ForecastAccuracy, ForecastSnapshot, SNAPSHOTS_KEPT};
pub use forecast_service::{
    ForecastDay, ForecastService, HORIZON, Limit, OfferForecast, RUN_OUT_HORIZON, RunOut, WhatIf,
};
pub use hold_limits::{HoldLimits, MAX_HOLD_SECONDS};
pub use network::Network;
pub use offer::{Offer, OfferStatus, OfferTerms, Shortfall};
pub use offer_code::{OfferCode, OfferRef};
pub use offer_draft::{FieldError, OfferDraft};
pub use offer_service::{Grant, OfferService, OfferState, Order, OrderDraft, Quote, recorded_amount};
pub use offercast_forecast::{Model, Point as ForecastPoint};
pub use overview::{Compared, Figure, Periods, Sum, Sums};
pub use time_zone::Zone;
pub use totals::{Held, Totals};
pub use unique_code::{
    CODE_LENGTHS, CodeName, CodePrefix, CodeSpace, CodesAlike, CodesDraft, CodesOrder, DEFAULT_CODE_LENGTH,
    MOST_CODES, UniqueCode,
};
pub use verdict::{Activity, Burning, Idle, Used, Verdict, VerdictInputs};

/// The first and the last supported day.
pub const FIRST_DAY: chrono::NaiveDate = chrono::NaiveDate::from_ymd_opt(2000, 1, 1).expect("a real day");
pub const LAST_DAY: chrono::NaiveDate = chrono::NaiveDate::from_ymd_opt(2199, 12, 31).expect("a real day");
