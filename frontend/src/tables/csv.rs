use super::{Row, Table};

/// RFC 4180. Nothing needs quotes: days, numbers, and names of our own.
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

/// Rows of text, which may hold anything.
pub fn csv_of_text(names: &[&str], rows: &[Vec<String>]) -> String {
    let head = names.iter().map(|name| (*name).to_owned()).collect();
    let record = |fields: &Vec<String>| {
        let fields: Vec<String> = fields.iter().map(|field| quoted(field)).collect();
        fields.join(",") + "\r\n"
    };
    std::iter::once(&head).chain(rows).map(record).collect()
}

fn quoted(field: &str) -> String {
    if field.contains([',', '"', '\r', '\n']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}

/// `SUMMER-10-daily.csv`. A code holds nothing that a file name may not.
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
    fn text_is_quoted_where_it_has_to_be() {
        let rows = [vec!["A, \"B\"".to_owned(), "1".to_owned()]];
        assert_eq!(
            csv_of_text(&["name", "redemptions"], &rows),
            "name,redemptions\r\n\"A, \"\"B\"\"\",1\r\n"
        );
    }

    #[test]
    fn a_file_is_named_after_offer_and_panel() {
        assert_eq!(file_name("SUMMER-10", "daily", "csv"), "SUMMER-10-daily.csv");
    }
}
