//! Forecasts of daily counts: a model's mean, bands from the model's own past errors, and sample paths.
//!
//! A history is one value per day, oldest first, without gaps; values are finite and not negative. Forecasts are
//! finite and not negative too, and no mean is more than twice the largest value of the history.

mod auto;
mod back_test;
pub mod evaluation;
mod level;
mod moving_average;
mod normal;
mod paths;
mod series;
mod spread;
mod weekday;
mod weekly;

pub use moving_average::{moving_average, trailing_mean};
pub use normal::distribution as normal_distribution;
pub use paths::{Path, Paths, SplitMix};
pub use series::{LONGEST_HISTORY, Series};

use back_test::PastErrors;
use paths::Marginal;
use series::{Days, Past};
use spread::Spread;
use weekly::{Buffers, Week};

/// Days of a week.
pub const WEEK: usize = 7;

/// The largest mean, as a multiple of the largest value of the history.
const MOST_GROWTH: f64 = 2.0;

/// A forecast model. Its name is stored with each forecast.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Model {
    /// A mix of weekly forecasts, weighted by their accuracy on the series' own past. Handles pauses and bursts.
    #[default]
    Auto,
    /// Day h is the mean of the last 7 values of the history followed by the forecasts already made.
    MovingAverage7,
    /// The last value of the same weekday.
    SeasonalNaive7,
    /// The mean of the last 4 days of the same weekday.
    SameWeekdayMean4,
    /// An exponentially smoothed level times shrunk weekday factors.
    DowSes,
}

impl Model {
    pub const ALL: [Model; 5] =
        [Model::Auto, Model::MovingAverage7, Model::SeasonalNaive7, Model::SameWeekdayMean4, Model::DowSes];

    pub fn name(self) -> &'static str {
        match self {
            Model::Auto => "auto",
            Model::MovingAverage7 => "moving_average_7",
            Model::SeasonalNaive7 => "seasonal_naive_7",
            Model::SameWeekdayMean4 => "same_weekday_mean_4",
            Model::DowSes => "dow_ses",
        }
    }

    pub fn parse(name: &str) -> Option<Model> {
        Model::ALL.into_iter().find(|model| model.name() == name)
    }

    /// Stored with each forecast. It is increased whenever the same history gives different figures than before.
    pub fn version(self) -> u32 {
        match self {
            Model::Auto => 3,
            Model::MovingAverage7 | Model::SeasonalNaive7 | Model::SameWeekdayMean4 | Model::DowSes => 2,
        }
    }

    /// Fits the model to a history, which may be empty.
    pub fn fit(self, series: Series<'_>) -> Fitted {
        match self {
            Model::Auto => {
                let days = Days::new(series).without_pauses();
                let (week, errors) = auto::fit(&days);
                Fitted::new(self, &days, Means::Week(week), &errors)
            }
            Model::MovingAverage7 => self.fit_simply(series, |past| {
                Means::MovingAverage(past.values[past.values.len().saturating_sub(WEEK)..].to_vec())
            }),
            Model::SeasonalNaive7 => {
                self.fit_simply(series, |past| Means::Week(weekly::seasonal_naive(past)))
            }
            Model::SameWeekdayMean4 => {
                self.fit_simply(series, |past| Means::Week(weekly::same_weekday_mean_4(past)))
            }
            Model::DowSes => {
                let mut buffers = Buffers::default();
                self.fit_simply(series, |past| {
                    Means::Week(weekly::level_and_factors(past, &weekly::DOW_SES, &mut buffers))
                })
            }
        }
    }

    fn fit_simply(self, series: Series<'_>, mut means: impl FnMut(Past<'_>) -> Means) -> Fitted {
        let days = Days::new(series);
        let errors = PastErrors::collect(&days.values, |origin, ahead| {
            let past = days.past().up_to(origin);
            means(past).ahead(past.next_weekday, ahead)
        });
        Fitted::new(self, &days, means(days.past()), &errors)
    }
}

/// The expected values of a model, for any number of days ahead.
#[derive(Debug, Clone)]
enum Means {
    Week(Week),
    /// The last values of the history.
    MovingAverage(Vec<f64>),
}

impl Means {
    fn ahead(&self, next_weekday: usize, horizon: usize) -> Vec<f64> {
        match self {
            Means::Week(week) => (0..horizon).map(|day| week[(next_weekday + day) % WEEK]).collect(),
            Means::MovingAverage(last) => moving_average(last, WEEK, horizon),
        }
    }
}

/// A model fitted to a history.
#[derive(Debug, Clone)]
pub struct Fitted {
    model: Model,
    means: Means,
    next_weekday: usize,
    /// No mean is above this.
    most: f64,
    spread: Spread,
}

impl Fitted {
    fn new(model: Model, days: &Days, means: Means, errors: &PastErrors) -> Fitted {
        let most = MOST_GROWTH * days.values.iter().copied().fold(0.0, f64::max);
        let week = means.ahead(days.next_weekday, WEEK);
        let mean = week.iter().sum::<f64>() / WEEK as f64;
        let spread = Spread::new(errors, mean, days.values.len());
        Fitted { model, means, next_weekday: days.next_weekday, most, spread }
    }

    pub fn model(&self) -> Model {
        self.model
    }

    /// The expected value of each of the next `horizon` days.
    pub fn mean(&self, horizon: usize) -> Vec<f64> {
        let means = self.means.ahead(self.next_weekday, horizon);
        means.into_iter().map(|mean| mean.clamp(0.0, self.most)).collect()
    }

    /// The next `horizon` days with a band for each day.
    pub fn points(&self, horizon: usize) -> Vec<Point> {
        let quantile = |mean, level| self.spread.quantile(mean, level);
        let point = |mean| Point::new(mean, |level| quantile(mean, level));
        let means = self.mean(horizon);
        let mut points: Vec<Point> = Vec::with_capacity(horizon);
        for (day, &mean) in means.iter().enumerate() {
            // Most models forecast the same mean a week later, so its bands can be copied.
            let known = day.checked_sub(WEEK).map(|day| points[day]).filter(|known| known.mean == mean);
            points.push(known.unwrap_or_else(|| point(mean)));
        }
        points
    }

    /// The sum of the next `horizon` days with bands, from `count` sample paths.
    pub fn total(&self, horizon: usize, count: usize, seed: u64) -> Point {
        let mut totals = self.paths(horizon, count, seed).totals();
        totals.sort_unstable_by(f64::total_cmp);
        Point::of_sample(self.mean(horizon).iter().sum(), &totals)
    }

    /// `count` possible futures of `horizon` days.
    pub fn paths(&self, horizon: usize, count: usize, seed: u64) -> Paths {
        let means = self.mean(horizon);
        let mut distinct: Vec<f64> = Vec::with_capacity(WEEK);
        let mut days: Vec<usize> = Vec::with_capacity(horizon);
        for (day, &mean) in means.iter().enumerate() {
            let same = (0..day).rev().take(WEEK).find(|other| close(means[*other], mean));
            days.push(same.map_or(distinct.len(), |other| days[other]));
            if same.is_none() {
                distinct.push(mean);
            }
        }
        let marginals = self.spread.tables(&distinct).into_iter().map(|table| self.marginal(table)).collect();
        let freedom = self.spread.freedom();
        Paths { marginals, days, freedom, count, drawn: 0, random: SplitMix::new(seed) }
    }

    #[expect(clippy::cast_possible_truncation, reason = "weights of scores")]
    fn marginal(&self, table: Vec<f32>) -> Marginal {
        let common = self.spread.common_score(&table);
        Marginal { table, common: common.sqrt() as f32, own: (1.0 - common).sqrt() as f32 }
    }
}

/// Whether two means are close enough for their days to share one table.
fn close(one: f64, other: f64) -> bool {
    (one - other).abs() <= 1e-4 * one.max(other)
}

/// The forecast of one day, or of the sum of several days.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    pub mean: f64,
    /// The band that should contain 80 % of the actual values.
    pub lower_80: f64,
    pub upper_80: f64,
    /// The band that should contain 95 % of the actual values.
    pub lower_95: f64,
    pub upper_95: f64,
}

impl Point {
    /// A day on which redemptions are impossible.
    pub const NOTHING: Point =
        Point { mean: 0.0, lower_80: 0.0, upper_80: 0.0, lower_95: 0.0, upper_95: 0.0 };

    /// Widens the bands to include the mean, which can lie outside the quantiles of a skewed distribution.
    fn new(mean: f64, quantile: impl Fn(f64) -> f64) -> Point {
        Point {
            mean,
            lower_80: quantile(0.1).min(mean),
            upper_80: quantile(0.9).max(mean),
            lower_95: quantile(0.025).min(mean),
            upper_95: quantile(0.975).max(mean),
        }
    }

    /// Takes the bands from a sorted sample.
    pub fn of_sample(mean: f64, sorted: &[f64]) -> Point {
        Point::new(mean, |level| rank(sorted, level))
    }
}

/// The quantile of a sorted sample at this level; 0 if the sample is empty.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "positions in the sample")]
fn rank(sorted: &[f64], level: f64) -> f64 {
    let position = (level * sorted.len() as f64) as usize;
    sorted.get(position.min(sorted.len().saturating_sub(1))).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests;
