//! The level of a series: an average of exponential smoothings with several constants.

use crate::WEEK;

/// The level is meant to predict the mean of this many days.
const AHEAD: usize = 14;
/// With fewer days of history, the smoothing constants cannot be compared and [`SHORT_ALPHA`] is used.
pub(crate) const FEWEST_DAYS: usize = 28;
const SHORT_ALPHA: f64 = 0.15;
/// The slopes that are usual for offers: the standard deviation of the slope of the logarithm, per day.
const FADING_SLOPE: f64 = 0.05;
/// The share of an estimated slope that is assumed to continue.
const DAMPING: f64 = 2.0 / 3.0;

/// Which levels are averaged.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Smoothing<const N: usize> {
    pub alphas: [f64; N],
    /// Whether the mean of the whole history is one of the levels.
    pub overall_mean: bool,
    /// Each constant starts with e^-caution times the weight of the next slower one.
    pub caution: f64,
    /// Weight of the overall mean if the history is short.
    pub short_mean: f64,
    /// Whether a decline is assumed to continue if the history is short.
    pub fades: bool,
}

/// Simple exponential smoothing (Brown, 1959) for each constant: l_i = l_(i-1) + a (x_i - l_(i-1)), from
/// the mean of the first week. The levels are averaged with weights e^(-caution rank) (mse / min mse)^(-n/2),
/// where mse is the mean squared error of the level as a forecast of the mean of the next 14 days, over the history,
/// and n is the number of such 14-day windows that do not overlap.
pub(crate) fn level<const N: usize>(values: &[f64], smoothing: &Smoothing<N>) -> f64 {
    let days = values.len();
    let overall = mean(values);
    let start = mean(&values[..days.min(WEEK)]);
    if days < FEWEST_DAYS {
        let smooth = values.iter().fold(start, |level, x| level + SHORT_ALPHA * (x - level));
        let level = smooth + smoothing.short_mean * (overall - smooth);
        return if smoothing.fades { level * fading(values) } else { level };
    }
    let forecasts = days - AHEAD - WEEK;
    let (mut levels, mut errors) = ([start; N], [0.0; N]);
    let (mut sum, mut sum_ahead, mut mean_error) = (0.0, values[..AHEAD].iter().sum::<f64>(), 0.0);
    for (day, x) in values.iter().enumerate() {
        for (level, alpha) in levels.iter_mut().zip(smoothing.alphas) {
            *level = (1.0 - alpha) * *level + alpha * x;
        }
        if day + AHEAD >= days {
            continue;
        }
        sum += x;
        sum_ahead += values[day + AHEAD] - x;
        if day >= WEEK {
            let ahead = sum_ahead / AHEAD as f64;
            for (error, level) in errors.iter_mut().zip(levels) {
                *error += (level - ahead).powi(2);
            }
            mean_error += (sum / (day + 1) as f64 - ahead).powi(2);
        }
    }
    let mut candidates = Vec::with_capacity(N + 1);
    if smoothing.overall_mean {
        candidates.push((overall, mean_error));
    }
    candidates.extend(levels.into_iter().zip(errors));
    average(&candidates, forecasts as f64, smoothing.caution)
}

/// The factor by which a declining level is expected to shrink over the next 14 days, at most 1.
///
/// Launches and campaigns fade, and a short history is not enough to learn that from past origins. The slope of the
/// logarithm between the two halves of the history is shrunk by its noise (empirical Bayes) and damped (Gardner,
/// McKenzie, 1985). Growth is ignored.
fn fading(values: &[f64]) -> f64 {
    let days = values.len();
    if days < WEEK {
        return 1.0;
    }
    let half = days / 2;
    let [first, second] = [&values[..half], &values[days - half..]].map(Half::of);
    let mean = f64::midpoint(first.sum, second.sum) / half as f64;
    let variance = (first.squares + second.squares) / (2.0 * half as f64 - 2.0);
    let dispersion = if mean > 0.0 { (variance / mean).max(1.0) } else { 1.0 };
    let apart = (days - half) as f64;
    let slope = (second.positive_sum() / first.positive_sum()).ln() / apart;
    let noise = dispersion * (1.0 / first.positive_sum() + 1.0 / second.positive_sum()) / (apart * apart);
    let share = FADING_SLOPE * FADING_SLOPE / (FADING_SLOPE * FADING_SLOPE + noise);
    // From the middle of the history to the middle of the next 14 days.
    let ahead = (apart + AHEAD as f64 + 1.0) / 2.0;
    (DAMPING * share * slope * ahead).min(0.0).exp()
}

/// Half of a short history.
struct Half {
    sum: f64,
    /// The sum of the squared deviations from the mean.
    squares: f64,
}

impl Half {
    fn of(values: &[f64]) -> Half {
        let mean = mean(values);
        Half { sum: values.iter().sum(), squares: values.iter().map(|y| (y - mean).powi(2)).sum() }
    }

    /// The sum plus one half, so that it has a logarithm.
    fn positive_sum(&self) -> f64 {
        self.sum + 0.5
    }
}

fn average(candidates: &[(f64, f64)], forecasts: f64, caution: f64) -> f64 {
    let tiny = 1e-12 * forecasts;
    let least = candidates.iter().map(|(_, error)| error.max(tiny)).fold(f64::INFINITY, f64::min);
    let (mut total, mut weights) = (0.0, 0.0);
    for (rank, (level, error)) in candidates.iter().enumerate() {
        let ratio = error.max(tiny) / least;
        let weight = (-0.5 * forecasts / AHEAD as f64 * ratio.ln() - caution * rank as f64).exp();
        total += weight * level;
        weights += weight;
    }
    total / weights
}

fn mean(values: &[f64]) -> f64 {
    if values.is_empty() { 0.0 } else { values.iter().sum::<f64>() / values.len() as f64 }
}
