//! Scores models on simulated series, whose true rates are known:
//! `cargo run --release -p offercast-forecast --example simulated -- [MODEL]`
//!
//! A row is a kind of series with short (8 to 27 days) or long histories (60 to 365 days), one forecast per series. The
//! models' constants are tuned on public series, not on these: what matters here is that no kind scores badly.

use offercast_forecast::evaluation::{Score, Task};
use offercast_forecast::{Model, Series, SplitMix};

const HORIZON: usize = 14;
const PATHS: usize = 500;
const SERIES: u64 = 400;

/// Returns the expected value of each day of a series with this number of days.
type Rates = fn(&mut World, usize) -> Vec<f64>;

/// Name, rates, and the noise of a day's rate in addition to Poisson (standard deviation of its logarithm).
const KINDS: [(&str, Rates, f64); 10] = [
    ("quiet", |_, days| vec![0.2; days], 0.0),
    ("steady", |_, days| vec![4.0; days], 0.0),
    ("busy", |_, days| vec![60.0; days], 0.3),
    ("weekly", |_, days| (0..days).map(|day| 12.0 * WEEK[day % 7]).collect(), 0.2),
    ("growing", |_, days| grow(days, 6.0, 0.05), 0.2),
    ("declining", |_, days| grow(days, 6.0, -0.05), 0.2),
    ("launch", |world, days| world.launch(days), 0.2),
    ("level shift", |world, days| world.shift(days), 0.1),
    ("wandering", |world, days| world.wander(days), 0.1),
    ("bursts", |world, days| world.bursts(days), 0.2),
];
const WEEK: [f64; 7] = [0.6, 0.7, 0.8, 0.9, 1.3, 1.7, 1.0];

/// Rates that grow exponentially by `weekly` a week and end at `last`.
#[expect(clippy::cast_precision_loss, reason = "days")]
fn grow(days: usize, last: f64, weekly: f64) -> Vec<f64> {
    let at = |ago: usize| last * (-weekly * ago as f64 / 7.0).exp();
    (0..days).rev().map(at).map(|rate| rate.min(200.0)).collect()
}

struct World(SplitMix);

#[expect(clippy::cast_precision_loss, reason = "days and draws")]
impl World {
    fn uniform(&mut self) -> f64 {
        ((self.0.next() >> 11) as f64 + 0.5) / (1u64 << 53) as f64
    }

    fn within(&mut self, from: usize, to: usize) -> usize {
        let span = to.saturating_sub(from).max(1);
        from + usize::try_from(self.0.next() % span as u64).unwrap_or_default()
    }

    fn launch(&mut self, days: usize) -> Vec<f64> {
        let (first, lasts) = (10.0 + 20.0 * self.uniform(), 8.0 + 20.0 * self.uniform());
        (0..days).map(|day| first * (-(day as f64) / lasts).exp() + 0.5).collect()
    }

    fn shift(&mut self, days: usize) -> Vec<f64> {
        let known = days - HORIZON;
        let since = known - self.within(7, known.min(35));
        let factor = if self.uniform() < 0.5 { 0.4 } else { 2.5 };
        (0..days).map(|day| if day < since { 5.0 } else { 5.0 * factor }).collect()
    }

    fn wander(&mut self, days: usize) -> Vec<f64> {
        let mut level: f64 = 2.0;
        let mut rates = Vec::with_capacity(days);
        for day in 0..days {
            if day % 7 == 0 {
                level = (level + 0.2 * self.0.normal()).clamp(-1.0, 5.0);
            }
            rates.push(level.exp());
        }
        rates
    }

    fn bursts(&mut self, days: usize) -> Vec<f64> {
        (0..days).map(|_| if self.uniform() < 0.03 { 40.0 } else { 4.0 }).collect()
    }

    fn count(&mut self, rate: f64) -> f64 {
        if rate > 50.0 {
            return (rate + rate.sqrt() * self.0.normal()).round().max(0.0);
        }
        let (mut time, mut count) = (-self.uniform().ln(), 0.0);
        while time < rate {
            time -= self.uniform().ln();
            count += 1.0;
        }
        count
    }

    fn series(&mut self, rates: &[f64], off: f64) -> Vec<f64> {
        let of_day = |rate: &f64| {
            let off = (off * self.0.normal() - off * off / 2.0).exp();
            self.count(rate * off)
        };
        rates.iter().map(of_day).collect()
    }
}

fn main() {
    let selected = std::env::args().nth(1);
    println!(
        "{:20}{:22}{:>7}{:>7}{:>7}{:>7}{:>7}{:>7}{:>7}{:>7}{:>7}",
        "", "", "MASE", "RMSSE", "TOT14", "BIAS", "PL80", "cov80", "cov95", "tot80", "tot95"
    );
    for (from, to) in [(8, 28), (60, 366)] {
        for (kind, rates, off) in KINDS {
            for model in
                Model::ALL.into_iter().filter(|m| selected.as_ref().is_none_or(|name| name == m.name()))
            {
                let scores: Vec<Score> =
                    (0..SERIES).filter_map(|seed| score(model, (from, to), rates, off, seed)).collect();
                let Some(s) = Score::mean(&scores) else { continue };
                println!(
                    "{:20}{:22}{:7.3}{:7.3}{:7.3}{:7.3}{:7.3}{:7.3}{:7.3}{:7.3}{:7.3}",
                    format!("{kind}, {from}-{}", to - 1),
                    model.name(),
                    s.mase,
                    s.rmsse,
                    s.total_error,
                    s.bias,
                    s.pinball_80,
                    s.covered_80,
                    s.covered_95,
                    s.total_covered_80,
                    s.total_covered_95
                );
            }
        }
    }
}

fn score(model: Model, (from, to): (usize, usize), rates: Rates, off: f64, seed: u64) -> Option<Score> {
    let mut world = World(SplitMix::new(seed));
    let known = world.within(from, to);
    let rates = rates(&mut world, known + HORIZON);
    let series = world.series(&rates, off);
    // Like an offer's history, the series begins with a day that is not 0.
    let first = series.iter().position(|y| *y > 0.0).filter(|first| *first < known)?;
    let (series, known) = (&series[first..], known - first);
    let fitted = model.fit(Series { values: &series[..known], first_weekday: first % 7 });
    let (points, total) = (fitted.points(HORIZON), fitted.total(HORIZON, PATHS, 1));
    Score::of_series(&[Task { series, known, points: &points, total }])
}
