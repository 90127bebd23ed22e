//! The table of each panel.

use chrono::NaiveDate;
use offercast_contract::{CumulativePoint, DailyPoint, Dashboard, DayCount, ForecastPoint, Money, Overview};

use super::{Cell, Column, Row, Table};
use crate::charts::{
    self, budget_days, declined_on, expected_on, forecast_days, mean_on, previous_period, projected,
    within_range,
};
use crate::format::period;
use crate::i18n::{charts as texts, common, dashboard};

pub fn daily(data: &Dashboard) -> Table {
    let columns = vec![redemptions(), discount(data), average(), column("refusals", texts::declined())];
    let cells = |day: &DailyPoint| {
        let mean = mean_on(data, day.date).map_or(Cell::Nothing, Cell::Mean);
        let refused = Cell::Count(declined_on(data, day.date));
        vec![Cell::Count(day.redemptions), Cell::Money(day.discount_given), mean, refused]
    };
    let rows = data.daily.iter().map(|day| row(data, day.date, cells(day))).collect();
    table(data, dashboard::redemptions_per_day(), columns, rows)
}

/// With the previous period, day by day, if the offer is old enough.
pub fn daily_compared(data: &Dashboard) -> Table {
    let mut table = daily(data);
    if let Some(before) = previous_period(data) {
        table.columns.push(column("before", texts::previous_period()));
        for (row, day) in table.rows.iter_mut().zip(before.daily) {
            row.cells.push(Cell::Count(day.redemptions));
        }
    }
    table
}

pub fn cumulative(data: &Dashboard) -> Table {
    let cells =
        |total: &CumulativePoint| vec![Cell::Count(total.redemptions), Cell::Money(total.discount_given)];
    let rows = within_range(data).iter().map(|total| row(data, total.date, cells(total))).collect();
    table(data, dashboard::cumulative_redemptions(), vec![redemptions(), discount(data)], rows)
}

/// Without a budget only spend and projection.
pub fn budget(data: &Dashboard) -> Table {
    let currency = &data.offer.currency;
    let mut columns = vec![column("spent", common::amount_in(texts::spent(), currency))];
    if data.budget.total.is_some() {
        columns.push(column("remaining", common::amount_in(texts::remaining(), currency)));
        columns.push(column("budget", common::amount_in(texts::budget(), currency)));
    }
    columns.push(column("projection", common::amount_in(texts::projection(), currency)));
    let (totals, ahead) = (within_range(data), projected(data));
    let cells = |day: NaiveDate| {
        let spent = totals.iter().find(|total| total.date == day).map(|total| total.discount_given);
        let limits =
            data.budget.total.map(|total| [spent.map(|spent| Money(total.0 - spent.0)), Some(total)]);
        let projection = ahead.iter().find(|(date, _)| *date == day);
        std::iter::once(spent)
            .chain(limits.into_iter().flatten())
            .map(|money| money.map_or(Cell::Nothing, Cell::Money))
            .chain([projection.map_or(Cell::Nothing, |(_, total)| Cell::Mean(*total))])
            .collect()
    };
    let rows = budget_days(data).into_iter().map(|day| row(data, day, cells(day))).collect();
    table(data, dashboard::budget(), columns, rows)
}

pub fn forecast(data: &Dashboard) -> Table {
    let columns = vec![
        redemptions(),
        average(),
        column("forecast", texts::forecast()),
        column("lower_80", texts::lower_80()),
        column("upper_80", texts::upper_80()),
        column("lower_95", texts::lower_95()),
        column("upper_95", texts::upper_95()),
    ];
    let cells = |day| {
        let counted = data.daily.iter().find(|counted| counted.date == day);
        let counted = counted.map_or(Cell::Nothing, |counted| Cell::Count(counted.redemptions));
        let mean = mean_on(data, day).map_or(Cell::Nothing, Cell::Mean);
        [counted, mean].into_iter().chain(ahead(expected_on(data, day))).collect()
    };
    let rows = forecast_days(data).into_iter().map(|day| row(data, day, cells(day))).collect();
    table(data, dashboard::forecast(), columns, rows)
}

/// Redemptions of all offers.
pub fn overview(data: &Overview) -> Table {
    let unfinished = charts::unfinished(data);
    let row = |day: &DayCount| Row {
        day: day.date,
        unfinished: day.date >= unfinished,
        cells: vec![Cell::Count(day.redemptions)],
    };
    Table {
        caption: texts::titled(dashboard::redemptions_per_day(), &period(data.range.from, data.range.to)),
        currency: String::new(),
        columns: vec![redemptions()],
        rows: data.daily.iter().map(row).collect(),
    }
}

fn ahead(point: Option<&ForecastPoint>) -> [Cell; 5] {
    point.map_or([Cell::Nothing; 5], |point| {
        [point.redemptions, point.lower_80, point.upper_80, point.lower_95, point.upper_95].map(Cell::Mean)
    })
}

fn redemptions() -> Column {
    column("redemptions", texts::redemptions())
}

fn discount(data: &Dashboard) -> Column {
    column("discount_given", common::amount_in(texts::discount(), &data.offer.currency))
}

fn average() -> Column {
    column("moving_average", texts::average())
}

fn column(name: &'static str, title: impl Into<String>) -> Column {
    Column { name, title: title.into() }
}

fn row(data: &Dashboard, day: NaiveDate, cells: Vec<Cell>) -> Row {
    Row { day, unfinished: day == data.as_of.date_naive(), cells }
}

fn table(data: &Dashboard, title: &str, columns: Vec<Column>, rows: Vec<Row>) -> Table {
    let days = rows.first().zip(rows.last()).map(|(first, last)| period(first.day, last.day));
    let caption = days.map_or(title.to_owned(), |days| texts::titled(title, &days));
    Table { caption, currency: data.offer.currency.clone(), columns, rows }
}

#[cfg(test)]
#[expect(clippy::disallowed_types, reason = "charts are looked at as JSON")]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::charts::{sample_dashboard, sample_palette};

    /// The values of a chart's series, `None` for gaps.
    fn drawn(chart: &charts::Chart, name: &str) -> Vec<Option<f64>> {
        let chart = serde_json::to_value(chart).unwrap();
        let named = |series: &&Value| series["name"] == name && series["data"][0].is_object();
        let series = chart["series"].as_array().unwrap().iter().find(named).unwrap().clone();
        series["data"].as_array().unwrap().iter().map(|point| point["value"].as_f64()).collect()
    }

    fn listed(table: &Table, name: &str) -> Vec<Option<f64>> {
        let place = table.columns.iter().position(|column| column.name == name).unwrap();
        table.rows.iter().map(|row| row.cells[place].plain().parse().ok()).collect()
    }

    #[test]
    fn tables_and_charts_show_the_same_numbers() {
        let (data, palette) = (sample_dashboard(), sample_palette());
        for (table, chart, pairs) in [
            (
                daily(&data),
                charts::daily(&data, &palette),
                vec![("redemptions", "Redemptions"), ("moving_average", "7-day average")],
            ),
            (cumulative(&data), charts::cumulative(&data, &palette), vec![("redemptions", "Redemptions")]),
            (budget(&data), charts::budget(&data, &palette), vec![("spent", "Spent"), ("budget", "Budget")]),
            (
                forecast(&data),
                charts::forecast(&data, &palette),
                vec![
                    ("redemptions", "Redemptions"),
                    ("moving_average", "7-day average"),
                    ("lower_80", "80% range"),
                    ("lower_95", "95% range"),
                ],
            ),
        ] {
            for (column, series) in pairs {
                assert_eq!(listed(&table, column), drawn(&chart, series), "{}: {column}", table.caption);
            }
        }
    }

    /// Unlike the chart, whose dashes start at the last average.
    #[test]
    fn the_forecast_starts_today() {
        let data = sample_dashboard();
        assert_eq!(listed(&forecast(&data), "forecast"), [None, None, None, None, Some(3.75), Some(3.75)]);
    }

    #[test]
    fn without_a_budget_there_are_two_columns() {
        let mut data = sample_dashboard();
        data.budget.total = None;
        assert_eq!(budget(&data).columns.len(), 2);
        assert!(budget(&data).rows.iter().all(|row| row.cells.len() == 2));
    }

    #[test]
    fn today_is_marked_and_the_caption_names_the_days() {
        let table = daily(&sample_dashboard());
        let marks: Vec<bool> = table.rows.iter().map(|row| row.unfinished).collect();
        assert_eq!(marks, [false, false, false, false, true]);
        assert_eq!(table.caption, "Redemptions per day, 19–23 Nov 2026");
    }
}
