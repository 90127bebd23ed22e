//! Forecasts series from CSV, without a database.

use std::collections::HashMap;
use std::fs::File;
use std::path::{Path, PathBuf};

use anyhow::Context;
use chrono::{Datelike, NaiveDate};
use offercast_app::csv_file::{Columns, CsvFile, InputError, Others, shown};
use offercast_forecast::{Model, Point, Series};

use crate::cli;

/// An argument or output file that cannot be used.
#[derive(Debug)]
pub struct InvalidArgument(String);

impl std::fmt::Display for InvalidArgument {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for InvalidArgument {}

/// Number of sample paths for the total, and their seed, which makes the output reproducible.
const PATHS: usize = 1000;
const SEED: u64 = 1;
/// The largest accepted value. Sums and squares of larger values would lose precision and finally overflow.
const MAX_VALUE: f64 = 1e15;
/// Forecasts are computed and written in batches, so that memory does not grow with the number of origins.
const BATCH: usize = 512;

/// A value with its day and its line in the file.
struct Row {
    date: NaiveDate,
    y: f64,
    line: u64,
}

type AllSeries = HashMap<String, Vec<Row>>;

/// A forecast to compute, from the rows up to the origin.
struct Task<'a> {
    id: String,
    origin: NaiveDate,
    rows: &'a [Row],
}

struct Forecast {
    points: Vec<Point>,
    /// `None` unless totals are requested.
    total: Option<Point>,
}

pub fn run(arguments: &cli::Forecast) -> anyhow::Result<()> {
    let model = Model::parse(&arguments.model).ok_or_else(|| {
        let known = Model::ALL.map(Model::name).join(", ");
        InvalidArgument(format!("--model: unknown model {:?}; models are {known}", arguments.model))
    })?;
    if arguments.totals.as_ref() == Some(&arguments.out) {
        return Err(InvalidArgument("--totals: must be a different file from --out".to_owned()).into());
    }
    let series = read_series(&arguments.series)?;
    let days_header = ["series_id", "origin", "h", "mean", "lo80", "hi80", "lo95", "hi95"];
    let total_header = ["series_id", "origin", "mean", "lo80", "hi80", "lo95", "hi95"];
    let mut days = Unfinished::create(&arguments.out, &days_header)?;
    let mut totals =
        arguments.totals.as_ref().map(|path| Unfinished::create(path, &total_header)).transpose()?;
    let (horizon, with_totals) = (arguments.horizon.into(), totals.is_some());
    for_each_batch(&arguments.origins, &series, |tasks| {
        for (task, forecast) in tasks.iter().zip(forecast_all(model, horizon, with_totals, tasks)) {
            for (h, point) in (1..).zip(&forecast.points) {
                days.write(task, Some(h), point)?;
            }
            if let Some((totals, total)) = totals.as_mut().zip(forecast.total) {
                totals.write(task, None, &total)?;
            }
        }
        Ok(())
    })?;
    days.finish()?;
    totals.map_or(Ok(()), Unfinished::finish)
}

/// Reads the origins and calls `each` with batches of them, in the order of the file.
fn for_each_batch<'a>(
    origins: &Path,
    series: &'a AllSeries,
    mut each: impl FnMut(&[Task<'a>]) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let mut tasks = Vec::with_capacity(BATCH);
    let mut file = CsvFile::open(origins, columns(&["series_id", "origin"]))?;
    while file.advance()? {
        tasks.push(task(&file, series)?);
        if tasks.len() == BATCH {
            each(&tasks)?;
            tasks.clear();
        }
    }
    each(&tasks)
}

fn task<'a>(file: &CsvFile, series: &'a AllSeries) -> Result<Task<'a>, InputError> {
    let (id, origin) = (file.field("series_id"), day(file, "origin")?);
    let rows = series
        .get(id)
        .ok_or_else(|| file.wrong(format!("series_id: the series file has no series {}", shown(id))))?;
    let rows = &rows[..rows.partition_point(|row| row.date <= origin)];
    if rows.is_empty() {
        return Err(file.wrong(format!("origin: series {} has no row up to {origin}", shown(id))));
    }
    Ok(Task { id: id.to_owned(), origin, rows })
}

/// Required columns; others are ignored.
fn columns(required: &'static [&'static str]) -> Columns {
    Columns { required, optional: &[], others: Others::Ignored }
}

/// Computes the forecasts on all cores.
fn forecast_all(model: Model, horizon: usize, with_totals: bool, tasks: &[Task<'_>]) -> Vec<Forecast> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let share = tasks.len().div_ceil(cores).max(1);
    let forecast_share = |tasks: &[Task<'_>]| -> Vec<Forecast> {
        tasks.iter().map(|task| forecast(model, horizon, with_totals, task)).collect()
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> =
            tasks.chunks(share).map(|share| scope.spawn(move || forecast_share(share))).collect();
        let done = threads
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        done.flatten().collect()
    })
}

fn forecast(model: Model, horizon: usize, with_totals: bool, task: &Task<'_>) -> Forecast {
    let first = task.rows.first().map_or(task.origin, |row| row.date);
    let values = history(first, task);
    let first_weekday = first.weekday().num_days_from_monday() as usize;
    let fitted = model.fit(Series { values: &values, first_weekday });
    let total = with_totals.then(|| fitted.total(horizon, PATHS, SEED));
    Forecast { points: fitted.points(horizon), total }
}

/// One value per day from the first day to the origin; days without a row are 0.
fn history(first: NaiveDate, task: &Task<'_>) -> Vec<f64> {
    let mut recorded = task.rows.iter().peekable();
    first
        .iter_days()
        .take_while(|date| *date <= task.origin)
        .map(|date| recorded.next_if(|row| row.date == date).map_or(0.0, |row| row.y))
        .collect()
}

fn read_series(path: &Path) -> Result<AllSeries, InputError> {
    let mut file = CsvFile::open(path, columns(&["series_id", "date", "y"]))?;
    let mut series = AllSeries::new();
    while file.advance()? {
        let row = Row { date: day(&file, "date")?, y: value(&file)?, line: file.line() };
        let id = file.field("series_id");
        match series.get_mut(id) {
            Some(rows) => rows.push(row),
            None => drop(series.insert(id.to_owned(), vec![row])),
        }
    }
    for (id, rows) in &mut series {
        rows.sort_by_key(|row| row.date);
        if let Some([_, again]) = rows.array_windows().find(|[one, other]| one.date == other.date) {
            let message = format!("date: series {} has {} twice", shown(id), again.date);
            return Err(InputError::at(path, again.line, message));
        }
    }
    Ok(series)
}

/// Reads `y`. Adding 0 turns -0 into 0.
fn value(file: &CsvFile) -> Result<f64, InputError> {
    let text = file.field("y");
    let value: Option<f64> = text.parse().ok();
    value
        .filter(|value| (0.0..=MAX_VALUE).contains(value))
        .map(|value| value + 0.0)
        .ok_or_else(|| file.wrong(format!("y: {} must be a number from 0 to {MAX_VALUE:e}", shown(text))))
}

fn day(file: &CsvFile, field: &str) -> Result<NaiveDate, InputError> {
    let text = file.field(field);
    let has_format = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    text.parse().ok().filter(|_| has_format).ok_or_else(|| {
        file.wrong(format!("{field}: {} must be a date in the format YYYY-MM-DD", shown(text)))
    })
}

/// A CSV file that is written next to its target and renamed when complete, so that a failure does not leave a partial
/// file.
struct Unfinished {
    target: PathBuf,
    path: PathBuf,
    writer: csv::Writer<File>,
}

impl Unfinished {
    fn create(target: &Path, header: &[&str]) -> anyhow::Result<Unfinished> {
        let path = PathBuf::from(format!("{}.unfinished", target.display()));
        let file = File::create(&path)
            .map_err(|error| InvalidArgument(format!("{} cannot be written: {error}", path.display())))?;
        let mut unfinished =
            Unfinished { target: target.to_owned(), path, writer: csv::Writer::from_writer(file) };
        unfinished.writer.write_record(header)?;
        Ok(unfinished)
    }

    fn write(&mut self, task: &Task<'_>, h: Option<u32>, point: &Point) -> anyhow::Result<()> {
        self.writer.write_field(&task.id)?;
        self.writer.write_field(task.origin.to_string())?;
        if let Some(h) = h {
            self.writer.write_field(h.to_string())?;
        }
        for number in [point.mean, point.lower_80, point.upper_80, point.lower_95, point.upper_95] {
            self.writer
                .write_field(formatted(number).with_context(|| format!("series {}", shown(&task.id)))?)?;
        }
        self.writer.write_record(None::<&[u8]>)?;
        Ok(())
    }

    fn finish(mut self) -> anyhow::Result<()> {
        let cannot = || format!("{} cannot be written", self.target.display());
        self.writer.flush().with_context(cannot)?;
        std::fs::rename(&self.path, &self.target).with_context(cannot)
    }
}

/// Formats a finite number. Adding 0 turns -0 into 0.
fn formatted(number: f64) -> anyhow::Result<String> {
    anyhow::ensure!(number.is_finite(), "its forecast is not a finite number");
    Ok((number + 0.0).to_string())
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        // The file no longer exists after `finish`.
        let _ = std::fs::remove_file(&self.path);
    }
}
