//! Weekday factors: the ratio of a weekday to the days around it.

use crate::WEEK;
use crate::series::Past;

/// With fewer days all factors are 1.
const FEWEST_DAYS: usize = 2 * WEEK;
/// The smallest level of a day, as a share of the mean.
const LOWEST_TREND: f64 = 0.25;
/// Below this factor a weekday counts as closed.
pub(crate) const CLOSED: f64 = 0.05;

/// How factors are estimated.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Estimate {
    /// How many of the last days are used.
    pub window: usize,
    /// The weight of a day halves in this many days. Infinite: all days have equal weight.
    pub half_life: f64,
    /// Ratios further from their weekday's median than this multiple of their scale are cut to that distance.
    pub cut: Option<f64>,
}

pub(crate) type Factors = [f64; WEEK];

/// Multiplicative factors with mean 1, shrunk to 1 by empirical Bayes (Efron, Morris: Data analysis using
/// Stein's estimator, 1975).
///
/// With the level t_i, a centred 7-day mean, the ratio r_i = y_i / t_i and the weight w_i of day i
/// (t_i, times 2^(-age / half-life)), a weekday's raw factor m_d is the weighted mean of its ratios. The
/// variance between the m_d is the sum of the noise within the weekdays and of real differences between them;
/// if B is the share of the latter, the factor is 1 + B (m_d - 1). B is 0 if the data show no pattern.
pub(crate) fn factors(past: Past<'_>, estimate: Estimate, scratch: &mut Scratch) -> Factors {
    let skipped = past.values.len().saturating_sub(estimate.window);
    let (values, weekdays) = (&past.values[skipped..], &past.weekdays[skipped..]);
    let total: f64 = values.iter().sum();
    if values.len() < FEWEST_DAYS || total <= 0.0 {
        return [1.0; WEEK];
    }
    scratch.fill(values, estimate.half_life);
    if let Some(cut) = estimate.cut {
        scratch.cut_outliers(weekdays, cut);
    }
    shrink(scratch, weekdays)
}

/// Buffers that are reused for every origin.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    trend: Vec<f64>,
    ratios: Vec<f64>,
    weights: Vec<f64>,
    /// The factor of the weights that depends on age.
    ages: Vec<f64>,
    by_weekday: [Vec<f64>; WEEK],
}

impl Scratch {
    fn fill(&mut self, values: &[f64], half_life: f64) {
        let days = values.len();
        let lowest = LOWEST_TREND * values.iter().sum::<f64>() / days as f64;
        let edge = |week: &[f64]| week.iter().sum::<f64>() / WEEK as f64;
        let (first, last) = (edge(&values[..WEEK]), edge(&values[days - WEEK..]));
        let at = |day: usize| match day.checked_sub(3) {
            None => first,
            Some(day) if day >= days => last,
            Some(day) => values[day],
        };
        let decay = 0.5f64.powf(1.0 / half_life);
        self.trend.clear();
        let mut sum: f64 = (0..WEEK).map(at).sum();
        for day in 0..days {
            self.trend.push((sum / WEEK as f64).max(lowest));
            sum += at(day + WEEK) - at(day);
        }
        self.ratios.clear();
        self.ratios.extend(values.iter().zip(&self.trend).map(|(y, t)| y / t));
        self.ages.clear();
        self.ages.resize(days, 1.0);
        let mut weight = 1.0;
        for age in self.ages.iter_mut().rev() {
            *age = weight;
            weight *= decay;
        }
        self.weights.clear();
        self.weights.extend(self.trend.iter().zip(&self.ages).map(|(trend, age)| trend * age));
    }

    /// Cuts ratios that are far from their weekday's median. The scale of a ratio is 1.4826 times the median deviation,
    /// at least that of a Poisson count.
    fn cut_outliers(&mut self, weekdays: &[usize], cut: f64) {
        for of_weekday in &mut self.by_weekday {
            of_weekday.clear();
        }
        for (ratio, &day) in self.ratios.iter().zip(weekdays) {
            self.by_weekday[day].push(*ratio);
        }
        let middle: [(f64, f64); WEEK] = std::array::from_fn(|day| {
            let ratios = &mut self.by_weekday[day];
            let median = median(ratios);
            ratios.iter_mut().for_each(|ratio| *ratio = (*ratio - median).abs());
            (median, 1.4826 * self::median(ratios))
        });
        for ((ratio, trend), &day) in self.ratios.iter_mut().zip(&self.trend).zip(weekdays) {
            let (median, scale) = middle[day];
            let reach = cut * scale.max((median.max(0.3) / trend).sqrt());
            *ratio = ratio.clamp(median - reach, median + reach);
        }
    }
}

/// The median; 0 without values. Reorders the values.
fn median(values: &mut [f64]) -> f64 {
    if values.is_empty() {
        return 0.0;
    }
    let middle = values.len() / 2;
    let even = values.len().is_multiple_of(2);
    let (below, upper, _) = values.select_nth_unstable_by(middle, f64::total_cmp);
    let lower = if even { below.iter().copied().fold(0.0, f64::max) } else { *upper };
    f64::midpoint(lower, *upper)
}

fn shrink(scratch: &Scratch, weekdays: &[usize]) -> Factors {
    let Scratch { ratios, weights, ages, .. } = scratch;
    let (mut sum, mut weight) = ([0.0; WEEK], [0.0; WEEK]);
    let (mut count, mut square) = ([0.0; WEEK], [0.0; WEEK]);
    for (((ratio, w), age), &day) in ratios.iter().zip(weights).zip(ages).zip(weekdays) {
        sum[day] += ratio * w;
        weight[day] += w;
        count[day] += age;
        square[day] += age * age;
    }
    let raw: Factors =
        std::array::from_fn(|day| if weight[day] > 0.0 { sum[day] / weight[day] } else { 1.0 });
    let days = ratios.len() as f64;
    let errors: f64 =
        ratios.iter().zip(weights).zip(weekdays).map(|((r, w), &day)| w * (r - raw[day]).powi(2)).sum();
    let variance = errors / weight.iter().sum::<f64>() * days / (days - WEEK as f64).max(1.0);
    let noise = mean(&std::array::from_fn(|day| variance / effective_size(count[day], square[day])));
    let centre = mean(&raw);
    let between = raw.iter().map(|m| (m - centre).powi(2)).sum::<f64>() / (WEEK as f64 - 1.0);
    let share = if between > 0.0 { (1.0 - noise / between).max(0.0) } else { 0.0 };
    let shrunk = raw.map(|m| (1.0 + share * (m - 1.0)).max(0.0));
    let total: f64 = shrunk.iter().sum();
    if total > 0.0 { shrunk.map(|factor| factor * WEEK as f64 / total) } else { [1.0; WEEK] }
}

/// The effective sample size of weights with this sum and this sum of squares (Kish: Survey sampling, 1965).
fn effective_size(sum: f64, square: f64) -> f64 {
    if square > 0.0 { (sum * sum / square).max(1.0) } else { 1.0 }
}

fn mean(values: &Factors) -> f64 {
    values.iter().sum::<f64>() / WEEK as f64
}
