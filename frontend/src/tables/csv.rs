use offercast_domain::csv_cell;

use super::{Cell, Row, Table};

/// A table as CSV (RFC 4180). Dates, numbers and column names need no quotes.
pub fn csv(table: &Table) -> String {
    let names = table.columns.iter().map(|column| column.name.to_owned());
    let head = line("date".to_owned(), names);
    let body = table
        .rows
        .iter()
        .map(|Row { day, cells, .. }| line(day.to_string(), cells.iter().map(|cell| cell.plain())));
    std::iter::once(head).chain(body).collect()
}

fn line(first: String, rest: impl Iterator<Item = String>) -> String {
    let fields: Vec<String> = std::iter::once(first).chain(rest).collect();
    fields.join(",") + "\r\n"
}

/// A field of a CSV record.
#[derive(Clone, Debug, PartialEq)]
pub enum Field {
    /// Arbitrary text, quoted and escaped.
    Text(String),
    Figure(Cell),
}

/// Rows with text, escaped so that no spreadsheet interprets it as a formula.
pub fn csv_of_fields(names: &[&str], rows: &[Vec<Field>]) -> String {
    let head = names.join(",") + "\r\n";
    let record = |fields: &Vec<Field>| fields.iter().map(field_text).collect::<Vec<_>>().join(",") + "\r\n";
    std::iter::once(head).chain(rows.iter().map(record)).collect()
}

fn field_text(field: &Field) -> String {
    match field {
        Field::Text(text) => csv_cell::text(text),
        Field::Figure(cell) => cell.plain(),
    }
}

/// Returns a name such as `SUMMER-10-daily.csv`. Codes contain only characters that file names may have.
pub fn file_name(code: &str, panel: &str, kind: &str) -> String {
    format!("{code}-{panel}.{kind}")
}

#[cfg(test)]
mod tests {
    use super::super::{budget, cumulative, daily, forecast};
    use super::*;
    use crate::charts::sample_dashboard;

    #[test]
    fn each_panel_has_its_file() {
        let data = sample_dashboard();
        let files: String = [daily, cumulative, budget, forecast].map(|table| csv(&table(&data))).join("\n");
        assert_eq!(files.matches("\r\n").count(), files.matches('\n').count() - 3);
        insta::assert_snapshot!(files.replace('\r', ""));
    }

    #[test]
    fn only_text_is_quoted_and_escaped() {
        let text = |text: &str| Field::Text(text.to_owned());
        let rows = [
            vec![text("A, \"B\""), Field::Figure(Cell::Count(1))],
            vec![text("=HYPERLINK(\"x\")"), Field::Figure(Cell::Mean(-12.5))],
        ];
        assert_eq!(
            csv_of_fields(&["name", "change_percent"], &rows),
            "name,change_percent\r\n\"A, \"\"B\"\"\",1\r\n\"'=HYPERLINK(\"\"x\"\")\",-12.5\r\n"
        );
    }

    #[test]
    fn a_file_is_named_after_offer_and_panel() {
        assert_eq!(file_name("SUMMER-10", "daily", "csv"), "SUMMER-10-daily.csv");
    }
}
