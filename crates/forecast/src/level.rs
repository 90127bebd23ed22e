//! The level of a series: exponential smoothing, averaged over how fast it forgets.

use crate::WEEK;

/// Days ahead over which a level has to hold.
const AHEAD: usize = 14;
/// With fewer days than this no smoothing constant has a past to be judged by.
pub(crate) const FEWEST_DAYS: usize = 28;
const SHORT_ALPHA: f64 = 0.15;
/// How fast offers are known to fade, a day (standard deviation of the slope of the logarithm), and how much of it is
/// believed.
const FADING_SLOPE: f64 = 0.05;
const DAMPING: f64 = 2.0 / 3.0;

/// Which levels are averaged.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Smoothing<const N: usize> {
    pub alphas: [f64; N],
    /// Whether the mean of everything, which forgets nothing, is one of them.
    pub overall_mean: bool,
    /// Every next faster constant starts with e^-caution of the weight of the one before.
    pub caution: f64,
    /// Share of the overall mean while the history is short.
    pub short_mean: f64,
    /// Whether it is taken to go on going down while the history is short.
    pub fades: bool,
}

/// Simple exponential smoothing (Brown, 1959) for each constant: l_i = l_(i-1) + a (x_i - l_(i-1)), from
/// the mean of the first week. The levels are averaged with weights e^(-caution rank) (mse / min mse)^(-n/2),
/// where mse is the mean squared error with which the level foretold the mean of the next 14 days in the
/// past, and n is the number of such pasts that do not overlap.
pub(crate) fn level<const N: usize>(values: &[f64], smoothing: &Smoothing<N>) -> f64 {
    let days = values.len();
    let overall = mean(values);
    let start = mean(&values[..days.min(WEEK)]);
    if days < FEWEST_DAYS {
        let smooth = values.iter().fold(start, |level, x| level + SHORT_ALPHA * (x - level));
        let level = smooth + smoothing.short_mean * (overall - smooth);
        return if smoothing.fades { level * fading(values) } else { level };
    }
    let pasts = days - AHEAD - WEEK;
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
    average(&candidates, pasts as f64, smoothing.caution)
}

/// What is left of a level in the coming fortnight, if it has been going down: launches and campaigns fade, and a short
/// history has no past in which that would have been learnt. The slope of the logarithm between the two halves of the
/// history is shrunk by its noise (empirical Bayes) and damped (Gardner, McKenzie, 1985), and it never goes up.
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
    let slope = (second.seen() / first.seen()).ln() / apart;
    let noise = dispersion * (1.0 / first.seen() + 1.0 / second.seen()) / (apart * apart);
    let share = FADING_SLOPE * FADING_SLOPE / (FADING_SLOPE * FADING_SLOPE + noise);
    // From where the level was on average to the middle of the coming fortnight.
    let ahead = (apart + AHEAD as f64 + 1.0) / 2.0;
    (DAMPING * share * slope * ahead).min(0.0).exp()
}

/// Half of a short history.
struct Half {
    sum: f64,
    /// Of the deviations from its mean.
    squares: f64,
}

impl Half {
    fn of(values: &[f64]) -> Half {
        let mean = mean(values);
        Half { sum: values.iter().sum(), squares: values.iter().map(|y| (y - mean).powi(2)).sum() }
    }

    /// So that there is a logarithm.
    fn seen(&self) -> f64 {
        self.sum + 0.5
    }
}

fn average(candidates: &[(f64, f64)], pasts: f64, caution: f64) -> f64 {
    let tiny = 1e-12 * pasts;
    let least = candidates.iter().map(|(_, error)| error.max(tiny)).fold(f64::INFINITY, f64::min);
    let (mut total, mut weights) = (0.0, 0.0);
    for (rank, (level, error)) in candidates.iter().enumerate() {
        let ratio = error.max(tiny) / least;
        let weight = (-0.5 * pasts / AHEAD as f64 * ratio.ln() - caution * rank as f64).exp();
        total += weight * level;
        weights += weight;
    }
    total / weights
}

fn mean(values: &[f64]) -> f64 {
    if values.is_empty() { 0.0 } else { values.iter().sum::<f64>() / values.len() as f64 }
}
