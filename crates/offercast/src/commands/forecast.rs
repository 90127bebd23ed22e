//! Forecasts of CSV series, without a database.

use std::collections::HashMap;
use std::fs::File;
use std::path::{Path, PathBuf};

use anyhow::Context;
use chrono::NaiveDate;
use offercast_forecast::Model;

use crate::cli;

/// What is wrong with a file or an argument, and where.
#[derive(Debug)]
pub struct InputError(String);

impl std::fmt::Display for InputError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for InputError {}

/// Values by day.
type Series = HashMap<String, Vec<(NaiveDate, f64)>>;

pub fn run(arguments: &cli::Forecast) -> anyhow::Result<()> {
    let model = Model::parse(&arguments.model).ok_or_else(|| {
        let known = Model::ALL.map(Model::name).join(", ");
        InputError(format!("--model: there is no model {:?}; there are {known}", arguments.model))
    })?;
    let series = read_series(&arguments.series)?;
    // Written beside the target and moved there once complete: a failure leaves nothing half-done.
    let unfinished = PathBuf::from(format!("{}.unfinished", arguments.out.display()));
    let result = write(arguments, model, &series, &unfinished);
    if result.is_err() {
        let _ = std::fs::remove_file(&unfinished);
        return result;
    }
    std::fs::rename(&unfinished, &arguments.out)
        .with_context(|| format!("{} cannot be written", arguments.out.display()))
}

fn write(arguments: &cli::Forecast, model: Model, series: &Series, out: &Path) -> anyhow::Result<()> {
    let file = File::create(out)
        .map_err(|error| InputError(format!("--out: {} cannot be written: {error}", out.display())))?;
    let mut writer = csv::Writer::from_writer(file);
    writer.write_record(["series_id", "origin", "h", "mean", "lo80", "hi80", "lo95", "hi95"])?;
    let origins = Table::open(&arguments.origins, ["series_id", "origin"])?;
    origins.for_each(|table, [id, origin]| {
        let origin = table.day("origin", origin)?;
        let days = series.get(id).ok_or_else(|| {
            table.wrong(&format!("series_id: there is no series {id:?} in the series file"))
        })?;
        let history = history(days, origin);
        if history.is_empty() {
            return Err(table.wrong(&format!("origin: series {id} has no row up to {origin}")).into());
        }
        for (h, point) in (1..).zip(model.forecast(&history, arguments.horizon.into())) {
            let numbers = [point.mean, point.lower_80, point.upper_80, point.lower_95, point.upper_95];
            let numbers = numbers.map(|number| number.to_string());
            let fields = [id.to_owned(), origin.to_string(), h.to_string()].into_iter().chain(numbers);
            writer.write_record(fields)?;
        }
        Ok(())
    })?;
    writer.flush()?;
    Ok(())
}

/// One value a day from the first day to the origin; days without a row are 0.
fn history(days: &[(NaiveDate, f64)], origin: NaiveDate) -> Vec<f64> {
    let Some((first, _)) = days.first() else { return Vec::new() };
    let mut recorded = days.iter().peekable();
    first
        .iter_days()
        .take_while(|date| *date <= origin)
        .map(|date| recorded.next_if(|(day, _)| *day == date).map_or(0.0, |(_, y)| *y))
        .collect()
}

fn read_series(path: &Path) -> anyhow::Result<Series> {
    let mut series = Series::new();
    Table::open(path, ["series_id", "date", "y"])?.for_each(|table, [id, date, y]| {
        let date = table.day("date", date)?;
        let y: f64 = y
            .parse()
            .ok()
            .filter(|y: &f64| y.is_finite() && *y >= 0.0)
            .ok_or_else(|| table.wrong(&format!("y: {y:?} has to be a number of 0 or more")))?;
        series.entry(id.to_owned()).or_default().push((date, y));
        Ok(())
    })?;
    for (id, days) in &mut series {
        days.sort_by_key(|(date, _)| *date);
        if let Some(pair) = days.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            let message = format!("{}: series {id} has {} twice", path.display(), pair[0].0);
            return Err(InputError(message).into());
        }
    }
    Ok(series)
}

/// A CSV file of which N columns are read, by name.
struct Table<const N: usize> {
    path: PathBuf,
    reader: csv::Reader<File>,
    columns: [usize; N],
    line: u64,
}

impl<const N: usize> Table<N> {
    fn open(path: &Path, names: [&str; N]) -> anyhow::Result<Table<N>> {
        let wrong = |message: String| InputError(format!("{}: {message}", path.display()));
        let file = File::open(path).map_err(|error| wrong(format!("cannot be opened: {error}")))?;
        let mut reader = csv::Reader::from_reader(file);
        let headers = reader.headers().map_err(|error| wrong(error.to_string()))?.clone();
        let mut columns = [0; N];
        for (column, name) in columns.iter_mut().zip(names) {
            *column = headers.iter().position(|header| header.trim() == name).ok_or_else(|| {
                wrong(format!("line 1: there is no column {name}; needed are {}", names.join(",")))
            })?;
        }
        Ok(Table { path: path.to_owned(), reader, columns, line: 1 })
    }

    fn for_each(
        mut self,
        mut each: impl FnMut(&Self, [&str; N]) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let mut record = csv::StringRecord::new();
        loop {
            let more = self
                .reader
                .read_record(&mut record)
                .map_err(|error| InputError(format!("{}: cannot be read: {error}", self.path.display())))?;
            if !more {
                return Ok(());
            }
            self.line = record.position().map_or(self.line, csv::Position::line);
            let fields = self.columns.map(|column| record.get(column).unwrap_or_default().trim());
            each(&self, fields)?;
        }
    }

    fn day(&self, field: &str, text: &str) -> Result<NaiveDate, InputError> {
        text.parse().map_err(|_| self.wrong(&format!("{field}: {text:?} has to be a day written YYYY-MM-DD")))
    }

    fn wrong(&self, message: &str) -> InputError {
        InputError(format!("{}, line {}: {message}", self.path.display(), self.line))
    }
}
