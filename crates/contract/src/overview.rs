use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::{DateRange, Limit, Money, OfferState};

/// The figures of all offers together, read from one snapshot of the database. A day is a day in the time zone of
/// each offer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Overview {
    /// The moment of reading.
    pub as_of: DateTime<Utc>,
    /// The days that the figures are about.
    pub range: DateRange,
    /// The days that changes compare. Null while no day of the range is finished.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub compared: Option<ComparedRanges>,
    /// Offers by their state.
    pub offers: OfferCounts,
    /// Redemptions of the range.
    pub redemptions: CountFigure,
    /// Discount given in the range: one entry for each currency, the most redeemed first.
    pub discounts: Vec<MoneyFigure>,
    /// Redemptions by day, one entry for each day of the range.
    pub daily: Vec<DayCount>,
    /// The offers with the most redemptions in the range, 10 at most.
    pub top_offers: Vec<TopOffer>,
    /// Offers that need attention, the most urgent first, 50 at most.
    pub attention: Vec<Attention>,
    /// Number of offers that need attention, including those beyond the first 50.
    pub attention_total: u64,
}

/// The finished days of the range, and as many days right before the range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ComparedRanges {
    /// The finished days of the range.
    pub now: DateRange,
    /// The days before the range.
    pub before: DateRange,
}

/// Offers by their state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OfferCounts {
    /// Offers that can be redeemed.
    pub active: u64,
    /// Offers that have not started.
    pub scheduled: u64,
    /// Offers whose budget or maximum is used up before their end.
    pub exhausted: u64,
}

/// A number and how it has changed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CountFigure {
    /// The number in the range.
    pub total: i64,
    /// Change between the ranges of `compared`, in percent. Null if there was nothing before.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub change: Option<f64>,
}

/// An amount and how it has changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MoneyFigure {
    /// The currency, as an ISO 4217 code.
    pub currency: String,
    /// Discount given in the range.
    pub total: Money,
    /// Change between the ranges of `compared`, in percent. Null if there was nothing before.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub change: Option<f64>,
}

/// Redemptions of one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DayCount {
    /// The day, in the time zone of each offer.
    pub date: NaiveDate,
    /// Redemptions of the day.
    pub redemptions: i64,
}

/// The fields of an offer that identify it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OfferName {
    /// The id.
    pub id: i64,
    /// The code.
    pub code: String,
    /// The name.
    pub name: String,
    /// Whether the offer can be redeemed right now, and if not, why.
    pub state: OfferState,
    /// The currency, as an ISO 4217 code.
    pub currency: String,
}

/// An offer with many redemptions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TopOffer {
    /// The offer.
    pub offer: OfferName,
    /// Redemptions of the range.
    pub redemptions: CountFigure,
    /// Discount given in the range, in the offer's currency.
    pub discount_given: Money,
}

/// Why an offer needs attention. `budget_exhausted`, `redemptions_exhausted`: the limit is used up before the end of
/// the offer. `runs_out`: it probably will be by `date`. `ends`: `date` is the last day. `turned_away`: many
/// redemptions were refused. `below_forecast`, `above_forecast`: redemptions since `date` differ from the forecast.
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

/// An offer that needs attention. A field that does not belong to the reason is absent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Attention {
    /// The offer.
    pub offer: OfferName,
    /// Why it needs attention.
    pub reason: AttentionReason,
    /// The day on which the limit is used up, the last day of the offer, or the first day of the forecast.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub date: Option<NaiveDate>,
    /// The limit that will be used up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub limit: Option<Limit>,
    /// The number of days that `expected` and `redemptions` are about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub days: Option<i64>,
    /// Redemptions that were forecast.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub expected: Option<f64>,
    /// Redemptions of these days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub redemptions: Option<i64>,
    /// Redemptions that were refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub refusals: Option<i64>,
    /// The discount that the refused orders would have got, in the offer's currency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub discount_not_given: Option<Money>,
}
