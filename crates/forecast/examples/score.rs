//! Scores every model on daily series, by group of series:
//! `cargo run --release -p offercast-forecast --example score -- SERIES ORIGINS META [MODEL]`
//!
//! SERIES has the columns series_id,date,y; ORIGINS series_id,origin,n_history (rows of the series that are
//! known); META series_id,kind,weekday_p,short,intermittent.

use std::collections::BTreeMap;
use std::error::Error;

use chrono::{Datelike, NaiveDate};
use offercast_forecast::evaluation::{Score, Task};
use offercast_forecast::{Fitted, Model, Point, Series};

const HORIZON: usize = 14;
const PATHS: usize = 1000;
const REDEMPTIONS: [&str; 5] = ["campaign", "coupon_cat", "coupon_store", "coupon_segment", "launch"];
const GROUPS: [&str; 7] = ["all", "redemption", "weekly", "short", "intermittent", "half 1", "half 2"];

#[derive(Default)]
struct Data {
    first_weekday: usize,
    values: Vec<f64>,
    known: Vec<usize>,
    groups: Vec<&'static str>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [series, origins, meta, models @ ..] = arguments.as_slice() else {
        return Err("needed are SERIES ORIGINS META [MODEL]".into());
    };
    let data = read(series, origins, meta)?;
    println!(
        "{:20} {:13} {:>5} {:>7} {:>7} {:>7} {:>7} {:>7} {:>7} {:>7} {:>7} {:>7} {:>7}",
        "model",
        "group",
        "n",
        "MASE",
        "RMSSE",
        "TOT14",
        "BIAS",
        "PL80",
        "PL95",
        "cov80",
        "cov95",
        "totc80",
        "totc95"
    );
    for model in
        Model::ALL.into_iter().filter(|model| models.is_empty() || models.contains(&model.name().to_owned()))
    {
        let scores: Vec<(&Data, Score)> =
            data.values().filter_map(|series| Some((series, score(model, series)?))).collect();
        for group in GROUPS {
            let of_group: Vec<Score> = scores
                .iter()
                .filter(|(series, _)| series.groups.contains(&group))
                .map(|(_, score)| *score)
                .collect();
            let Some(s) = Score::mean(&of_group) else { continue };
            println!(
                "{:20} {group:13} {:5} {:7.4} {:7.4} {:7.4} {:7.3} {:7.4} {:7.4} {:7.3} {:7.3} {:7.3} {:7.3}",
                model.name(),
                of_group.len(),
                s.mase,
                s.rmsse,
                s.total_error,
                s.bias,
                s.pinball_80,
                s.pinball_95,
                s.covered_80,
                s.covered_95,
                s.total_covered_80,
                s.total_covered_95
            );
        }
    }
    Ok(())
}

fn score(model: Model, data: &Data) -> Option<Score> {
    let forecasts: Vec<(usize, Vec<Point>, Point)> = data
        .known
        .iter()
        .map(|&known| {
            let series = Series { values: &data.values[..known], first_weekday: data.first_weekday };
            let fitted: Fitted = model.fit(series);
            (known, fitted.points(HORIZON), fitted.total(HORIZON, PATHS, 1))
        })
        .collect();
    let tasks: Vec<Task<'_>> = forecasts
        .iter()
        .map(|(known, points, total)| Task { series: &data.values, known: *known, points, total: *total })
        .collect();
    Score::of_series(&tasks)
}

fn read(series: &str, origins: &str, meta: &str) -> Result<BTreeMap<String, Data>, Box<dyn Error>> {
    let mut data: BTreeMap<String, Data> = BTreeMap::new();
    for row in csv::Reader::from_path(series)?.deserialize() {
        let (id, date, y): (String, String, f64) = row?;
        let entry = data.entry(id).or_default();
        if entry.values.is_empty() {
            entry.first_weekday = date.parse::<NaiveDate>()?.weekday().num_days_from_monday() as usize;
        }
        entry.values.push(y);
    }
    for row in csv::Reader::from_path(origins)?.deserialize() {
        let (id, _, known): (String, String, usize) = row?;
        data.entry(id).or_default().known.push(known);
    }
    let mut even = false;
    for row in csv::Reader::from_path(meta)?.deserialize() {
        let row: BTreeMap<String, String> = row?;
        let redemption = REDEMPTIONS.contains(&row["kind"].as_str());
        even = !even;
        let groups = [
            ("all", true),
            ("redemption", redemption),
            ("weekly", !redemption && row["weekday_p"].parse::<f64>()? < 0.05),
            ("short", row["short"] == "True"),
            ("intermittent", row["intermittent"] == "True"),
            ("half 1", even),
            ("half 2", !even),
        ];
        let groups = groups.into_iter().filter(|(_, belongs)| *belongs).map(|(group, _)| group).collect();
        data.entry(row["series_id"].clone()).or_default().groups = groups;
    }
    Ok(data)
}
