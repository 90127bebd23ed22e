//! Simulated histories of young offers, with the days that follow them.

use offercast_forecast::SplitMix;

/// Days that follow the history.
pub const HORIZON: usize = 14;

/// How demand develops. Every random quantity is drawn anew for each series.
#[derive(Debug, Clone, Copy)]
pub enum Shape {
    Flat,
    /// A weekly pattern: the factors of [`WEEK`], turned by some days, to a power of 0.5 to 1.5.
    Weekly,
    /// A launch that fades to a tenth: it falls by a factor of e in 10 to 40 days.
    Fading,
    /// Linear growth from 40 to 80 % of the final level, over 14 to 42 days.
    Ramp,
    /// One day of 3 to 10 times the level, in the history or after it.
    Burst,
    /// 3 to 10 days without demand that begin in the history, after its first day.
    Silence,
}

/// Where the noise of a day comes from, in addition to the Poisson distribution of the count.
#[derive(Debug, Clone, Copy)]
pub enum Noise {
    LogNormal,
    Gamma,
    /// Log-normal; half of the variance lasts: it is correlated by 0.8 from day to day (a first-order autoregression).
    Lasting,
}

/// A simulated series: its first `known` days are the history.
pub struct Simulated {
    pub values: Vec<f64>,
    pub known: usize,
}

/// A day's share of the week of [`Shape::Weekly`].
const WEEK: [f64; 7] = [0.6, 0.7, 0.8, 0.9, 1.3, 1.7, 1.0];
/// The correlation of [`Noise::Lasting`] from day to day.
const LASTING: f64 = 0.8;

impl Shape {
    pub const ALL: [Shape; 6] =
        [Shape::Flat, Shape::Weekly, Shape::Fading, Shape::Ramp, Shape::Burst, Shape::Silence];

    pub fn name(self) -> &'static str {
        match self {
            Shape::Flat => "flat",
            Shape::Weekly => "weekly",
            Shape::Fading => "fading launch",
            Shape::Ramp => "ramp",
            Shape::Burst => "single burst",
            Shape::Silence => "silence, return",
        }
    }

    /// The expected value of each day, if the level on the last day of the history is about 1.
    fn rates(self, known: usize, random: &mut SplitMix) -> Vec<f64> {
        let days = known + HORIZON;
        match self {
            Shape::Flat => vec![1.0; days],
            Shape::Weekly => weekly(days, random),
            Shape::Fading => {
                let lasts = between(random, 10.0, 40.0);
                scaled(days, known, |day| 0.1 + 0.9 * (-day / lasts).exp())
            }
            Shape::Ramp => {
                let (first, lasts) = (between(random, 0.4, 0.8), between(random, 14.0, 42.0));
                scaled(days, known, |day| first + (1.0 - first) * (day / lasts).min(1.0))
            }
            Shape::Burst => {
                let mut rates = vec![1.0; days];
                rates[below(random, days)] = between(random, 3.0, 10.0);
                rates
            }
            Shape::Silence => {
                let first = 1 + below(random, known.max(2) - 1);
                let last = (first + 3 + below(random, 8)).min(days);
                let mut rates = vec![1.0; days];
                rates[first..last].fill(0.0);
                rates
            }
        }
    }
}

impl Noise {
    pub fn parse(name: &str) -> Option<Noise> {
        match name {
            "log-normal" => Some(Noise::LogNormal),
            "gamma" => Some(Noise::Gamma),
            "lasting" => Some(Noise::Lasting),
            _ => None,
        }
    }

    /// A factor with mean 1 for each day; `deviation` is its standard deviation.
    fn factors(self, days: usize, deviation: f64, random: &mut SplitMix) -> Vec<f64> {
        let variance = deviation.powi(2).ln_1p();
        let log_normal = |score: f64| (variance.sqrt() * score - variance / 2.0).exp();
        let mut lasting = random.normal();
        let mut factor = || match self {
            Noise::LogNormal => log_normal(random.normal()),
            Noise::Gamma => gamma(deviation.powi(-2), random),
            Noise::Lasting => {
                lasting = LASTING * lasting + (1.0 - LASTING * LASTING).sqrt() * random.normal();
                log_normal((lasting + random.normal()) * 0.5f64.sqrt())
            }
        };
        (0..days).map(|_| factor()).collect()
    }
}

impl Simulated {
    /// The history begins with a day that is not 0, as that of an offer does.
    pub fn draw(
        shape: Shape,
        noise: Noise,
        (level, known): (f64, usize),
        random: &mut SplitMix,
    ) -> (f64, Simulated) {
        loop {
            let deviation = between(random, 0.1, 0.6);
            let rates = shape.rates(known, random);
            let factors = noise.factors(rates.len(), deviation, random);
            let days = rates.iter().zip(factors);
            let values: Vec<f64> = days.map(|(rate, factor)| count(level * rate * factor, random)).collect();
            if values[0] > 0.0 {
                return (deviation, Simulated { values, known });
            }
        }
    }
}

fn weekly(days: usize, random: &mut SplitMix) -> Vec<f64> {
    let (power, turned) = (between(random, 0.5, 1.5), below(random, WEEK.len()));
    let mean = WEEK.iter().map(|share| share.powf(power)).sum::<f64>() / WEEK.len() as f64;
    (0..days).map(|day| WEEK[(day + turned) % WEEK.len()].powf(power) / mean).collect()
}

/// Rates that are 1 on the last day of the history.
fn scaled(days: usize, known: usize, rate: impl Fn(f64) -> f64) -> Vec<f64> {
    let last = rate(known as f64 - 1.0);
    (0..days).map(|day| rate(day as f64) / last).collect()
}

/// A Poisson count, of a large rate by its normal approximation.
fn count(rate: f64, random: &mut SplitMix) -> f64 {
    if rate > 50.0 {
        return (rate + rate.sqrt() * random.normal()).round().max(0.0);
    }
    let (mut time, mut count) = (-uniform(random).ln(), 0.0);
    while time < rate {
        time -= uniform(random).ln();
        count += 1.0;
    }
    count
}

/// A gamma variable with mean 1 and this shape, at least 1 (Marsaglia, Tsang: A simple method for generating gamma
/// variables, 2000).
fn gamma(shape: f64, random: &mut SplitMix) -> f64 {
    let d = shape - 1.0 / 3.0;
    loop {
        let score = random.normal();
        let cube = (1.0 + score / (9.0 * d).sqrt()).powi(3);
        if cube > 0.0 && uniform(random).ln() < score * score / 2.0 + d * (1.0 - cube + cube.ln()) {
            return d * cube / shape;
        }
    }
}

fn uniform(random: &mut SplitMix) -> f64 {
    ((random.next() >> 11) as f64 + 0.5) / (1u64 << 53) as f64
}

fn between(random: &mut SplitMix, from: f64, to: f64) -> f64 {
    from + (to - from) * uniform(random)
}

fn below(random: &mut SplitMix, count: usize) -> usize {
    usize::try_from(random.next() % count.max(1) as u64).unwrap_or_default()
}
