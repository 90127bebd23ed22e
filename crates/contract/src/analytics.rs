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
    /// When the data was read, with the UTC offset of the offer's time zone. The date part is today, an unfinished day.
    pub as_of: DateTime<FixedOffset>,
    /// The days that `daily`, `moving_average`, `refusals` and `unmet` cover.
    pub range: DateRange,
    /// Key figures of the whole offer.
    pub kpis: Kpis,
    /// One entry for each day of the range, including days without redemptions.
    pub daily: Vec<DailyPoint>,
    /// Running totals from the first day of the offer to the last day of the range.
    pub cumulative: Vec<CumulativePoint>,
    /// How much of the budget is used.
    pub budget: BudgetUse,
    /// The 7-day trailing mean of redemptions, one entry for each day of the range.
    pub moving_average: Vec<TrendPoint>,
    /// The forecast of the next 14 days.
    pub forecast: Forecast,
    /// The daily redemptions on which the forecast is based. Independent of the range.
    pub history: History,
    /// Declined redemptions, one entry for each day of the range.
    pub refusals: Vec<DayRefusals>,
    /// Declined redemptions in the range, by reason.
    pub unmet: UnmetDemand,
}

/// Declined redemptions on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DayRefusals {
    /// The day in the offer's time zone.
    pub date: NaiveDate,
    /// Number of declined redemptions.
    pub refusals: i64,
}

/// Redemptions that the offer's rules declined. Retries with the same Idempotency-Key count once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UnmetDemand {
    /// Number of declined redemptions.
    pub refusals: i64,
    /// The discount that these orders would have received without limits.
    pub discount_not_given: Money,
    /// The same figures by reason, the most frequent first.
    pub reasons: Vec<UnmetReason>,
}

/// Redemptions that were declined for one reason.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UnmetReason {
    /// The error code of the reason, such as `budget_exhausted`.
    pub reason: String,
    /// Number of declined redemptions.
    pub refusals: i64,
    /// The discount that these orders would have received without limits.
    pub discount_not_given: Money,
}

/// Daily redemptions from the first redemption to today, at most two years back. The last entry is today, an unfinished
/// day. Empty if the offer has no redemptions.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct History {
    /// The day of the first entry. Null if the offer has no redemptions.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub first_day: Option<NaiveDate>,
    /// Number of redemptions, one entry for each day.
    pub redemptions: Vec<i64>,
    /// Discount given, one entry for each day.
    pub discount_given: Vec<Money>,
}

/// A range of days in the offer's time zone. Both ends are inclusive.
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
    /// Number of redemptions, without reversed ones.
    pub total_redemptions: i64,
    /// Discount given by these redemptions.
    pub total_discount_given: Money,
    /// The remaining budget. Null if the offer has no budget.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub remaining_budget: Option<Money>,
    /// Redemptions as a percentage of `max_redemptions`. Null if the offer has no maximum.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub redemption_rate: Option<f64>,
    /// Redemptions divided by the number of days from `start_date` to today or `end_date`, whichever is earlier.
    pub average_daily_redemptions: f64,
}

/// The figures of one day.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DailyPoint {
    /// The day in the offer's time zone.
    pub date: NaiveDate,
    /// Number of redemptions on this day.
    pub redemptions: i64,
    /// Discount given on this day.
    pub discount_given: Money,
}

/// Running totals at the end of one day.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CumulativePoint {
    /// The day in the offer's time zone.
    pub date: NaiveDate,
    /// Number of redemptions up to and including this day.
    pub redemptions: i64,
    /// Discount given up to and including this day.
    pub discount_given: Money,
}

/// How much of the budget is used.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BudgetUse {
    /// The budget. Null if the offer has no budget.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub total: Option<Money>,
    /// Discount given.
    pub spent: Money,
    /// Discount held by open reservations. It is part of neither `spent` nor `remaining`.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(required))]
    pub held: Money,
    /// The remaining budget. Null if the offer has no budget.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub remaining: Option<Money>,
}

/// The value of one day.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TrendPoint {
    /// The day in the offer's time zone.
    pub date: NaiveDate,
    /// The value.
    pub value: f64,
}

/// Where a forecast comes from: `cached` was stored by the forecast job; `computed` was computed for this response
/// because no current forecast was stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ForecastSource {
    /// Stored by the ComputeOfferForecast job.
    Cached,
    /// Computed for this response, because no current forecast was stored.
    Computed,
}

/// A forecast of an offer's redemptions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Forecast {
    /// Whether the forecast was stored or computed for this response.
    pub source: ForecastSource,
    /// Name of the model, such as `auto`.
    pub model: String,
    /// Version of the model. Different versions may give different figures for the same history.
    pub model_version: u32,
    /// Seed of the random numbers. The same history and seed give the same figures.
    pub seed: u64,
    /// When the forecast was computed.
    pub computed_at: DateTime<Utc>,
    /// Number of days in the forecast.
    pub horizon: u32,
    /// One entry for each day. The first one is today, an unfinished day.
    pub points: Vec<ForecastPoint>,
    /// The sum over all days. Its bands are computed for the sum; adding up the daily bands gives wrong figures.
    pub total: ForecastTotal,
    /// When the budget or the maximum will be used up. Null if the offer has neither, or if it cannot be estimated.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub run_out: Option<RunOut>,
    /// How accurate earlier forecasts of this offer were. Null until all days of the first forecast are over.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub accuracy: Option<ForecastAccuracy>,
}

/// How accurate the latest forecasts of an offer were. Compares the first forecast of each day, at most 30 of them,
/// with actual redemptions. The two error percentages are null if there were no redemptions.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ForecastAccuracy {
    /// Number of forecasts compared.
    pub forecasts: u32,
    /// Mean absolute error of the forecast totals, as a percentage of actual redemptions.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub total_off_percent: Option<f64>,
    /// The same error for a 7-day moving average.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub moving_average_off_percent: Option<f64>,
    /// Percentage of days on which redemptions were within the 80 % band.
    pub days_within_80_percent: f64,
}

/// The forecast of one day.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ForecastPoint {
    /// The day in the offer's time zone.
    pub date: NaiveDate,
    /// Expected redemptions on this day.
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

/// The forecast for the sum of all days.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ForecastTotal {
    /// Expected redemptions on all days.
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
    /// Probability, from 0 to 1, that a limit is used up by the end date, looking at most two years ahead.
    pub probability: f64,
    /// The limit that is most likely to be reached first. Null if no simulated outcome reaches a limit.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub limit: Option<Limit>,
    /// The day by which a limit is used up with a probability of 50 %. Null if the probability by the end date is
    /// lower.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub median: Option<NaiveDate>,
    /// First day of the range that contains the run-out date with a probability of 80 %. Null if it is after the end
    /// date.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub earliest_80: Option<NaiveDate>,
    /// Last day of that range. Null if it is after the end date.
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

/// The terms to forecast with. An omitted field keeps the offer's current value. Values are validated as in an edit.
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
