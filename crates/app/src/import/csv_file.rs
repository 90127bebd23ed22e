use std::collections::HashMap;
use std::fs::File;
use std::path::{Path, PathBuf};

/// What is wrong with a file, and where.
#[derive(Debug, thiserror::Error)]
#[error("{}{}: {message}", path.display(), line.map(|line| format!(", line {line}")).unwrap_or_default())]
pub struct InputError {
    path: PathBuf,
    line: Option<u64>,
    message: String,
}

impl InputError {
    pub(super) fn at(path: &Path, line: u64, message: impl Into<String>) -> InputError {
        InputError { path: path.to_owned(), line: Some(line), message: message.into() }
    }

    fn whole(path: &Path, message: impl Into<String>) -> InputError {
        InputError { path: path.to_owned(), line: None, message: message.into() }
    }
}

/// A CSV file (UTF-8, header row, RFC 4180) whose columns are found by name, in any order.
pub(super) struct CsvFile {
    path: PathBuf,
    reader: csv::Reader<File>,
    columns: HashMap<&'static str, usize>,
    record: csv::StringRecord,
}

impl CsvFile {
    /// Columns that are not known are left alone.
    pub(super) fn open(
        path: &Path,
        required: &[&'static str],
        optional: &[&'static str],
    ) -> Result<CsvFile, InputError> {
        let file = File::open(path)
            .map_err(|error| InputError::whole(path, format!("cannot be opened: {error}")))?;
        let mut reader = csv::ReaderBuilder::new().buffer_capacity(1 << 16).from_reader(file);
        let headers = reader.headers().map_err(|error| unreadable(path, &error))?.clone();
        let find = |name: &str| headers.iter().position(|h| h.trim_start_matches('\u{feff}').trim() == name);
        let mut columns = HashMap::new();
        for name in required.iter().chain(optional) {
            if let Some(position) = find(name) {
                columns.insert(*name, position);
            }
        }
        if let Some(missing) = required.iter().find(|name| !columns.contains_key(*name)) {
            let message = format!("there is no column {missing}; needed are {}", required.join(","));
            return Err(InputError::at(path, 1, message));
        }
        Ok(CsvFile { path: path.to_owned(), reader, columns, record: csv::StringRecord::new() })
    }

    /// Goes to the next row; false at the end.
    pub(super) fn advance(&mut self) -> Result<bool, InputError> {
        self.reader.read_record(&mut self.record).map_err(|error| unreadable(&self.path, &error))
    }

    /// A field of the row without spaces around it, empty where it or its column is missing.
    pub(super) fn field(&self, name: &str) -> &str {
        self.exact(name).trim()
    }

    /// A field to the letter: somebody else's name for a thing.
    pub(super) fn exact(&self, name: &str) -> &str {
        self.columns.get(name).and_then(|&column| self.record.get(column)).unwrap_or_default()
    }

    pub(super) fn line(&self) -> u64 {
        self.record.position().map_or(0, csv::Position::line)
    }

    /// An error of this row.
    pub(super) fn wrong(&self, message: impl Into<String>) -> InputError {
        InputError::at(&self.path, self.line(), message)
    }
}

fn unreadable(path: &Path, error: &csv::Error) -> InputError {
    let line = error.position().map(csv::Position::line);
    let message = match error.kind() {
        csv::ErrorKind::Utf8 { .. } => "is not UTF-8".to_owned(),
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("has {len} fields where the header has {expected_len}")
        }
        _ => format!("cannot be read: {error}"),
    };
    InputError { path: path.to_owned(), line, message }
}
