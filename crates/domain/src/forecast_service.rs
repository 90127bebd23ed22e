use chrono::{Datelike, Days, NaiveDate};
use offercast_forecast::{Fitted, Model, Point, Series};
use rust_decimal::Decimal;

use crate::analytics::counts;
use crate::{Analytics, Day, Discount, OfferStatus, OfferTerms};

mod asked;
mod discounts;
mod projection;
#[cfg(test)]
mod tests;

use discounts::Discounts;
use projection::{Limits, Projection};

/// Days that a forecast looks ahead.
pub const HORIZON: usize = 14;
/// Days within which a date of running out is looked for; what is later than that, nobody knows.
pub const RUN_OUT_HORIZON: usize = 2 * 366;
/// The same facts give the same forecast, in the server and in the browser.
const SEED: u64 = 1;

/// What becomes of an offer: the forecast of its daily redemptions, within what its terms allow.
#[derive(Debug, Clone, Copy, Default)]
pub struct ForecastService {
    pub model: Model,
}

/// A forecast and what it was made from.
#[derive(Debug, Clone, PartialEq)]
pub struct OfferForecast {
    pub model: Model,
    /// See [`Model::version`].
    pub model_version: u32,
    /// What the sample paths were drawn with.
    pub seed: u64,
    /// Days of history that went in.
    pub history_days: usize,
    /// The day of the first point: the first one that is not finished.
    pub first_day: NaiveDate,
    pub points: Vec<ForecastDay>,
    /// The sum of the points. Its bands come from whole paths: they are not the sums of daily bands.
    pub total: Point,
    /// None when the offer has no limit that is known to be reachable: neither a budget (with a discount that
    /// can be told) nor a maximum, or no day of history.
    pub run_out: Option<RunOut>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ForecastDay {
    pub date: NaiveDate,
    pub point: Point,
}

/// When the budget or the maximum is used up: the first day that ends with nothing left to redeem.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RunOut {
    /// The probability of it up to the end date (or [`RUN_OUT_HORIZON`]), that day included.
    pub probability: f64,
    /// What is used up first in most of the futures that run out; None where none does.
    pub limit: Option<Limit>,
    /// Half of all futures have run out by this day; None: fewer do up to the end date.
    pub median: Option<NaiveDate>,
    /// The days, both included, that hold eight of ten futures; None: after the end date.
    pub earliest: Option<NaiveDate>,
    pub latest: Option<NaiveDate>,
}

/// What an offer can run out of.
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

/// Terms that an offer might have instead of its own. What is None stays as it is.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct WhatIf {
    /// Some(None): without a budget.
    pub budget: Option<Option<Decimal>>,
    pub max_redemptions: Option<Option<i64>>,
    pub end_date: Option<NaiveDate>,
    /// Redemptions are taken to come as often as before: what another discount does to them is not known.
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
    /// The next [`HORIZON`] days, today being the first, and the day on which a limit is reached.
    pub fn forecast(self, analytics: &Analytics<'_>) -> OfferForecast {
        self.what_if(analytics, &WhatIf::default())
    }

    /// The same under other terms.
    pub fn what_if(self, analytics: &Analytics<'_>, what_if: &WhatIf) -> OfferForecast {
        let days = analytics.history();
        let (today, past) = days.split_last().unzip();
        let past: &[Day] = past.unwrap_or_default();
        let fitted = self.fit(past);
        let discounts = Discounts::of(analytics.offer, &days, what_if.discount);
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

/// `days` after a date; the last date there is where there is none.
fn after(date: NaiveDate, days: usize) -> NaiveDate {
    date.checked_add_days(Days::new(days as u64)).unwrap_or(NaiveDate::MAX)
}

/// Whether anything is redeemed at all, as staff have it.
fn is_open(status: OfferStatus) -> bool {
    status == OfferStatus::Active
}
