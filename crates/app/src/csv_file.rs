//! CSV files that come from outside: by name of column, a row at a time, in memory that does not grow with the file.

mod headings;
mod lines;

use std::borrow::Cow;
use std::fs::File;
use std::path::{Path, PathBuf};

use offercast_domain::csv_cell;

use headings::Headings;
use lines::{Lines, TooLong};

/// Bytes of a row. The longest that anybody needs has a few thousand; a file without line breaks, or with a quote that
/// is never closed, would be one row.
const MOST_OF_A_ROW: usize = 64 * 1024;
/// What the reader fetches at once, and what it may fetch for one row: all of it, from whatever place in a fetch.
const BUFFER: usize = 64 * 1024;
const MOST_FETCHED: usize = MOST_OF_A_ROW + BUFFER;
/// Characters of a value that an error shows.
const SHOWN: usize = 60;

/// What is wrong with a file, and where.
#[derive(Debug, thiserror::Error)]
#[error("{}{}: {message}", path.display(), line.map(|line| format!(", line {line}")).unwrap_or_default())]
pub struct InputError {
    path: PathBuf,
    line: Option<u64>,
    message: String,
}

impl InputError {
    pub fn at(path: &Path, line: u64, message: impl Into<String>) -> InputError {
        InputError { path: path.to_owned(), line: Some(line), message: message.into() }
    }

    pub fn whole(path: &Path, message: impl Into<String>) -> InputError {
        InputError { path: path.to_owned(), line: None, message: message.into() }
    }
}

/// The columns of a file.
#[derive(Debug, Clone, Copy)]
pub struct Columns {
    pub required: &'static [&'static str],
    pub optional: &'static [&'static str],
    pub others: Others,
}

/// Columns that have another name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Others {
    /// A misspelt name must not pass for a column that was left out.
    Refused,
    Ignored,
}

/// A CSV file (UTF-8, header row, RFC 4180) whose columns are found by name, in any order.
pub struct CsvFile {
    path: PathBuf,
    reader: csv::Reader<Lines<File>>,
    headings: Headings,
    record: csv::StringRecord,
    /// Where the row begins.
    line: u64,
    empty_rows: u64,
}

impl CsvFile {
    pub fn open(path: &Path, columns: Columns) -> Result<CsvFile, InputError> {
        let file = File::open(path)
            .map_err(|error| InputError::whole(path, format!("cannot be opened: {error}")))?;
        let lines = Lines::new(file, MOST_FETCHED);
        let mut reader = csv::ReaderBuilder::new().flexible(true).buffer_capacity(BUFFER).from_reader(lines);
        let names = reader.headers().map_err(|error| unreadable(path, 1, &error))?;
        let headings = Headings::find(names, columns).map_err(|message| InputError::at(path, 1, message))?;
        let record = csv::StringRecord::new();
        Ok(CsvFile { path: path.to_owned(), reader, headings, record, line: 1, empty_rows: 0 })
    }

    /// Goes to the next row that holds anything; false at the end.
    pub fn advance(&mut self) -> Result<bool, InputError> {
        while self.read()? {
            if !self.record.iter().all(|cell| cell.trim().is_empty()) {
                return self.check().map(|()| true);
            }
            self.empty_rows += 1;
        }
        Ok(false)
    }

    fn read(&mut self) -> Result<bool, InputError> {
        let before = self.reader.position().line();
        self.reader.get_mut().allow(MOST_FETCHED);
        let mut record = std::mem::take(&mut self.record).into_byte_record();
        let is_there = self
            .reader
            .read_byte_record(&mut record)
            .map_err(|error| unreadable(&self.path, before, &error))?;
        // Behind the row and the break at its end; before it there may be empty lines.
        let within = record.as_slice().iter().filter(|byte| **byte == b'\n').count() as u64;
        self.line = (self.reader.position().line()).saturating_sub(within + 1).max(before);
        self.record = csv::StringRecord::from_byte_record(record)
            .map_err(|_| InputError::at(&self.path, self.line, NOT_UTF_8))?;
        Ok(is_there)
    }

    fn check(&self) -> Result<(), InputError> {
        let (fields, expected) = (self.record.len(), self.headings.count());
        let cells = self.record.as_slice();
        if cells.len() > MOST_OF_A_ROW {
            return Err(self.wrong(TooLong(MOST_OF_A_ROW).to_string()));
        }
        // No column takes one; what follows a quote that is never closed is full of them.
        if cells.contains('\n') {
            return Err(self.wrong("has a line break within a field; is a closing quote missing?"));
        }
        if fields != expected {
            return Err(self.wrong(format!("has {fields} fields where the header has {expected}")));
        }
        if cells.contains('\0') {
            return Err(self.wrong("holds a NUL byte, which no text does"));
        }
        self.check_unnamed()
    }

    fn check_unnamed(&self) -> Result<(), InputError> {
        let is_lost = |place: &&usize| self.record.get(**place).is_some_and(|cell| !cell.trim().is_empty());
        match self.headings.without_name().iter().find(is_lost) {
            Some(place) => Err(self.wrong(format!("column {} has a value and no heading", place + 1))),
            None => Ok(()),
        }
    }

    /// Rows so far that held nothing but empty cells, as spreadsheets leave them behind.
    pub fn empty_rows(&self) -> u64 {
        self.empty_rows
    }

    /// A field of the row without spaces around it, empty where it or its column is missing.
    pub fn field(&self, name: &str) -> &str {
        self.exact(name).trim()
    }

    /// A field of text to the letter, as it was before an export escaped it.
    pub fn text(&self, name: &str) -> Cow<'_, str> {
        csv_cell::undo(self.exact(name))
    }

    fn exact(&self, name: &str) -> &str {
        self.headings.place(name).and_then(|place| self.record.get(place)).unwrap_or_default()
    }

    pub fn line(&self) -> u64 {
        self.line
    }

    /// An error of this row.
    pub fn wrong(&self, message: impl Into<String>) -> InputError {
        InputError::at(&self.path, self.line, message)
    }
}

/// A value as errors show it: not all of a long one, and no control characters.
pub fn shown(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{:?}...", &text[..end]),
        None => format!("{text:?}"),
    }
}

const NOT_UTF_8: &str = "is not UTF-8; save the file as CSV in UTF-8";

fn unreadable(path: &Path, line: u64, error: &csv::Error) -> InputError {
    let message = match error.kind() {
        csv::ErrorKind::Utf8 { .. } => NOT_UTF_8.to_owned(),
        csv::ErrorKind::Io(error) if TooLong::is(error) => TooLong(MOST_OF_A_ROW).to_string(),
        _ => format!("cannot be read: {error}"),
    };
    InputError::at(path, line, message)
}

#[cfg(test)]
mod tests;
