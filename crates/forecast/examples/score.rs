//! Scores every model on daily series, by group of series:
//! `cargo run --release -p offercast-forecast --example score -- [--json FILE] SERIES ORIGINS META [MODEL]`
//!
//! For groups with the same number of series as in reference.csv, it also prints the scores that models of other
//! libraries reached there.
//!
//! SERIES has the columns series_id,date,y; ORIGINS series_id,origin,n_history (the number of rows known at the
//! origin); META series_id,kind,weekday_p,short,intermittent.

use std::collections::BTreeMap;
use std::error::Error;

use chrono::{Datelike, NaiveDate};
use offercast_forecast::evaluation::{Score, Task};
use offercast_forecast::{Fitted, Model, Point, Series};

const HORIZON: usize = 14;
const PATHS: usize = 1000;
const REDEMPTIONS: [&str; 5] = ["campaign", "coupon_cat", "coupon_store", "coupon_segment", "launch"];
const GROUPS: [&str; 7] = ["all", "redemption", "weekly", "short", "intermittent", "half 1", "half 2"];

/// Columns: group, model, number of series, then the measures in the order of the printed table.
const REFERENCE: &str = include_str!("reference.csv");

#[derive(Default)]
struct Data {
    first_weekday: usize,
    values: Vec<f64>,
    known: Vec<usize>,
    groups: Vec<&'static str>,
}

/// The score of a model on a group of series.
struct Row {
    model: String,
    group: &'static str,
    series: usize,
    score: Score,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let json = arguments.iter().position(|argument| argument == "--json").map(|index| {
        arguments.remove(index);
        if index < arguments.len() { arguments.remove(index) } else { String::new() }
    });
    let [series, origins, meta, models @ ..] = arguments.as_slice() else {
        return Err("expected arguments: [--json FILE] SERIES ORIGINS META [MODEL]".into());
    };
    let data = read(series, origins, meta)?;
    let selected = |model: &Model| models.is_empty() || models.contains(&model.name().to_owned());
    let rows: Vec<Row> =
        Model::ALL.into_iter().filter(selected).flat_map(|model| rows_of(model, &data)).collect();
    print(&rows);
    if let Some(file) = json {
        let rows: Vec<String> = rows.iter().map(Row::json).collect();
        std::fs::write(file, format!("[{}]\n", rows.join(",\n")))?;
    }
    Ok(())
}

fn rows_of(model: Model, data: &BTreeMap<String, Data>) -> Vec<Row> {
    let scores: Vec<(&Data, Score)> =
        data.values().filter_map(|series| Some((series, score(model, series)?))).collect();
    let of_group = |group| {
        let of_group = scores.iter().filter(|(series, _)| series.groups.contains(&group));
        let scores: Vec<Score> = of_group.map(|(_, score)| *score).collect();
        let score = Score::mean(&scores)?;
        Some(Row { model: model.name().to_owned(), group, series: scores.len(), score })
    };
    GROUPS.into_iter().filter_map(of_group).collect()
}

/// Prints a table per group: our models, then those of other libraries on the same series.
fn print(rows: &[Row]) {
    for group in GROUPS {
        let ours: Vec<&Row> = rows.iter().filter(|row| row.group == group).collect();
        let Some(series) = ours.first().map(|row| row.series) else { continue };
        println!(
            "\n{:26}{:>7}{:>7}{:>7}{:>7}{:>7}{:>7}{:>7}{:>7}",
            format!("{group}, {series} series"),
            "MASE",
            "RMSSE",
            "TOT14",
            "PL80",
            "cov80",
            "cov95",
            "tot80",
            "tot95"
        );
        for Row { model, score: s, .. } in ours {
            println!(
                "{model:26}{:7.3}{:7.3}{:7.3}{:7.3}{:7.3}{:7.3}{:7.3}{:7.3}",
                s.mase,
                s.rmsse,
                s.total_error,
                s.pinball_80,
                s.covered_80,
                s.covered_95,
                s.total_covered_80,
                s.total_covered_95
            );
        }
        for line in REFERENCE.lines().skip(1) {
            let fields: Vec<&str> = line.split(',').collect();
            if fields[0] == group && fields[2] == series.to_string() {
                let figures: String = fields[3..].iter().map(|figure| format!("{figure:>7}")).collect();
                println!("{:26}{figures}", fields[1]);
            }
        }
    }
}

impl Row {
    fn json(&self) -> String {
        let Row { model, group, series, score: s } = self;
        format!(
            "{{\"model\": \"{model}\", \"group\": \"{group}\", \"series\": {series}, \"mase\": {:.4}, \"rmsse\": {:.4}, \
             \"tot14\": {:.4}, \"bias\": {:.4}, \"pl80\": {:.4}, \"pl95\": {:.4}, \"cov80\": {:.4}, \"cov95\": {:.4}, \
             \"total_cov80\": {:.4}, \"total_cov95\": {:.4}}}",
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
        )
    }
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
