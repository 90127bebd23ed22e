//! Standard measures of forecast accuracy.
//!
//! MASE (Hyndman, Koehler: Another look at measures of forecast accuracy, 2006), RMSSE (Makridakis,
//! Spiliotis, Assimakopoulos: The M5 competition, 2022) and the pinball loss of quantiles. Each is scaled by the mean
//! change of the history from week to week (RMSSE: from day to day). The forecasts of a series are averaged first, then
//! the series, with equal weight.

use crate::{Point, WEEK};

/// With fewer days of history, the scale is taken from the whole series.
const SHORTEST_HISTORY: usize = 28;

/// A forecast and the actual values to compare it with.
#[derive(Debug, Clone, Copy)]
pub struct Task<'a> {
    /// The whole series. The forecast was made from its first `known` days.
    pub series: &'a [f64],
    pub known: usize,
    pub points: &'a [Point],
    pub total: Point,
}

/// Measures of one forecast, one series or many series.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Score {
    /// Mean absolute error, scaled.
    pub mase: f64,
    /// Root mean squared error, scaled.
    pub rmsse: f64,
    /// Absolute error of the total, divided by the actual total.
    pub total_error: f64,
    /// Forecast minus actual total, divided by the actual total.
    pub bias: f64,
    /// Mean pinball loss of the bounds of the 80 % and of the 95 % band, scaled.
    pub pinball_80: f64,
    pub pinball_95: f64,
    /// Share of the days inside their bands, and of the totals inside theirs.
    pub covered_80: f64,
    pub covered_95: f64,
    pub total_covered_80: f64,
    pub total_covered_95: f64,
}

impl Score {
    /// The measures of one series. All forecasts have equal weight; the errors of totals are pooled. `None` without
    /// forecasts.
    pub fn of_series(tasks: &[Task<'_>]) -> Option<Score> {
        let scores: Vec<Score> = tasks.iter().map(Task::score).collect();
        let mut score = Score::mean(&scores)?;
        let actual: f64 = tasks.iter().map(|task| task.actual().iter().sum::<f64>()).sum();
        let errors: Vec<f64> = tasks.iter().map(Task::error_of_total).collect();
        score.total_error = errors.iter().map(|error| error.abs()).sum::<f64>() / actual;
        score.bias = errors.iter().sum::<f64>() / actual;
        Some(score)
    }

    /// The mean of each measure, without values that are not finite (divided by a total of 0). `None` without scores.
    pub fn mean(scores: &[Score]) -> Option<Score> {
        let mean = |measure: fn(&Score) -> f64| {
            let known = scores.iter().map(measure).filter(|value| value.is_finite());
            let (sum, count) = known.fold((0.0, 0u32), |(sum, count), value| (sum + value, count + 1));
            sum / f64::from(count)
        };
        (!scores.is_empty()).then(|| Score {
            mase: mean(|s| s.mase),
            rmsse: mean(|s| s.rmsse),
            total_error: mean(|s| s.total_error),
            bias: mean(|s| s.bias),
            pinball_80: mean(|s| s.pinball_80),
            pinball_95: mean(|s| s.pinball_95),
            covered_80: mean(|s| s.covered_80),
            covered_95: mean(|s| s.covered_95),
            total_covered_80: mean(|s| s.total_covered_80),
            total_covered_95: mean(|s| s.total_covered_95),
        })
    }
}

impl Task<'_> {
    fn actual(&self) -> &[f64] {
        let rest = &self.series[self.known.min(self.series.len())..];
        &rest[..rest.len().min(self.points.len())]
    }

    fn error_of_total(&self) -> f64 {
        self.points.iter().zip(self.actual()).map(|(point, actual)| point.mean - actual).sum()
    }

    fn score(&self) -> Score {
        let (weekly, daily) = (self.scale(WEEK, f64::abs), self.scale(1, |change| change * change));
        let over = |measure: &dyn Fn(&Point, f64) -> f64| {
            let days = self.points.iter().zip(self.actual());
            days.map(|(point, actual)| measure(point, *actual)).sum::<f64>() / self.actual().len() as f64
        };
        let total: f64 = self.actual().iter().sum();
        Score {
            mase: over(&|point, y| (point.mean - y).abs()) / weekly,
            rmsse: (over(&|point, y| (point.mean - y).powi(2)) / daily).sqrt(),
            total_error: self.error_of_total().abs() / total,
            bias: self.error_of_total() / total,
            pinball_80: over(&|p, y| pinball(p.lower_80, p.upper_80, 0.1, y)) / weekly,
            pinball_95: over(&|p, y| pinball(p.lower_95, p.upper_95, 0.025, y)) / weekly,
            covered_80: over(&|p, y| covered(p.lower_80, p.upper_80, y)),
            covered_95: over(&|p, y| covered(p.lower_95, p.upper_95, y)),
            total_covered_80: covered(self.total.lower_80, self.total.upper_80, total),
            total_covered_95: covered(self.total.lower_95, self.total.upper_95, total),
        }
    }

    /// The mean change of the history over `lag` days. If the history is too short or never changes: that of the whole
    /// series.
    fn scale(&self, lag: usize, measure: fn(f64) -> f64) -> f64 {
        let change = |values: &[f64]| {
            let pairs = values.iter().zip(values.iter().skip(lag));
            let changes: f64 = pairs.map(|(before, after)| measure(after - before)).sum();
            changes / values.len().saturating_sub(lag) as f64
        };
        let own = if self.known < SHORTEST_HISTORY { 0.0 } else { change(&self.series[..self.known]) };
        if own > 0.0 { own } else { change(self.series) }
    }
}

/// The mean loss of the quantiles at `level` and 1 - `level`.
fn pinball(lower: f64, upper: f64, level: f64, actual: f64) -> f64 {
    let loss = |quantile: f64, level: f64| {
        if actual >= quantile { level * (actual - quantile) } else { (1.0 - level) * (quantile - actual) }
    };
    f64::midpoint(loss(lower, level), loss(upper, 1.0 - level))
}

fn covered(lower: f64, upper: f64, actual: f64) -> f64 {
    f64::from(u8::from((lower - 1e-9..=upper + 1e-9).contains(&actual)))
}
