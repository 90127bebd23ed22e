//! Scores the bands of young offers on simulated histories, whose truth is known:
//! `cargo run --release -p offercast-forecast --example grid -- [--seed N] [--series N] [--noise NAME] [--json FILE]`
//!
//! A cell is a level, a length of history and a shape. The noise of each of its series is 10 to 60 %, drawn anew,
//! because a forecast from one day cannot know it. NAME is `log-normal` (default), `gamma` or `lasting`.

mod report;
mod shapes;

use std::error::Error;
use std::thread;

use offercast_forecast::{Model, Point, Series, SplitMix};
use report::{Cell, Observed};
use shapes::{HORIZON, Noise, Shape, Simulated};

const LEVELS: [f64; 8] = [2.0, 5.0, 20.0, 50.0, 200.0, 500.0, 2000.0, 10000.0];
const HISTORIES: [usize; 9] = [1, 2, 3, 5, 7, 10, 14, 21, 30];
const PATHS: usize = 500;
const THREADS: usize = 2;

struct Arguments {
    seed: u64,
    series: usize,
    noise: Noise,
    json: Option<String>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments = read(std::env::args().skip(1))?;
    let cells = cells(&arguments);
    report::print(&cells);
    if let Some(file) = &arguments.json {
        std::fs::write(file, report::json(&cells))?;
    }
    Ok(())
}

fn read(mut words: impl Iterator<Item = String>) -> Result<Arguments, Box<dyn Error>> {
    let mut read = Arguments { seed: 1, series: 300, noise: Noise::LogNormal, json: None };
    while let Some(flag) = words.next() {
        let value = words.next().ok_or("every flag needs a value")?;
        match flag.as_str() {
            "--seed" => read.seed = value.parse()?,
            "--series" => read.series = value.parse()?,
            "--noise" => read.noise = Noise::parse(&value).ok_or("noise: log-normal, gamma or lasting")?,
            "--json" => read.json = Some(value),
            _ => return Err(format!("unknown flag {flag}").into()),
        }
    }
    Ok(read)
}

fn cells(arguments: &Arguments) -> Vec<Cell> {
    let mut keys = Vec::new();
    for shape in Shape::ALL {
        for known in HISTORIES {
            keys.extend(LEVELS.map(|level| (shape, known, level)));
        }
    }
    let score = |keys: &[(Shape, usize, f64)]| -> Vec<Cell> {
        keys.iter().map(|(shape, known, level)| cell(arguments, *shape, *known, *level)).collect()
    };
    thread::scope(|scope| {
        let parts = keys.chunks(keys.len().div_ceil(THREADS));
        let threads: Vec<_> = parts.map(|part| scope.spawn(move || score(part))).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap_or_default()).collect()
    })
}

fn cell(arguments: &Arguments, shape: Shape, known: usize, level: f64) -> Cell {
    let seed = arguments.seed ^ (known as u64) << 40 ^ level.to_bits() ^ (shape as u64) << 20;
    let mut random = SplitMix::new(seed);
    let mut cell = Cell { shape, known, level, days: Vec::new(), totals: Vec::new() };
    for _ in 0..arguments.series {
        let (deviation, simulated) = Simulated::draw(shape, arguments.noise, (level, known), &mut random);
        let first_weekday = usize::try_from(random.next() % 7).unwrap_or_default();
        let (history, actual) = simulated.values.split_at(simulated.known);
        let fitted = Model::Auto.fit(Series { values: history, first_weekday });
        let observed = |point: &Point, actual: f64| Observed { point: *point, actual, deviation };
        let points = fitted.points(HORIZON);
        cell.days.extend(points.iter().zip(actual).map(|(point, actual)| observed(point, *actual)));
        cell.totals.push(observed(&fitted.total(HORIZON, PATHS, 1), actual.iter().sum()));
    }
    cell
}
