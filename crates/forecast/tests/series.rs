//! Tests on real series: compares `dow_ses` with its first implementation, and the measures with another scorer.

#![expect(clippy::unwrap_used, reason = "a test")]

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use offercast_forecast::evaluation::{Score, Task};
use offercast_forecast::{Model, Point, Series};

struct Real {
    first_weekday: usize,
    values: Vec<f64>,
    /// The number of days known, and the forecast of the reference for the next 14.
    forecasts: Vec<(usize, Vec<Point>)>,
}

fn read<T: serde::de::DeserializeOwned>(name: &str) -> Vec<T> {
    let path = format!("{}/tests/data/{name}.csv", env!("CARGO_MANIFEST_DIR"));
    csv::Reader::from_path(path).unwrap().deserialize().map(Result::unwrap).collect()
}

fn all() -> BTreeMap<String, Real> {
    let mut all = BTreeMap::new();
    for (id, date, y) in read::<(String, NaiveDate, f64)>("series") {
        let first_weekday = date.weekday().num_days_from_monday() as usize;
        let new = || Real { first_weekday, values: Vec::new(), forecasts: Vec::new() };
        all.entry(id).or_insert_with(new).values.push(y);
    }
    let mut reference: BTreeMap<(String, NaiveDate), Vec<Point>> = BTreeMap::new();
    for (id, origin, _, mean, lower_80, upper_80, lower_95, upper_95) in
        read::<(String, NaiveDate, u8, f64, f64, f64, f64, f64)>("dow_ses")
    {
        let point = Point { mean, lower_80, upper_80, lower_95, upper_95 };
        reference.entry((id, origin)).or_default().push(point);
    }
    for (id, origin, known) in read::<(String, NaiveDate, usize)>("origins") {
        let points = reference.remove(&(id.clone(), origin)).unwrap();
        all.get_mut(&id).unwrap().forecasts.push((known, points));
    }
    all
}

fn score(real: &Real, forecasts: &[(usize, Vec<Point>)]) -> Score {
    let tasks: Vec<Task<'_>> = forecasts
        .iter()
        .map(|(known, points)| Task { series: &real.values, known: *known, points, total: Point::NOTHING })
        .collect();
    Score::of_series(&tasks).unwrap()
}

#[test]
fn dow_ses_agrees_with_its_first_implementation() {
    for (id, real) in all() {
        for (known, points) in real.forecasts {
            let history = Series { values: &real.values[..known], first_weekday: real.first_weekday };
            let means = Model::DowSes.fit(history).mean(14);
            for (mean, expected) in means.iter().zip(points) {
                assert!((mean - expected.mean).abs() < 1e-4, "{id} {known}: {mean} {}", expected.mean);
            }
        }
    }
}

#[test]
fn measures_agree_with_another_scorer() {
    let all = all();
    // MASE, RMSSE, TOT14, BIAS, PL80, PL95, cov80, cov95
    for (id, expected) in [
        (
            "or_product_22087",
            [1.258323, 0.930406, 0.480849, -0.450494, 0.382066, 0.268367, 0.821429, 0.857143],
        ),
        ("or_launch_22840", [0.778445, 0.514445, 0.391860, 0.391860, 0.157502, 0.049789, 0.892857, 1.0]),
        (
            "or_country_germany",
            [0.894912, 0.661538, 0.263480, -0.160514, 0.204658, 0.065716, 0.892857, 0.982143],
        ),
        ("flights_lga_us", [1.391475, 0.211986, 0.033006, -0.000259, 0.403383, 0.313268, 0.696429, 0.910714]),
    ] {
        let real = &all[id];
        let s = score(real, &real.forecasts);
        let got =
            [s.mase, s.rmsse, s.total_error, s.bias, s.pinball_80, s.pinball_95, s.covered_80, s.covered_95];
        for (got, expected) in got.iter().zip(expected) {
            assert!((got - expected).abs() < 2e-6, "{id}: {got} {expected}");
        }
    }
}

#[test]
fn auto_is_better_than_the_moving_average_and_dow_ses() {
    let all = all();
    let mase = |model: Model| {
        let scores: Vec<Score> = all.values().map(|real| score(real, &forecasts(real, model))).collect();
        Score::mean(&scores).unwrap().mase
    };
    let [auto, moving_average, dow_ses] = [Model::Auto, Model::MovingAverage7, Model::DowSes].map(mase);
    assert!(auto < 0.8 * moving_average, "{auto} {moving_average}");
    assert!(auto < dow_ses, "{auto} {dow_ses}");
}

fn forecasts(real: &Real, model: Model) -> Vec<(usize, Vec<Point>)> {
    let points = |known: usize| {
        let history = Series { values: &real.values[..known], first_weekday: real.first_weekday };
        model.fit(history).points(14)
    };
    real.forecasts.iter().map(|(known, _)| (*known, points(*known))).collect()
}
