use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::{Money, Offer};

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
    /// e.g. `moving_average_7`.
    pub model: String,
    pub computed_at: DateTime<Utc>,
    /// Days ahead.
    pub horizon: u32,
    /// One a day, from today (the first day that is not finished) on.
    pub points: Vec<ForecastPoint>,
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
