use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::{DateRange, Limit, Money, OfferState};

/// Answer of `GET /api/overview`: all offers together, from one snapshot of the database. A day is a day on
/// the wall clock of each offer's own zone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Overview {
    pub as_of: DateTime<Utc>,
    pub range: DateRange,
    /// What changes are told between; null while no day of the range is over.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub compared: Option<ComparedRanges>,
    pub offers: OfferCounts,
    pub redemptions: CountFigure,
    /// Each currency of its own, the most redeemed first: amounts of different ones are never added up.
    pub discounts: Vec<MoneyFigure>,
    /// Every day of the range, zeros included.
    pub daily: Vec<DayCount>,
    /// The offers that were redeemed most in the range, 10 at most.
    pub top_offers: Vec<TopOffer>,
    /// What calls for attention, the most urgent first, 50 at most.
    pub attention: Vec<Attention>,
    /// How much does, also beyond those.
    pub attention_total: u64,
}

/// The days of the range that are over, and as many days right before the range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ComparedRanges {
    pub now: DateRange,
    pub before: DateRange,
}

/// Offers by what they do right now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OfferCounts {
    pub active: u64,
    pub scheduled: u64,
    /// Budget or maximum used up, and not over.
    pub exhausted: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CountFigure {
    /// Of the range.
    pub total: i64,
    /// In percent, between the ranges of `compared`; null where there was nothing before.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub change: Option<f64>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MoneyFigure {
    /// ISO 4217.
    pub currency: String,
    /// Discount given in the range.
    pub total: Money,
    /// In percent, between the ranges of `compared`; null where there was nothing before.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub change: Option<f64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DayCount {
    pub date: NaiveDate,
    pub redemptions: i64,
}

/// As much of an offer as names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OfferName {
    pub id: i64,
    pub code: String,
    pub name: String,
    pub state: OfferState,
    pub currency: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TopOffer {
    pub offer: OfferName,
    pub redemptions: CountFigure,
    /// In the range, in the offer's currency.
    pub discount_given: Money,
}

/// Why somebody should look at an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum AttentionReason {
    /// The budget is used up, and the offer is not over.
    BudgetExhausted,
    /// Redeemed as often as it may be, and not over.
    RedemptionsExhausted,
    /// Budget or maximum will be used up by `date`, at most 7 days from today, more likely than not.
    RunsOut,
    /// `date` is the last day, at most 3 days from today.
    Ends,
    /// At least 20 customers were refused in the last 7 days, and at least a fifth of all who asked.
    TurnedAway,
    /// Less than half of what was forecast for the days since `date`, and at least 20 redemptions less.
    BelowForecast,
    /// More than one and a half times what was forecast for the days since `date`, and at least 20 redemptions more.
    AboveForecast,
}

/// An offer that calls for attention. A field that does not belong to its reason is absent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Attention {
    pub offer: OfferName,
    pub reason: AttentionReason,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub date: Option<NaiveDate>,
    /// Of `runs_out`: what will be used up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub limit: Option<Limit>,
    /// How many days `expected` and `redemptions` are of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub days: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub expected: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub redemptions: Option<i64>,
    /// Of `turned_away`: how many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub refusals: Option<i64>,
    /// What they would have been given, in the offer's currency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub discount_not_given: Option<Money>,
}
