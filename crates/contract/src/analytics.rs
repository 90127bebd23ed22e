use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

#[cfg(feature = "openapi")]
use crate::DiscountType;
use crate::offer::present;
use crate::{Money, Offer, scalar};

/// Everything on the dashboard of an offer, read from one snapshot of the database.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Dashboard {
    /// The offer.
    pub offer: Offer,
    /// The moment of reading, with the offset of the offer's time zone. Its day is today, which is not finished.
    pub as_of: DateTime<FixedOffset>,
    /// The days that `daily`, `moving_average`, `refusals` and `unmet` are about.
    pub range: DateRange,
    /// Key figures of the whole offer.
    pub kpis: Kpis,
    /// One entry for each day of the range, also for days without redemptions.
    pub daily: Vec<DailyPoint>,
    /// Running totals from the first day of the offer to the last day of the range.
    pub cumulative: Vec<CumulativePoint>,
    /// How much of the budget is used.
    pub budget: BudgetUse,
    /// The mean of the last 7 days, for each day of the range.
    pub moving_average: Vec<TrendPoint>,
    /// The next 14 days.
    pub forecast: Forecast,
    /// The redemptions by day that the forecast was made from, whatever the range.
    pub history: History,
    /// Refused redemptions by day, one entry for each day of the range.
    pub refusals: Vec<DayRefusals>,
    /// Refused redemptions of the range by reason.
    pub unmet: UnmetDemand,
}

/// Refused redemptions of one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DayRefusals {
    /// The day in the offer's time zone.
    pub date: NaiveDate,
    /// Redemptions that were refused.
    pub refusals: i64,
}

/// Redemptions that the rules refused. A retry with the same Idempotency-Key counts once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UnmetDemand {
    /// Redemptions that were refused.
    pub refusals: i64,
    /// The discount that these orders would have got without limits.
    pub discount_not_given: Money,
    /// The same by reason, the most frequent first.
    pub reasons: Vec<UnmetReason>,
}

/// Redemptions that were refused for one reason.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UnmetReason {
    /// The code of the refusal, such as `budget_exhausted`.
    pub reason: String,
    /// Redemptions that were refused.
    pub refusals: i64,
    /// The discount that these orders would have got without limits.
    pub discount_not_given: Money,
}

/// Redemptions by day from the first redemption to today, at most two years back. Today is not finished. Empty before
/// the first redemption.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct History {
    /// The day of the first entry. Null before the first redemption.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub first_day: Option<NaiveDate>,
    /// Redemptions, one entry for each day.
    pub redemptions: Vec<i64>,
    /// Discount given, one entry for each day.
    pub discount_given: Vec<Money>,
}

/// Days in the offer's time zone. Both ends are included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DateRange {
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
}

/// Key figures of an offer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Kpis {
    /// Redemptions that have not been reversed.
    pub total_redemptions: i64,
    /// Discount given by these redemptions.
    pub total_discount_given: Money,
    /// What remains of the budget. Null without a budget.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub remaining_budget: Option<Money>,
    /// Redemptions as a percentage of `max_redemptions`. Null without a maximum.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub redemption_rate: Option<f64>,
    /// Redemptions divided by the days from `start_date` to today or `end_date`, whichever is earlier.
    pub average_daily_redemptions: f64,
}

/// Figures of one day.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DailyPoint {
    /// The day in the offer's time zone.
    pub date: NaiveDate,
    /// Redemptions of the day.
    pub redemptions: i64,
    /// Discount given on the day.
    pub discount_given: Money,
}

/// Totals up to the end of one day.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CumulativePoint {
    /// The day in the offer's time zone.
    pub date: NaiveDate,
    /// Redemptions up to and including this day.
    pub redemptions: i64,
    /// Discount given up to and including this day.
    pub discount_given: Money,
}

/// How much of the budget is used.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BudgetUse {
    /// The budget. Null without a budget.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub total: Option<Money>,
    /// Discount given.
    pub spent: Money,
    /// Discount held by open reservations, which is neither spent nor remaining.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(required))]
    pub held: Money,
    /// What remains of the budget. Null without a budget.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub remaining: Option<Money>,
}

/// A value of one day.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TrendPoint {
    /// The day in the offer's time zone.
    pub date: NaiveDate,
    /// The value.
    pub value: f64,
}

/// Where a forecast comes from: `cached` was stored by the forecast job; `computed` was made for this answer because
/// no current one was stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ForecastSource {
    /// Stored by the ComputeOfferForecast job.
    Cached,
    /// Computed for this answer, because no current one was stored; a job is under way.
    Computed,
}

/// A forecast of the redemptions of an offer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Forecast {
    /// Whether the forecast was stored or made for this answer.
    pub source: ForecastSource,
    /// Name of the model, such as `auto`.
    pub model: String,
    /// Version of the model. Another version may give other figures for the same history.
    pub model_version: u32,
    /// The seed of the random numbers. The same history and seed give the same figures.
    pub seed: u64,
    /// When the forecast was made.
    pub computed_at: DateTime<Utc>,
    /// Number of days ahead.
    pub horizon: u32,
    /// One entry for each day. The first is today, which is not finished.
    pub points: Vec<ForecastPoint>,
    /// All days together. Its bands are those of the sum, not the sums of the daily bands.
    pub total: ForecastTotal,
    /// When the budget or the maximum is used up. Null if the offer has neither, or if it cannot be told.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub run_out: Option<RunOut>,
    /// How good earlier forecasts of this offer were. Null until the days of the first forecast are over.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub accuracy: Option<ForecastAccuracy>,
}

/// How good the last forecasts of an offer were: the first forecast of each day, 30 at most. Percentages are null if
/// nothing was redeemed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ForecastAccuracy {
    /// Number of forecasts that were compared.
    pub forecasts: u32,
    /// Mean absolute error of their totals, as a percentage of what was redeemed.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub total_off_percent: Option<f64>,
    /// The same for a 7-day moving average.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub moving_average_off_percent: Option<f64>,
    /// Percentage of days within their 80 % band.
    pub days_within_80_percent: f64,
}

/// The forecast of one day.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ForecastPoint {
    /// The day in the offer's time zone.
    pub date: NaiveDate,
    /// Expected redemptions of the day.
    pub redemptions: f64,
    /// Lower end of the 80 % band.
    pub lower_80: f64,
    /// Upper end of the 80 % band.
    pub upper_80: f64,
    /// Lower end of the 95 % band.
    pub lower_95: f64,
    /// Upper end of the 95 % band.
    pub upper_95: f64,
}

/// The forecast of all days together.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ForecastTotal {
    /// Expected redemptions of all days.
    pub redemptions: f64,
    /// Lower end of the 80 % band.
    pub lower_80: f64,
    /// Upper end of the 80 % band.
    pub upper_80: f64,
    /// Lower end of the 95 % band.
    pub lower_95: f64,
    /// Upper end of the 95 % band.
    pub upper_95: f64,
}

/// When the budget or the maximum will be used up.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RunOut {
    /// Probability, from 0 to 1, that it happens up to the end date, and within two years at most.
    pub probability: f64,
    /// The limit that is most likely reached first. Null if none is in any likely case.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub limit: Option<Limit>,
    /// The day up to which it happens with a probability of 50 %. Null if it is less likely than that up to the end
    /// date.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub median: Option<NaiveDate>,
    /// First day of the period in which it happens with a probability of 80 %. Null if not up to the end date.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub earliest_80: Option<NaiveDate>,
    /// Last day of that period. Null if not up to the end date.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub latest_80: Option<NaiveDate>,
}

/// A limit of an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    Budget,
    MaxRedemptions,
}

/// Terms that the offer might have instead. A field that is left out keeps its value; the rules are those of an edit.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct WhatIfInput {
    /// Whether the discount is a percentage or an amount.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = DiscountType, required = false))]
    pub discount_type: Option<Option<String>>,
    /// The percentage, or the amount in the offer's currency.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Money, required = false))]
    pub discount_value: Option<Option<Money>>,
    /// The last day on which the offer can be redeemed.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, required = false, format = Date, pattern = "^2[01][0-9]{2}-[0-9]{2}-[0-9]{2}$"))]
    pub end_date: Option<Option<String>>,
    /// The budget. Null removes it.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Money>, required = false))]
    pub budget: Option<Option<Money>>,
    /// The maximum number of redemptions. Null removes it.
    #[serde(default, deserialize_with = "scalar::present_whole", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<i64>, required = false, minimum = 1, maximum = 1000000000000i64))]
    pub max_redemptions: Option<Option<i64>>,
}
