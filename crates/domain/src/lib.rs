//! The rules of Offercast, pure: facts in, decision out. The moment is an argument, nothing here reads
//! a clock, a database or the network, and so nothing here can fail for their reasons.

mod analytics;
mod attention;
mod code;
pub mod csv_cell;
mod currency;
pub mod decimal;
mod desk;
mod draft;
mod forecast_accuracy;
mod forecast_service;
mod hold_limits;
pub mod moment;
mod offer;
mod offer_service;
mod overview;
#[cfg(test)]
mod sample;
pub mod text;
mod unique_code;
mod unmet;
mod zone;

pub use analytics::{Analytics, DateRange, Day, Kpis, TrendPoint, fill_days};
pub use attention::{
    Concern, ENDS_WITHIN, FAR_OFF, OFF_BY, Outcome, RUNS_OUT_WITHIN, Signs, TURNED_AWAY_DAYS, TurnedAway,
};
pub use code::{OfferCode, OfferRef};
pub use currency::Currency;
pub use desk::{
    Ask, Confirmation, Decision, Desk, First, Hold, HoldState, IdempotencyKey, Request, Reversal, Standing,
};
pub use draft::{FieldError, OfferDraft};
pub use forecast_accuracy::{CLAIMS_KEPT, Claim, Comparison, ForecastAccuracy};
pub use forecast_service::{
    ForecastDay, ForecastService, HORIZON, Limit, OfferForecast, RUN_OUT_HORIZON, RunOut, WhatIf,
};
pub use hold_limits::{HoldLimits, MAX_HOLD_SECONDS};
pub use offer::{Discount, Held, Offer, OfferStatus, OfferTerms, Shortfall, Totals};
pub use offer_service::{
    Grant, OfferService, OfferState, Order, OrderDraft, Quote, Refusal, recorded_amount,
};
pub use offercast_forecast::{Model, Point as ForecastPoint};
pub use overview::{Compared, Figure, Periods, Sum, Sums};
pub use unique_code::{
    CODE_LENGTHS, CodeName, CodePrefix, CodeSpace, CodesAlike, CodesDraft, CodesOrder, DEFAULT_CODE_LENGTH,
    MOST_CODES, UniqueCode,
};
pub use unmet::{Reason, Refusals, UnmetDemand};
pub use zone::Zone;

/// The first and the last day that the system knows.
pub const FIRST_DAY: chrono::NaiveDate = chrono::NaiveDate::from_ymd_opt(2000, 1, 1).expect("a real day");
pub const LAST_DAY: chrono::NaiveDate = chrono::NaiveDate::from_ymd_opt(2199, 12, 31).expect("a real day");
