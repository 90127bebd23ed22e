//! Bands by conformal prediction (Vovk, Gammerman, Shafer: Algorithmic Learning in a Random World, 2005):
//! the model is run again at past origins, and the band is the quantile of the errors it made there.
//!
//! Counts spread with their size, so an error is measured in units of sqrt(forecast + 1/2); errors of
//! all horizons are pooled. The quantile level p is raised to p (1 + 1/n) for n errors, which makes the
//! coverage hold for finite n.

use crate::{Model, Point};

/// How far the back-test looks ahead, how many origins it takes, and from how many days back.
const HORIZON: usize = 14;
const ORIGINS: usize = 24;
const SPAN: usize = 84;
const SHORTEST_HISTORY: usize = 7;
/// With fewer errors than this their quantiles say nothing; those of the normal distribution stand in.
const FEWEST_ERRORS: usize = 5;
const NORMAL_80: f64 = 1.2816;
const NORMAL_95: f64 = 1.96;

/// The absolute errors that the model would have made in the last weeks, in units of [`spread`].
pub(crate) fn scaled_past_errors(model: Model, history: &[f64]) -> Vec<f64> {
    origins(history.len())
        .flat_map(|origin| {
            let horizon = HORIZON.min(history.len() - origin);
            let forecast = model.mean(&history[..origin], horizon);
            let actual = history[origin..].to_vec();
            forecast.into_iter().zip(actual).map(|(f, y)| (y - f).abs() / spread(f))
        })
        .collect()
}

/// Up to [`ORIGINS`] evenly spaced lengths of history to forecast from.
fn origins(days: usize) -> impl Iterator<Item = usize> {
    let first = SHORTEST_HISTORY.max(days.saturating_sub(1 + SPAN));
    let last = days.saturating_sub(1);
    let count = if last >= first { ORIGINS.min(last - first + 1) } else { 0 };
    (0..count).map(move |i| first + (last - first) * i / (count - 1).max(1))
}

pub(crate) fn bands(mean: &[f64], mut errors: Vec<f64>) -> Vec<Point> {
    errors.sort_by(f64::total_cmp);
    let (q80, q95) = if errors.len() < FEWEST_ERRORS {
        (NORMAL_80, NORMAL_95)
    } else {
        (quantile(&errors, 0.80), quantile(&errors, 0.95))
    };
    mean.iter().map(|&mean| around(mean, q80 * spread(mean), q95 * spread(mean))).collect()
}

fn around(mean: f64, half_80: f64, half_95: f64) -> Point {
    Point {
        mean,
        lower_80: (mean - half_80).max(0.0),
        upper_80: mean + half_80,
        lower_95: (mean - half_95).max(0.0),
        upper_95: mean + half_95,
    }
}

fn spread(forecast: f64) -> f64 {
    (forecast + 0.5).sqrt()
}

/// The quantile of sorted values at a level with the finite-sample correction, interpolated.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "positions in a list of a few hundred values"
)]
fn quantile(sorted: &[f64], level: f64) -> f64 {
    let corrected = (level * (1.0 + 1.0 / sorted.len() as f64)).min(1.0);
    let position = corrected * (sorted.len() - 1) as f64;
    let (below, share) = (position.floor() as usize, position.fract());
    let above = (below + 1).min(sorted.len() - 1);
    sorted[below] + share * (sorted[above] - sorted[below])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_series_without_errors_has_no_band() {
        let history = [5.0; 60];
        let errors = scaled_past_errors(Model::MovingAverage7, &history);
        assert!(errors.len() > 100);
        let points = bands(&[5.0], errors);
        assert_eq!((points[0].lower_95, points[0].upper_95), (5.0, 5.0));
    }

    #[test]
    fn a_short_history_is_given_the_normal_band() {
        let point = bands(&[3.5], Vec::new())[0];
        assert_eq!(point.upper_80, 3.5 + 2.0 * NORMAL_80);
        assert_eq!(point.lower_95, 0.0);
    }

    #[test]
    fn quantiles_interpolate() {
        let values: Vec<f64> = (0..=100).map(f64::from).collect();
        assert!((quantile(&values, 0.80) - 80.0 * (1.0 + 1.0 / 101.0)).abs() < 1e-9);
        assert_eq!(quantile(&values, 1.0), 100.0);
    }

    #[test]
    fn origins_stay_inside_the_history() {
        for days in 0..300 {
            let all: Vec<usize> = origins(days).collect();
            assert!(all.len() <= ORIGINS);
            assert!(all.windows(2).all(|pair| pair[0] < pair[1]), "{days}: {all:?}");
            assert!(all.iter().all(|&o| (SHORTEST_HISTORY..days).contains(&o)));
        }
    }
}
