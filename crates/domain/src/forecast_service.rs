use chrono::{Datelike, Days, NaiveDate};
use offercast_forecast::{Fitted, Model, Point, Series};
use rust_decimal::Decimal;

use crate::analytics::counts;
use crate::{Analytics, Day, Discount, OfferStatus, OfferTerms};

mod discount_estimate;
mod projection;
#[cfg(test)]
mod tests;
mod uncapped_discount;

use discount_estimate::DiscountEstimate;
use projection::{Limits, Projection};

/// Length of a forecast in days.
pub const HORIZON: usize = 14;
/// Number of days searched for the run-out date. Later dates are too uncertain to report.
pub const RUN_OUT_HORIZON: usize = 2 * 366;
/// Fixed, so that the server and the browser compute the same forecast from the same data.
const SEED: u64 = 1;

/// Forecasts the daily redemptions of an offer within the limits of its terms.
#[derive(Debug, Clone, Copy, Default)]
pub struct ForecastService {
    pub model: Model,
}

/// A forecast and the inputs it was made from.
#[derive(Debug, Clone, PartialEq)]
pub struct OfferForecast {
    pub model: Model,
    /// See [`Model::version`].
    pub model_version: u32,
    /// Seed of the sample paths.
    pub seed: u64,
    /// Days of history used.
    pub history_days: usize,
    /// The day of the first point: today, which is not finished.
    pub first_day: NaiveDate,
    pub points: Vec<ForecastDay>,
    /// The sum of the points. Its bands are computed from whole paths; they are not the sums of the daily bands.
    pub total: Point,
    /// `None` without a day of history, and for an offer that has neither a maximum nor a budget whose discounts can
    /// be estimated.
    pub run_out: Option<RunOut>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ForecastDay {
    pub date: NaiveDate,
    pub point: Point,
}

/// When the budget or the maximum runs out: the first day at whose end nothing is left to redeem.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RunOut {
    /// Probability that it runs out on or before the end date (or within [`RUN_OUT_HORIZON`]).
    pub probability: f64,
    /// The limit reached first in most of the paths that run out. `None` if no path does.
    pub limit: Option<Limit>,
    /// The day by which half of all paths have run out. `None` if fewer do so by the end date.
    pub median: Option<NaiveDate>,
    /// First and last day of the 80 % band. `None` means after the end date.
    pub earliest: Option<NaiveDate>,
    pub latest: Option<NaiveDate>,
}

/// A limit that an offer can reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    Budget,
    MaxRedemptions,
}

impl Limit {
    pub fn name(self) -> &'static str {
        match self {
            Limit::Budget => "budget",
            Limit::MaxRedemptions => "max_redemptions",
        }
    }

    pub fn parse(name: &str) -> Option<Limit> {
        [Limit::Budget, Limit::MaxRedemptions].into_iter().find(|limit| limit.name() == name)
    }
}

/// Hypothetical terms for a forecast. A field that is `None` keeps the offer's own value.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct WhatIf {
    /// `Some(None)` removes the budget.
    pub budget: Option<Option<Decimal>>,
    pub max_redemptions: Option<Option<i64>>,
    pub end_date: Option<NaiveDate>,
    /// Demand is assumed to stay the same: how customers react to another discount is not known.
    pub discount: Option<Discount>,
}

impl From<&OfferTerms> for WhatIf {
    fn from(terms: &OfferTerms) -> Self {
        WhatIf {
            budget: Some(terms.budget),
            max_redemptions: Some(terms.max_redemptions),
            end_date: Some(terms.end_date),
            discount: Some(terms.discount),
        }
    }
}

impl ForecastService {
    /// Forecasts the next [`HORIZON`] days, starting with today, and the day on which a limit is reached.
    pub fn forecast(self, analytics: &Analytics<'_>) -> OfferForecast {
        self.what_if(analytics, &WhatIf::default())
    }

    /// As [`ForecastService::forecast`], under hypothetical terms.
    pub fn what_if(self, analytics: &Analytics<'_>, what_if: &WhatIf) -> OfferForecast {
        let days = analytics.history();
        let (today, past) = days.split_last().unzip();
        let past: &[Day] = past.unwrap_or_default();
        let fitted = self.fit(past);
        let discounts = DiscountEstimate::of(analytics.offer, &days, what_if.discount);
        let limits = Limits::of(analytics, today, what_if, discounts);
        let projection = Projection::draw(&fitted, &limits, SEED);
        let points = projection.points(&fitted, &limits);
        OfferForecast {
            model: self.model,
            model_version: self.model.version(),
            seed: SEED,
            history_days: past.len(),
            first_day: analytics.today,
            total: projection.total(&points),
            points: analytics
                .today
                .iter_days()
                .zip(points)
                .map(|(date, point)| ForecastDay { date, point })
                .collect(),
            run_out: projection.run_out(analytics.today).filter(|_| limits.known && !past.is_empty()),
        }
    }

    fn fit(self, past: &[Day]) -> Fitted {
        let first_weekday = past.first().map_or(0, |day| day.date.weekday().num_days_from_monday() as usize);
        self.model.fit(Series { values: &counts(past), first_weekday })
    }
}

/// Returns the date `days` later, at most [`NaiveDate::MAX`].
fn after(date: NaiveDate, days: usize) -> NaiveDate {
    date.checked_add_days(Days::new(days as u64)).unwrap_or(NaiveDate::MAX)
}

/// Whether staff have left the offer active.
fn is_open(status: OfferStatus) -> bool {
    status == OfferStatus::Active
}
