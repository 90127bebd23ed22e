//! Measures the time of a forecast with bands and 1,000 paths from a year of history, on one core:
//! `cargo run --release -p offercast-forecast --example time -- [MODEL]`

use std::hint::black_box;
use std::time::Instant;

use offercast_forecast::{Model, Series, SplitMix};

const DAYS: usize = 365;
const HORIZON: usize = 14;
const PATHS: usize = 1000;
const SERIES: u32 = 2000;

fn main() {
    let mut random = SplitMix::new(1);
    let histories: Vec<Vec<f64>> = [2, 40].iter().map(|most| history(&mut random, *most)).collect();
    let selected = std::env::args().nth(1);
    for model in Model::ALL.into_iter().filter(|m| selected.as_ref().is_none_or(|name| name == m.name())) {
        let start = Instant::now();
        for round in 0..SERIES {
            let values = &histories[round as usize % histories.len()];
            let fitted = model.fit(Series { values, first_weekday: 0 });
            black_box(fitted.points(HORIZON));
            black_box(fitted.total(HORIZON, PATHS, 1));
        }
        println!(
            "{:20} {:.3} ms a series",
            model.name(),
            start.elapsed().as_secs_f64() * 1e3 / f64::from(SERIES)
        );
    }
}

/// Counts that are larger on weekends.
#[expect(clippy::cast_precision_loss, reason = "small numbers")]
fn history(random: &mut SplitMix, most: u64) -> Vec<f64> {
    let weekend = |day: usize| if day % 7 > 4 { 2 } else { 1 };
    (0..DAYS).map(|day| (random.next() % (most * weekend(day) + 1)) as f64).collect()
}
