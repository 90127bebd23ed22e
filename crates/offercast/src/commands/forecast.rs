//! Forecasts of CSV series, without a database.

use std::collections::HashMap;
use std::fs::File;
use std::path::{Path, PathBuf};

use anyhow::Context;
use chrono::{Datelike, NaiveDate};
use offercast_forecast::{Model, Point, Series};

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

/// Draws of the sum of all days, and the seed that makes them the same every time.
const PATHS: usize = 1000;
const SEED: u64 = 1;
/// Forecasts that are worked out before they are written: memory does not grow with the origins.
const BATCH: usize = 512;

/// A value, its day and the line it stands on.
struct Row {
    date: NaiveDate,
    y: f64,
    line: u64,
}

type AllSeries = HashMap<String, Vec<Row>>;

/// A forecast to make: the rows up to the origin.
struct Task<'a> {
    id: String,
    origin: NaiveDate,
    rows: &'a [Row],
}

struct Forecast {
    points: Vec<Point>,
    /// Where totals are asked for.
    total: Option<Point>,
}

pub fn run(arguments: &cli::Forecast) -> anyhow::Result<()> {
    let model = Model::parse(&arguments.model).ok_or_else(|| {
        let known = Model::ALL.map(Model::name).join(", ");
        InputError(format!("--model: there is no model {:?}; there are {known}", arguments.model))
    })?;
    if arguments.totals.as_ref() == Some(&arguments.out) {
        return Err(InputError("--totals: has to be another file than --out".to_owned()).into());
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

/// Reads the origins and hands them on in batches, in their order.
fn for_each_batch<'a>(
    origins: &Path,
    series: &'a AllSeries,
    mut each: impl FnMut(&[Task<'a>]) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let mut tasks = Vec::with_capacity(BATCH);
    Table::open(origins, ["series_id", "origin"])?.for_each(|table, [id, origin]| {
        let origin = table.day("origin", origin)?;
        let rows = series.get(id).ok_or_else(|| {
            table.wrong(&format!("series_id: there is no series {id:?} in the series file"))
        })?;
        let rows = &rows[..rows.partition_point(|row| row.date <= origin)];
        if rows.is_empty() {
            return Err(table.wrong(&format!("origin: series {id} has no row up to {origin}")).into());
        }
        tasks.push(Task { id: id.to_owned(), origin, rows });
        if tasks.len() == BATCH {
            each(&tasks)?;
            tasks.clear();
        }
        Ok(())
    })?;
    each(&tasks)
}

/// On all cores.
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

/// One value a day from the first day to the origin; days without a row are 0.
fn history(first: NaiveDate, task: &Task<'_>) -> Vec<f64> {
    let mut recorded = task.rows.iter().peekable();
    first
        .iter_days()
        .take_while(|date| *date <= task.origin)
        .map(|date| recorded.next_if(|row| row.date == date).map_or(0.0, |row| row.y))
        .collect()
}

fn read_series(path: &Path) -> anyhow::Result<AllSeries> {
    let mut series = AllSeries::new();
    Table::open(path, ["series_id", "date", "y"])?.for_each(|table, [id, date, y]| {
        let date = table.day("date", date)?;
        let y: f64 = y
            .parse()
            .ok()
            .filter(|y: &f64| y.is_finite() && *y >= 0.0)
            .ok_or_else(|| table.wrong(&format!("y: {y:?} has to be a number of 0 or more")))?;
        let row = Row { date, y, line: table.line };
        match series.get_mut(id) {
            Some(rows) => rows.push(row),
            None => drop(series.insert(id.to_owned(), vec![row])),
        }
        Ok(())
    })?;
    for (id, rows) in &mut series {
        rows.sort_by_key(|row| row.date);
        if let Some([_, again]) = rows.array_windows().find(|[one, other]| one.date == other.date) {
            let (path, line, date) = (path.display(), again.line, again.date);
            return Err(InputError(format!("{path}, line {line}: date: series {id} has {date} twice")).into());
        }
    }
    Ok(series)
}

/// A CSV file that is written beside its target and moved there once complete: a failure leaves nothing
/// half-done.
struct Unfinished {
    target: PathBuf,
    path: PathBuf,
    writer: csv::Writer<File>,
}

impl Unfinished {
    fn create(target: &Path, header: &[&str]) -> anyhow::Result<Unfinished> {
        let path = PathBuf::from(format!("{}.unfinished", target.display()));
        let file = File::create(&path)
            .map_err(|error| InputError(format!("{} cannot be written: {error}", path.display())))?;
        let mut unfinished =
            Unfinished { target: target.to_owned(), path, writer: csv::Writer::from_writer(file) };
        unfinished.writer.write_record(header)?;
        Ok(unfinished)
    }

    fn write(&mut self, task: &Task<'_>, h: Option<u32>, point: &Point) -> csv::Result<()> {
        self.writer.write_field(&task.id)?;
        self.writer.write_field(task.origin.to_string())?;
        if let Some(h) = h {
            self.writer.write_field(h.to_string())?;
        }
        for number in [point.mean, point.lower_80, point.upper_80, point.lower_95, point.upper_95] {
            self.writer.write_field(number.to_string())?;
        }
        self.writer.write_record(None::<&[u8]>)
    }

    fn finish(mut self) -> anyhow::Result<()> {
        let cannot = || format!("{} cannot be written", self.target.display());
        self.writer.flush().with_context(cannot)?;
        std::fs::rename(&self.path, &self.target).with_context(cannot)
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        // Gone already when it was finished.
        let _ = std::fs::remove_file(&self.path);
    }
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
