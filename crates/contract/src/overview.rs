use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::{DateRange, Limit, Money, OfferState};

/// The figures of all offers, read from one snapshot of the database. Days are in each offer's own time zone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Overview {
    /// When the data was read.
    pub as_of: DateTime<Utc>,
    /// The days that the figures cover.
    pub range: DateRange,
    /// The days that `change` compares. Null if no day of the range is finished.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub compared: Option<ComparedRanges>,
    /// Number of offers by state.
    pub offers: OfferCounts,
    /// Redemptions in the range.
    pub redemptions: CountFigure,
    /// Discount given in the range: one entry for each currency, the currency with the most redemptions first.
    pub discounts: Vec<MoneyFigure>,
    /// Redemptions per day, one entry for each day of the range.
    pub daily: Vec<DayCount>,
    /// The offers with the most redemptions in the range, at most 10.
    pub top_offers: Vec<TopOffer>,
    /// Offers that need attention, the most urgent first, at most 50.
    pub attention: Vec<Attention>,
    /// Number of all offers that need attention, including those not listed in `attention`.
    pub attention_total: u64,
}

/// The two ranges that `change` compares: the finished days of the range, and the same number of days right before the
/// range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ComparedRanges {
    /// The finished days of the range.
    pub now: DateRange,
    /// The days before the range.
    pub before: DateRange,
}

/// Number of offers by state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OfferCounts {
    /// Offers that can be redeemed now.
    pub active: u64,
    /// Offers that have not started.
    pub scheduled: u64,
    /// Offers that have not ended and whose budget or maximum is used up.
    pub exhausted: u64,
}

/// A number and its change.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CountFigure {
    /// The number in the range.
    pub total: i64,
    /// Change between the two ranges of `compared`, in percent. Null if the earlier figure is 0.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub change: Option<f64>,
}

/// An amount and its change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MoneyFigure {
    /// The currency, as an ISO 4217 code.
    pub currency: String,
    /// Discount given in the range.
    pub total: Money,
    /// Change between the two ranges of `compared`, in percent. Null if the earlier figure is 0.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub change: Option<f64>,
}

/// Redemptions on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DayCount {
    /// The day, in each offer's own time zone.
    pub date: NaiveDate,
    /// Number of redemptions on this day.
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

/// One of the offers with the most redemptions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TopOffer {
    /// The offer.
    pub offer: OfferName,
    /// Redemptions in the range.
    pub redemptions: CountFigure,
    /// Discount given in the range, in the offer's currency.
    pub discount_given: Money,
}

/// Why an offer needs attention. `budget_exhausted`, `redemptions_exhausted`: the limit is used up before the end of
/// the offer. `runs_out`: a limit will probably be used up by `date`. `ends`: `date` is the last day. `turned_away`:
/// many redemptions were declined. `below_forecast`, `above_forecast`: redemptions since `date` differ from the
/// forecast.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum AttentionReason {
    /// The budget is used up, and the offer has not ended.
    BudgetExhausted,
    /// The maximum number of redemptions is reached, and the offer has not ended.
    RedemptionsExhausted,
    /// The budget or the maximum will more likely than not be used up by `date`, at most 7 days from today.
    RunsOut,
    /// `date` is the last day, at most 3 days from today.
    Ends,
    /// At least 20 redemptions were declined in the last 7 days, and at least a fifth of all attempts.
    TurnedAway,
    /// The `days` days from `date` had less than half of the forecast redemptions, and at least 20 fewer.
    BelowForecast,
    /// The `days` days from `date` had more than 1.5 times the forecast redemptions, and at least 20 more.
    AboveForecast,
}

/// An offer that needs attention. Fields that do not apply to the reason are absent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Attention {
    /// The offer.
    pub offer: OfferName,
    /// Why it needs attention.
    pub reason: AttentionReason,
    /// The day by which the limit will be used up, the last day of the offer, or the first day of the forecast.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub date: Option<NaiveDate>,
    /// The limit that will be used up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub limit: Option<Limit>,
    /// Number of days that `expected` and `redemptions` cover.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub days: Option<i64>,
    /// Forecast number of redemptions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub expected: Option<f64>,
    /// Actual number of redemptions. For `turned_away`, of the last 7 days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub redemptions: Option<i64>,
    /// Number of redemptions declined in the last 7 days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub refusals: Option<i64>,
    /// The discount that the declined orders would have received, in the offer's currency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub discount_not_given: Option<Money>,
}
