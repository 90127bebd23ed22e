use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

#[cfg(feature = "openapi")]
use crate::DiscountType;
use crate::offer::present;
use crate::{Money, Offer, scalar};

/// Answer of `GET /api/offers/{offer}/dashboard`. All parts come from one snapshot of the database.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Dashboard {
    pub offer: Offer,
    /// The moment of reading, with the offset of the offer's zone. Its day is "today": unfinished.
    pub as_of: DateTime<FixedOffset>,
    pub range: DateRange,
    pub kpis: Kpis,
    /// Every day of the range, zeros included.
    pub daily: Vec<DailyPoint>,
    /// Running totals from the first day of the offer to the end of the range.
    pub cumulative: Vec<CumulativePoint>,
    pub budget: BudgetUse,
    /// Mean of the last 7 days, trailing, for every day of the range.
    pub moving_average: Vec<TrendPoint>,
    pub forecast: Forecast,
    /// Whatever the range: with the offer and today (the day of `as_of`) all that the forecast was made from.
    pub history: History,
    /// Customers who were turned away, every day of the range, zeros included.
    pub refusals: Vec<DayRefusals>,
    /// The same over the range, and why.
    pub unmet: UnmetDemand,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DayRefusals {
    pub date: NaiveDate,
    pub refusals: i64,
}

/// Customers who asked to redeem and were refused by a rule. One who tried again under the same key counts once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UnmetDemand {
    pub refusals: i64,
    /// What they would have been given had there been no limit.
    pub discount_not_given: Money,
    /// The most frequent first.
    pub reasons: Vec<UnmetReason>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UnmetReason {
    /// The code of the refusal, such as `budget_exhausted`.
    pub reason: String,
    pub refusals: i64,
    pub discount_not_given: Money,
}

/// One entry a day, gaps as 0: from the first redemption on, at most two years back, up to today, which is
/// not over. Empty before the first redemption.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct History {
    /// Null before the first redemption.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub first_day: Option<NaiveDate>,
    pub redemptions: Vec<i64>,
    pub discount_given: Vec<Money>,
}

/// Days in the offer's zone, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DateRange {
    pub from: NaiveDate,
    pub to: NaiveDate,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Kpis {
    pub total_redemptions: i64,
    pub total_discount_given: Money,
    /// Null without a budget.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub remaining_budget: Option<Money>,
    /// Redemptions / max_redemptions in percent; null without a maximum.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub redemption_rate: Option<f64>,
    /// Redemptions / days from start_date to today or end_date, whichever is earlier.
    pub average_daily_redemptions: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DailyPoint {
    pub date: NaiveDate,
    pub redemptions: i64,
    pub discount_given: Money,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CumulativePoint {
    pub date: NaiveDate,
    /// Redemptions up to and including this day.
    pub redemptions: i64,
    /// Discount given up to and including this day.
    pub discount_given: Money,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BudgetUse {
    /// Null without a budget.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub total: Option<Money>,
    pub spent: Money,
    /// By reservations: neither spent nor remaining.
    #[serde(default)]
    pub held: Money,
    /// Null without a budget.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub remaining: Option<Money>,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TrendPoint {
    pub date: NaiveDate,
    pub value: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ForecastSource {
    /// Stored by the ComputeOfferForecast job.
    Cached,
    /// Computed for this answer, because no current one was stored; a job is under way.
    Computed,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Forecast {
    pub source: ForecastSource,
    /// e.g. `auto`.
    pub model: String,
    /// Another number says that the same history gives other figures than before.
    pub model_version: u32,
    /// What the sample paths were drawn with: the same facts and seed give the same figures.
    pub seed: u64,
    pub computed_at: DateTime<Utc>,
    /// Days ahead.
    pub horizon: u32,
    /// One a day, from today (the first day that is not finished) on.
    pub points: Vec<ForecastPoint>,
    /// All days of the horizon together. Its bands are those of whole futures, not the sums of daily bands.
    pub total: ForecastTotal,
    /// Null when the offer has neither a maximum nor a budget that can be told to be reached.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub run_out: Option<RunOut>,
    /// How good earlier forecasts of this offer were; null before the first of them is over.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub accuracy: Option<ForecastAccuracy>,
}

/// The last forecasts of an offer whose days are all over, beside what came: the first one of each day, at most
/// 30. Percentages are null where nothing came.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ForecastAccuracy {
    pub forecasts: u32,
    /// Errors of their totals, whatever the sign, in percent of what came.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub total_off_percent: Option<f64>,
    /// The same of the 7-day moving average for the same days.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub moving_average_off_percent: Option<f64>,
    /// Share of the days that lay inside of their 80 % band.
    pub days_within_80_percent: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ForecastPoint {
    pub date: NaiveDate,
    /// Expected redemptions of the day.
    pub redemptions: f64,
    pub lower_80: f64,
    pub upper_80: f64,
    pub lower_95: f64,
    pub upper_95: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ForecastTotal {
    /// Expected redemptions of all days.
    pub redemptions: f64,
    pub lower_80: f64,
    pub upper_80: f64,
    pub lower_95: f64,
    pub upper_95: f64,
}

/// When the budget or the maximum is used up: on which day nothing is left to redeem.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RunOut {
    /// From 0 to 1: that it happens up to the end date, within two years at most.
    pub probability: f64,
    /// What is used up first, most likely; null where nothing is in any likely future.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub limit: Option<Limit>,
    /// As likely before as after; null: more likely not at all up to the end date.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub median: Option<NaiveDate>,
    /// The days, both included, that hold the date with 80 % certainty; null: not up to the end date.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub earliest_80: Option<NaiveDate>,
    #[cfg_attr(feature = "openapi", schema(required))]
    pub latest_80: Option<NaiveDate>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    Budget,
    MaxRedemptions,
}

/// Body of `POST /api/offers/{offer}/forecast/what-if`: terms that the offer might have instead. What is left
/// out stays as it is; the rules are those of an edit.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct WhatIfInput {
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = DiscountType, required = false))]
    pub discount_type: Option<Option<String>>,
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Money, required = false))]
    pub discount_value: Option<Option<Money>>,
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, required = false, format = Date, pattern = "^2[01][0-9]{2}-[0-9]{2}-[0-9]{2}$"))]
    pub end_date: Option<Option<String>>,
    /// Null takes the limit away.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Money>, required = false))]
    pub budget: Option<Option<Money>>,
    /// Null takes the limit away.
    #[serde(deserialize_with = "scalar::present_whole", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<i64>, required = false, minimum = 1, maximum = 1000000000000i64))]
    pub max_redemptions: Option<Option<i64>>,
}
