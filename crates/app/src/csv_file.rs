//! Reads CSV files from users: columns are found by name, and memory use does not depend on the size of the file.

mod headings;
mod line_reader;

use std::borrow::Cow;
use std::fs::File;
use std::path::{Path, PathBuf};

use offercast_domain::csv_cell;

use headings::Headings;
use line_reader::{LineReader, TooLong};

/// Longest row in bytes. Real rows have a few thousand; a file without line breaks or with an unclosed quote would be a
/// single row.
const MAX_ROW: usize = 64 * 1024;
/// Size of the read buffer in bytes.
const BUFFER: usize = 64 * 1024;
/// Bytes that may be read for one row, which may start anywhere in the buffer.
const MAX_READ: usize = MAX_ROW + BUFFER;
/// Longest value shown in an error, in characters.
const SHOWN: usize = 60;

/// An error in an input file, with its location.
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

/// How to treat unknown columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Others {
    /// Rejects the file, so that a misspelt optional column is noticed.
    Refused,
    Ignored,
}

/// A CSV file (UTF-8, header row, RFC 4180) whose columns are found by name, in any order.
pub struct CsvFile {
    path: PathBuf,
    reader: csv::Reader<LineReader<File>>,
    headings: Headings,
    record: csv::StringRecord,
    /// The first line of the current row.
    line: u64,
    empty_rows: u64,
}

impl CsvFile {
    pub fn open(path: &Path, columns: Columns) -> Result<CsvFile, InputError> {
        let file = File::open(path)
            .map_err(|error| InputError::whole(path, format!("cannot be opened: {error}")))?;
        let lines = LineReader::new(file, MAX_READ);
        let mut reader = csv::ReaderBuilder::new().flexible(true).buffer_capacity(BUFFER).from_reader(lines);
        let names = reader.headers().map_err(|error| unreadable(path, 1, &error))?;
        let headings = Headings::find(names, columns).map_err(|message| InputError::at(path, 1, message))?;
        let record = csv::StringRecord::new();
        Ok(CsvFile { path: path.to_owned(), reader, headings, record, line: 1, empty_rows: 0 })
    }

    /// Reads the next non-empty row. Returns false at the end of the file.
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
        self.reader.get_mut().allow(MAX_READ);
        let mut record = std::mem::take(&mut self.record).into_byte_record();
        let has_row = self
            .reader
            .read_byte_record(&mut record)
            .map_err(|error| unreadable(&self.path, before, &error))?;
        // The reader's line is after the row and its line break. The row may follow empty lines.
        let within = record.as_slice().iter().filter(|byte| **byte == b'\n').count() as u64;
        self.line = (self.reader.position().line()).saturating_sub(within + 1).max(before);
        self.record = csv::StringRecord::from_byte_record(record)
            .map_err(|_| InputError::at(&self.path, self.line, NOT_UTF_8))?;
        Ok(has_row)
    }

    fn check(&self) -> Result<(), InputError> {
        let (fields, expected) = (self.record.len(), self.headings.count());
        let cells = self.record.as_slice();
        if cells.len() > MAX_ROW {
            return Err(self.wrong(TooLong(MAX_ROW).to_string()));
        }
        // No column allows line breaks. They usually follow an unclosed quote.
        if cells.contains('\n') {
            return Err(self.wrong("has a line break within a field; is a closing quote missing?"));
        }
        if fields != expected {
            return Err(self.wrong(format!("has {fields} fields, but the header has {expected}")));
        }
        if cells.contains('\0') {
            return Err(self.wrong("contains a NUL byte"));
        }
        self.check_unnamed()
    }

    fn check_unnamed(&self) -> Result<(), InputError> {
        let has_value = |index: &&usize| self.record.get(**index).is_some_and(|cell| !cell.trim().is_empty());
        match self.headings.without_name().iter().find(has_value) {
            Some(index) => Err(self.wrong(format!("column {} has a value but no heading", index + 1))),
            None => Ok(()),
        }
    }

    /// Number of rows so far with only empty cells, as spreadsheets often write them.
    pub fn empty_rows(&self) -> u64 {
        self.empty_rows
    }

    /// Returns a field of the row without surrounding spaces; empty if the field or its column is missing.
    pub fn field(&self, name: &str) -> &str {
        self.exact(name).trim()
    }

    /// Returns a text field unchanged, apart from undoing the escaping of an export.
    pub fn text(&self, name: &str) -> Cow<'_, str> {
        csv_cell::undo(self.exact(name))
    }

    fn exact(&self, name: &str) -> &str {
        self.headings.index(name).and_then(|index| self.record.get(index)).unwrap_or_default()
    }

    pub fn line(&self) -> u64 {
        self.line
    }

    /// Creates an error for the current row.
    pub fn wrong(&self, message: impl Into<String>) -> InputError {
        InputError::at(&self.path, self.line, message)
    }
}

/// Formats a value for an error message: shortened, with control characters escaped.
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
        csv::ErrorKind::Io(error) if TooLong::is(error) => TooLong(MAX_ROW).to_string(),
        _ => format!("cannot be read: {error}"),
    };
    InputError::at(path, line, message)
}

#[cfg(test)]
mod tests;
