//! How good forecasts were, by the usual measures.
//!
//! MASE (Hyndman, Koehler: Another look at measures of forecast accuracy, 2006), RMSSE (Makridakis,
//! Spiliotis, Assimakopoulos: The M5 competition, 2022) and the pinball loss of quantiles, each in units of
//! how much the history itself changes from week to week (RMSSE: from day to day). Forecasts of one series
//! are averaged first, then series with equal weight.

use crate::{Point, WEEK};

/// With fewer days the scale is that of the whole series.
const SHORTEST_HISTORY: usize = 28;

/// One forecast, and what it is held against.
#[derive(Debug, Clone, Copy)]
pub struct Task<'a> {
    /// The whole series, of which the first `known` days were known.
    pub series: &'a [f64],
    pub known: usize,
    pub points: &'a [Point],
    pub total: Point,
}

/// Measures of one forecast, of one series or of many.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Score {
    /// Mean absolute error, scaled.
    pub mase: f64,
    /// Root mean squared error, scaled.
    pub rmsse: f64,
    /// Error of the total over the total.
    pub total_error: f64,
    /// Forecast less actual total over the total.
    pub bias: f64,
    /// Mean pinball loss of the ends of the 80 % and of the 95 % band, scaled.
    pub pinball_80: f64,
    pub pinball_95: f64,
    /// Share of the days inside of the bands, and of the totals inside of theirs.
    pub covered_80: f64,
    pub covered_95: f64,
    pub total_covered_80: f64,
    pub total_covered_95: f64,
}

impl Score {
    /// The measures of one series: forecasts count alike, errors of totals are pooled. None without any.
    pub fn of_series(tasks: &[Task<'_>]) -> Option<Score> {
        let scores: Vec<Score> = tasks.iter().map(Task::score).collect();
        let mut score = Score::mean(&scores)?;
        let actual: f64 = tasks.iter().map(|task| task.actual().iter().sum::<f64>()).sum();
        let errors: Vec<f64> = tasks.iter().map(Task::error_of_total).collect();
        score.total_error = errors.iter().map(|error| error.abs()).sum::<f64>() / actual;
        score.bias = errors.iter().sum::<f64>() / actual;
        Some(score)
    }

    /// The mean of each measure; measures that are no number (a share of nothing) are left out.
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

    /// How much the history changes over `lag` days; of the whole series where the history is too short or
    /// never changes.
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
