//! The JSON types of the API, shared by the server, the dashboard and the tests. They hold no business rules.
//!
//! Every JSON response is in an envelope: [`Success`], [`Page`] or [`Failure`]. Names are snake_case, times RFC 3339,
//! dates `YYYY-MM-DD`, and money is a JSON number with its exact decimal digits.

mod access;
mod account;
mod analytics;
mod api_key;
mod audit;
mod batch;
mod codes;
mod envelope;
mod json_reader;
mod live;
mod money;
mod offer;
mod operations;
mod overview;
mod raw_text;
mod redemption;
mod reservation;
mod scalar;
#[cfg(feature = "openapi")]
pub mod text_patterns;
mod user;

pub use access::{Role, Scope};
pub use account::{
    Account, ChangePasswordRequest, ConfirmSecondFactorRequest, EndedSessions, Link, LinkPurpose,
    LinkRequest, PasswordRequest, RecoveryCodes, SecondFactorSecret, Session, SetPasswordRequest,
    SignInLinkRequest, SignInRequest,
};
pub use analytics::{
    BudgetUse, CumulativePoint, DailyPoint, Dashboard, DateRange, DayRefusals, Forecast, ForecastAccuracy,
    ForecastPoint, ForecastSource, ForecastTotal, History, Kpis, Limit, RunOut, TrendPoint, UnmetDemand,
    UnmetReason, WhatIfInput,
};
pub use api_key::{ApiKey, ApiKeyInput, ApiKeyStatus, NewApiKey, RotateRequest};
pub use audit::{AuditEntry, FieldChange};
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
pub use user::{InviteRequest, RemovedUser, User, UserLink, UserPatch, UserStatus};
