//! The distribution of days around their mean, and the correlation between days.
//!
//! Small counts: the negative binomial distribution with variance m + a m^2. Everything else: conformal
//! prediction (Vovk, Gammerman, Shafer: Algorithmic Learning in a Random World, 2005), which uses the quantiles of the
//! absolute past errors in units of sqrt(m + 1/2), with the correction for a finite sample. Recent errors have more
//! weight (Barber, Candes, Ramdas, Tibshirani: Conformal prediction beyond exchangeability, 2023).

use std::sync::LazyLock;

use crate::back_test::{AHEAD, PastErrors};
use crate::level::FEWEST_DAYS;
use crate::normal;

/// A series with a smaller mean is one of small counts, unless its variance is below this share of Poisson's.
const SMALL_COUNTS: f64 = 10.0;
const STEADY: f64 = 0.6;
/// The prior of the dispersion, and how many days of evidence it counts as.
const PRIOR_DISPERSION: f64 = 0.35;
const PRIOR_DAYS: f64 = 21.0;
const LEAST_DISPERSION: f64 = 1e-4;
const MOST_DISPERSION: f64 = 50.0;
/// Smaller means are replaced by this when dividing by them.
const LEAST_MEAN: f64 = 0.05;
/// With fewer errors than this, the normal distribution is used instead of their quantiles.
const FEWEST_ERRORS: usize = 5;
/// With errors of this many days, their quantiles have half of the weight and Student's distribution the other half.
const FEW_DAYS: f64 = 10.0;
/// The weight of an error halves in this many days.
const ERROR_HALF_LIFE: f64 = 56.0;
/// The largest count that is considered in the tail of a small count.
const MOST_STEPS: u32 = 20_000;
/// A level is estimated from at most this many days. An estimate from n days makes daily errors correlated by 1/n.
const LEVEL_DAYS: f64 = 60.0;
/// The prior of the correlation that comes from changes of the level: this share of a day's variance above
/// `CALM_VARIANCE` times Poisson's. It counts as `PRIOR_FORTNIGHTS` fortnights of evidence.
const MOVING_SHARE: f64 = 0.7;
const CALM_VARIANCE: f64 = 1.5;
const PRIOR_FORTNIGHTS: f64 = 3.0;
const MOST_COMMON: f64 = 0.8;

#[derive(Debug, Clone)]
pub(crate) struct Spread {
    shape: Shape,
    common: Common,
}

/// The common part of the errors of the days of one path.
#[derive(Debug, Clone, Copy)]
struct Common {
    /// Correlation of any two days.
    correlation: f64,
    /// Degrees of freedom of its estimate.
    freedom: f64,
}

#[derive(Debug, Clone)]
enum Shape {
    NegativeBinomial { dispersion: f64 },
    Errors(Errors),
}

/// Number of steps in the table of a day's quantiles, which covers normal scores from -4 to 4.
pub(crate) const STEPS: usize = 1024;
pub(crate) const STEPS_PER_SCORE: f32 = STEPS as f32 / 8.0;

/// The share of the standard normal distribution below the middle of each step.
static LEVELS: LazyLock<Vec<f64>> = LazyLock::new(|| scores().map(normal::distribution).collect());

/// The middle of each step and the share of the distribution in that step.
static SHARES: LazyLock<Vec<(f64, f64)>> = LazyLock::new(|| {
    let density = |score: f64| (-score * score / 2.0).exp();
    let total: f64 = scores().map(density).sum();
    scores().map(|score| (score, density(score) / total)).collect()
});

fn scores() -> impl Iterator<Item = f64> {
    (0..STEPS).map(|step| (step as f64 + 0.5) / f64::from(STEPS_PER_SCORE) - 4.0)
}

impl Spread {
    /// `mean` is that of the days ahead.
    pub fn new(errors: &PastErrors, mean: f64, history_days: usize) -> Spread {
        let shape = Shape::new(errors, mean);
        let common = Common::of(errors, history_days, shape.excess(errors, mean));
        Spread { shape, common }
    }

    /// The quantile at this level of a day with this mean.
    pub fn quantile(&self, mean: f64, level: f64) -> f64 {
        match &self.shape {
            Shape::NegativeBinomial { .. } if mean == 0.0 => 0.0,
            Shape::NegativeBinomial { dispersion } => Counts::new(mean, *dispersion).quantile(level),
            Shape::Errors(errors) => shifted(mean, errors.offset(level, normal::quantile(level))),
        }
    }

    pub fn freedom(&self) -> f64 {
        self.common.freedom
    }

    /// The table of quantiles for each of these means.
    pub fn tables(&self, means: &[f64]) -> Vec<Vec<f32>> {
        match &self.shape {
            Shape::NegativeBinomial { dispersion } => {
                means.iter().map(|mean| Counts::new(*mean, *dispersion).table()).collect()
            }
            Shape::Errors(errors) => {
                let offsets: Vec<f64> =
                    LEVELS.iter().zip(scores()).map(|(level, score)| errors.offset(*level, score)).collect();
                let table = |mean| offsets.iter().map(|offset| single(shifted(mean, *offset))).collect();
                means.iter().map(|mean| table(*mean)).collect()
            }
        }
    }

    /// The share of the variance of a day's normal score that is common to all days, for days with this table. It is
    /// chosen to make the values as correlated as the past errors. Rounding to small counts reduces the correlation by
    /// the square of the correlation between score and value.
    pub fn common_score(&self, table: &[f32]) -> f64 {
        let (mut sum, mut square, mut product) = (0.0, 0.0, 0.0);
        for ((score, share), value) in SHARES.iter().zip(table) {
            let value = f64::from(*value);
            sum += share * value;
            square += share * value * value;
            product += share * value * score;
        }
        let variance = square - sum * sum;
        let square_correlation = product * product / variance.max(1e-12);
        (self.common.correlation / square_correlation.clamp(0.05, 1.0)).min(MOST_COMMON)
    }
}

impl Shape {
    fn new(errors: &PastErrors, mean: f64) -> Shape {
        let days = &errors.days;
        let (expected, squared) = poisson_and_actual(errors);
        let steady = !days.is_empty() && squared < STEADY * expected;
        let whole = days.iter().all(|(_, actual)| actual.fract() == 0.0);
        if mean < SMALL_COUNTS && !steady && whole {
            let excess = squared - expected;
            let own: f64 = days.iter().map(|(forecast, _)| forecast.max(LEAST_MEAN).powi(2)).sum();
            let assumed = PRIOR_DAYS * (mean + 1e-9).powi(2);
            let dispersion = (excess + PRIOR_DISPERSION * assumed) / (own + assumed);
            return Shape::NegativeBinomial {
                dispersion: dispersion.clamp(LEAST_DISPERSION, MOST_DISPERSION),
            };
        }
        Shape::Errors(Errors::of(errors))
    }

    /// The share of a day's variance above [`CALM_VARIANCE`] times Poisson's.
    fn excess(&self, errors: &PastErrors, mean: f64) -> f64 {
        let (poisson, variance) = match self {
            Shape::NegativeBinomial { dispersion } => (1.0, 1.0 + dispersion * mean),
            Shape::Errors(_) => poisson_and_actual(errors),
        };
        let calm = CALM_VARIANCE * poisson;
        if variance > calm { 1.0 - calm / variance } else { 0.0 }
    }
}

/// The sum of squared errors that is expected if days are Poisson, and the actual one.
fn poisson_and_actual(errors: &PastErrors) -> (f64, f64) {
    errors.days.iter().fold((0.0, 0.0), |(expected, squared), (forecast, actual)| {
        let forecast = forecast.max(LEAST_MEAN);
        (expected + forecast, squared + (actual - forecast).powi(2))
    })
}

/// Absolute past errors in units of [`scale`].
#[derive(Debug, Clone)]
struct Errors {
    /// In ascending order, each with its level: the share of the weights of smaller errors plus half of its own.
    sorted: Vec<(f64, f64)>,
    /// The root of their weighted mean square.
    size: f64,
    /// The number of distinct days; a day is forecast from several origins.
    days: f64,
}

impl Errors {
    /// Older errors get less weight.
    fn of(errors: &PastErrors) -> Errors {
        let scaled = |(forecast, actual): &(f64, f64)| (actual - forecast).abs() / scale(*forecast);
        let decay = 0.5f64.powf(1.0 / ERROR_HALF_LIFE);
        let weights = errors.ages().into_iter().map(|age| decay.powf(age as f64));
        let mut sorted: Vec<(f64, f64)> = errors.days.iter().map(scaled).zip(weights).collect();
        sorted.sort_unstable_by(|one, other| one.0.total_cmp(&other.0));
        let total: f64 = sorted.iter().map(|(_, weight)| weight).sum();
        let square = sorted.iter().map(|(error, weight)| error * error * weight).sum::<f64>() / total;
        let mut below = 0.0;
        for (_, weight) in &mut sorted {
            let share = *weight / total;
            *weight = below + share / 2.0;
            below += share;
        }
        Errors { sorted, size: square.sqrt(), days: errors.span as f64 }
    }

    /// The distance of the quantile at this level from the mean, in units of [`scale`]. `score` is the normal score of
    /// the level.
    ///
    /// Errors are taken to be symmetric, so this is a quantile of the absolute errors with the sign of the side. With
    /// few days the largest error underestimates high quantiles, so Student's distribution is mixed in.
    fn offset(&self, level: f64, score: f64) -> f64 {
        let (within, score) = ((2.0 * level - 1.0).abs(), score.abs());
        let size = if self.sorted.len() < FEWEST_ERRORS {
            score
        } else {
            let weight = self.days / (self.days + FEW_DAYS);
            weight * self.quantile(within) + (1.0 - weight) * self.size * normal::student(score, self.days)
        };
        (level - 0.5).signum() * size
    }

    /// The interpolated quantile of the errors, with the finite-sample correction.
    fn quantile(&self, level: f64) -> f64 {
        let sorted = &self.sorted;
        let corrected = level * (1.0 + 1.0 / self.days.max(1.0));
        let above = sorted.partition_point(|(_, below)| *below < corrected);
        match (above.checked_sub(1).map(|i| sorted[i]), sorted.get(above)) {
            (None, _) => sorted[0].0,
            (Some(last), None) => last.0,
            (Some((low, from)), Some((high, to))) => {
                low + (high - low) * (corrected - from) / (to - from).max(1e-12)
            }
        }
    }
}

fn scale(forecast: f64) -> f64 {
    (forecast + 0.5).sqrt()
}

fn shifted(mean: f64, offset: f64) -> f64 {
    (mean + offset * scale(mean)).max(0.0)
}

#[expect(clippy::cast_possible_truncation, reason = "seven digits are plenty for a sample")]
fn single(value: f64) -> f32 {
    value as f32
}

/// Iterates over the counts of a negative binomial distribution, each with its cumulative probability:
/// p(0) = (1 + a m)^(-1/a), p(k + 1) = p(k) (k + 1/a) / (k + 1) x a m / (1 + a m).
struct Counts {
    count: u32,
    density: f64,
    below: f64,
    size: f64,
    ratio: f64,
}

impl Counts {
    fn new(mean: f64, dispersion: f64) -> Counts {
        let size = 1.0 / dispersion;
        let odds = dispersion * mean.max(0.0);
        Counts {
            count: 0,
            density: (-size * odds.ln_1p()).exp(),
            below: 0.0,
            size,
            ratio: odds / (1.0 + odds),
        }
    }
}

impl Counts {
    /// The quantile, interpolated between half a count below and half a count above the whole one. With whole counts
    /// every band would contain more than its nominal share.
    fn quantile(self, level: f64) -> f64 {
        let mut before = 0.0;
        for (count, below) in self {
            if below >= level {
                return (count - 0.5 + (level - before) / (below - before)).max(0.0);
            }
            before = below;
        }
        f64::from(MOST_STEPS)
    }

    /// The count at each step of the table.
    fn table(mut self) -> Vec<f32> {
        let (mut count, mut below) = self.next().unwrap_or_default();
        let at = |level: &f64| {
            while below < *level {
                let Some(next) = self.next() else { break };
                (count, below) = next;
            }
            single(count)
        };
        LEVELS.iter().map(at).collect()
    }
}

impl Iterator for Counts {
    type Item = (f64, f64);

    fn next(&mut self) -> Option<(f64, f64)> {
        if self.count > MOST_STEPS {
            return None;
        }
        let count = f64::from(self.count);
        self.below += self.density;
        self.density *= (count + self.size) / (count + 1.0) * self.ratio;
        self.count += 1;
        Some((count, self.below))
    }
}

impl Common {
    /// The correlation r of two days: that of the estimated level plus that of changes of the level.
    ///
    /// The second part is estimated by the method of moments: if E is the sum of an origin's errors, S the sum of their
    /// squares and k their number, the expectation of E^2 is S (1 + (k - 1) r). Past origins had a shorter history, so
    /// the part of the estimated level there is subtracted before the rest is shrunk to its prior. The degrees of
    /// freedom of the sum are those of Welch and Satterthwaite (1946).
    fn of(errors: &PastErrors, history_days: usize, excess: f64) -> Common {
        let of_level = |days: usize| 1.0 / (days.max(1) as f64).min(LEVEL_DAYS);
        let (mut products, mut pairs) = (0.0, 0.0);
        for (days, start) in errors.by_origin().zip(&errors.starts) {
            let sum: f64 = days.iter().map(|(forecast, actual)| actual - forecast).sum();
            let squares: f64 = days.iter().map(|(forecast, actual)| (actual - forecast).powi(2)).sum();
            let weight = (days.len() as f64 - 1.0) * squares;
            products += sum * sum - squares - of_level(*start) * weight;
            pairs += weight;
        }
        let fortnights = if pairs > 0.0 { errors.span as f64 / AHEAD as f64 } else { 0.0 };
        let observed = if pairs > 0.0 { products / pairs } else { 0.0 };
        let evidence = fortnights + PRIOR_FORTNIGHTS;
        let moving = (fortnights * observed + PRIOR_FORTNIGHTS * MOVING_SHARE * excess) / evidence;
        // A level extrapolated with a slope counts as estimated from half as many days.
        let known = if history_days < FEWEST_DAYS { history_days / 2 } else { history_days };
        let (level, moves) = (of_level(known), moving.max(0.0));
        Common {
            correlation: (level + moving).clamp(0.0, MOST_COMMON),
            freedom: (level + moves).powi(2) / (level.powi(2) * level + moves.powi(2) / evidence),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_without_dispersion_are_poisson_and_sum_to_one() {
        let poisson: Vec<(f64, f64)> = Counts::new(2.0, LEAST_DISPERSION).take(40).collect();
        assert!((poisson[0].1 - (-2.0f64).exp()).abs() < 1e-4);
        assert!((poisson[1].1 - 3.0 * (-2.0f64).exp()).abs() < 1e-4);
        assert!((poisson[39].1 - 1.0).abs() < 1e-9);
    }

    #[test]
    fn a_quantile_of_counts_is_within_half_a_count_of_the_whole_count() {
        for level in [0.025, 0.1, 0.5, 0.9, 0.975] {
            let whole = Counts::new(3.0, 0.3).find(|(_, below)| *below >= level).unwrap().0;
            assert!((Counts::new(3.0, 0.3).quantile(level) - whole).abs() <= 0.5);
        }
    }

    #[test]
    fn a_band_is_symmetric_and_as_wide_as_the_errors() {
        let errors = PastErrors::collect(&[10.0; 80], |_, ahead| vec![10.0 + ahead as f64 / 14.0; ahead]);
        let spread = Spread::new(&errors, 10.0, 80);
        let (low, high) = (spread.quantile(10.0, 0.1), spread.quantile(10.0, 0.9));
        assert!((low + high - 20.0).abs() < 1e-9 && high > 10.9 && high < 11.1, "{low} {high}");
    }
}
