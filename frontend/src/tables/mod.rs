//! The numbers behind the charts, as tables on the page and as CSV files.

mod csv;
mod panels;
mod view;

use chrono::NaiveDate;
use offercast_contract::Money;

use crate::format::{count, decimal, figure};

pub use csv::{Field, csv, csv_of_fields, file_name};
pub use panels::{budget, cumulative, daily, daily_compared, forecast, overview};
pub use view::TableView;

/// A table with one row per day.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    pub caption: String,
    pub currency: String,
    /// Without the column of days, which comes first.
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// The name in CSV files, as in the API.
    pub name: &'static str,
    /// The heading on the page.
    pub title: String,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub day: NaiveDate,
    /// Whether the day is today, so that its figures may still change.
    pub unfinished: bool,
    pub cells: Vec<Cell>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cell {
    Count(i64),
    Mean(f64),
    Money(Money),
    Nothing,
}

impl Cell {
    /// For CSV files: no thousands separators, all digits of counts and money.
    pub fn plain(self) -> String {
        match self {
            Cell::Count(value) => value.to_string(),
            Cell::Mean(value) => two_decimals(value),
            Cell::Money(value) => value.to_string(),
            Cell::Nothing => String::new(),
        }
    }

    /// For the page: formatted as in the charts' tooltips.
    pub fn formatted(self, currency: &str) -> String {
        match self {
            Cell::Count(value) => count(value),
            Cell::Mean(value) => decimal(value),
            Cell::Money(value) => figure(value, currency),
            Cell::Nothing => "–".to_owned(),
        }
    }
}

/// Rounds to two decimal places, which is enough for averages and forecasts. Empty for NaN and infinity.
fn two_decimals(value: f64) -> String {
    if !value.is_finite() {
        return String::new();
    }
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn averages_have_two_decimals_in_files() {
        for (value, text) in [
            (482.835_654_422_077_1, "482.84"),
            (3.0, "3"),
            (100.0, "100"),
            (2.5, "2.5"),
            (0.004, "0"),
            (-0.0, "0"),
            (-0.004, "0"),
            (-1.5, "-1.5"),
            (f64::NAN, ""),
            (f64::INFINITY, ""),
        ] {
            assert_eq!(Cell::Mean(value).plain(), text);
        }
    }

    #[test]
    fn files_keep_all_digits_of_money_and_pages_round() {
        let money = Cell::Money(Money("1234.5".parse().unwrap()));
        assert_eq!((money.plain(), money.formatted("USD")), ("1234.5".to_owned(), "1,234.50".to_owned()));
        let mean = Cell::Mean(1_234.571_428);
        assert_eq!((mean.plain(), mean.formatted("USD")), ("1234.57".to_owned(), "1,235".to_owned()));
        assert_eq!(Cell::Mean(1e21).plain(), "1000000000000000000000");
        assert_eq!(Cell::Count(1_234).plain(), "1234");
        assert_eq!((Cell::Nothing.plain(), Cell::Nothing.formatted("USD")), (String::new(), "–".to_owned()));
    }
}
