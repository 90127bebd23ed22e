//! The JSON types of the API, shared by the server, the dashboard and the tests. They hold no business rules.
//!
//! Every JSON response is in an envelope: [`Success`], [`Page`] or [`Failure`]. Names are snake_case, times RFC 3339,
//! dates `YYYY-MM-DD`, and money is a JSON number with its exact decimal digits.

mod analytics;
mod batch;
mod codes;
mod envelope;
mod json_reader;
mod live;
mod money;
mod offer;
mod operations;
mod overview;
mod redemption;
mod reservation;
mod scalar;
#[cfg(feature = "openapi")]
pub mod text_patterns;

pub use analytics::{
    BudgetUse, CumulativePoint, DailyPoint, Dashboard, DateRange, DayRefusals, Forecast, ForecastAccuracy,
    ForecastPoint, ForecastSource, ForecastTotal, History, Kpis, Limit, RunOut, TrendPoint, UnmetDemand,
    UnmetReason, WhatIfInput,
};
#[cfg(feature = "openapi")]
pub use batch::Batch;
pub use batch::{BatchResult, BatchRow, OfferReference};
pub use codes::{CodeCounts, CodesRequest, IssuedCodes, RedeemByCodeRequest};
pub use envelope::{ErrorBody, Failure, FieldProblem, Meta, Page, Success};
pub use json_reader::{Unreadable, read};
pub use live::LiveOffer;
pub use money::Money;
pub use offer::{
    DiscountType, ListedOffer, Offer, OfferInput, OfferPatch, OfferState, OfferStatus, OfferTotals, Removal,
    Removed, Shortfall,
};
pub use operations::{Health, QueuedForecast};
pub use overview::{
    Attention, AttentionReason, ComparedRanges, CountFigure, DayCount, MoneyFigure, OfferCounts, OfferName,
    Overview, TopOffer,
};
pub use redemption::{CustomerId, LedgerEntry, Quote, RedeemRequest, Redeemed, ReverseRequest, Reversed};
pub use reservation::{Released, ReserveRequest, Reserved};
