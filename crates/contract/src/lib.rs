//! The JSON of the API as types: what goes over the wire, and nothing about how it is decided.
//!
//! Every answer is in one envelope ([`Success`], [`Page`] or [`Failure`]). Names are snake_case, times
//! RFC 3339, dates `YYYY-MM-DD`, money JSON numbers with their exact decimal digits.

mod analytics;
mod batch;
mod codes;
mod envelope;
mod live;
mod money;
mod offer;
mod ops;
mod overview;
mod read;
mod redemption;
mod reservation;
mod scalar;
#[cfg(feature = "openapi")]
pub mod text;

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
pub use live::LiveOffer;
pub use money::Money;
pub use offer::{
    DiscountType, ListedOffer, Offer, OfferInput, OfferPatch, OfferState, OfferStatus, OfferTotals, Removal,
    Removed, Shortfall,
};
pub use ops::{Health, QueuedForecast};
pub use overview::{
    Attention, AttentionReason, ComparedRanges, CountFigure, DayCount, MoneyFigure, OfferCounts, OfferName,
    Overview, TopOffer,
};
pub use read::{Unreadable, read};
pub use redemption::{CustomerId, LedgerEntry, Quote, RedeemRequest, Redeemed, ReverseRequest, Reversed};
pub use reservation::{Released, ReserveRequest, Reserved};
