use charming::datatype::DataPoint;
use charming::element::{AreaStyle, AxisPointerType, LineStyle, LineStyleType, MarkLine, Symbol};
use charming::series::{Bar, Line};
use chrono::{Days, NaiveDate};
use offercast_contract::{Dashboard, ForecastPoint};

use super::axes::{count_axis, over_days};
use super::marks::{average, bar, bars, day_title, line, mark, mark_lines, run_out_mark};
use super::points::{days, gap, point};
use super::selection::{expected_on, reaches_forecast};
use super::tooltip::{Row, hidden, titles, tooltip};
use super::{Chart, Palette};
use crate::format::decimal;
use crate::i18n::charts as texts;

/// Days of history at most. More would leave too little width for the forecast.
const MAX_HISTORY: u64 = 56;

/// Recent history with its average, and the dashed forecast with its 80% and 95% bands.
pub fn forecast(data: &Dashboard, palette: &Palette) -> Chart {
    let days = forecast_days(data);
    let today = data.as_of.date_naive();
    let rows = [
        Row { name: texts::redemptions(), colour: &palette.accent },
        Row { name: texts::average(), colour: &palette.trend },
        Row { name: texts::forecast(), colour: &palette.trend },
        Row { name: texts::range_80(), colour: &palette.band },
        Row { name: texts::range_95(), colour: &palette.band_outer },
    ];
    let chart = over_days(palette, &days, true)
        .tooltip(tooltip(palette, AxisPointerType::Shadow, &rows))
        .y_axis(count_axis(palette))
        .series(titles(&days, |day| day_title(day, today)))
        .series(history(data, &days, palette))
        .series(average(data, &days, palette))
        .series(expected(data, &days, palette).mark_line(marks(data, &days, palette)));
    let chart = with_band(chart, data, &days, &Band::eighty(palette));
    with_band(chart, data, &days, &Band::ninety_five(palette))
}

/// The days of the chart, without gaps: recent history and the days of the forecast.
pub fn forecast_days(data: &Dashboard) -> Vec<NaiveDate> {
    let ahead = data.forecast.points.last().map(|last| last.date).filter(|_| reaches_forecast(data));
    let known = if reaches_forecast(data) { data.as_of.date_naive() } else { data.range.to };
    let recent = known.checked_sub_days(Days::new(MAX_HISTORY)).unwrap_or(known);
    days(data.range.from.clamp(recent, known), ahead.unwrap_or(known))
}

fn history(data: &Dashboard, days: &[NaiveDate], palette: &Palette) -> Bar {
    let today = data.as_of.date_naive();
    let known = |day: &NaiveDate| data.daily.iter().find(|known| known.date == *day);
    bars(days.iter().map(|day| known(day).map_or_else(gap, |known| bar(known, today, palette))), palette)
}

/// Starts at the last average, so that the dashes continue its line.
fn expected(data: &Dashboard, days: &[NaiveDate], palette: &Palette) -> Line {
    let today = data.as_of.date_naive();
    let on = |day: &NaiveDate| match expected_on(data, *day) {
        Some(ahead) => point(ahead.redemptions, decimal(ahead.redemptions)),
        None if day.succ_opt() == Some(today) => last_average(data, *day),
        None => gap(),
    };
    let points: Vec<DataPoint> = days.iter().map(on).collect();
    line(texts::forecast(), &palette.trend)
        .line_style(LineStyle::new().color(palette.trend.as_str()).width(2).type_(LineStyleType::Dashed))
        .data(points)
}

fn last_average(data: &Dashboard, day: NaiveDate) -> DataPoint {
    let last = data.moving_average.iter().find(|trend| trend.date == day);
    last.map_or_else(gap, |trend| point(trend.value, "–".to_owned()))
}

/// Marks today, and the day on which a limit is likely to be reached.
fn marks(data: &Dashboard, days: &[NaiveDate], palette: &Palette) -> MarkLine {
    let today = mark(texts::today(), data.as_of.date_naive(), days, palette);
    mark_lines([today, run_out_mark(data, days, palette)], palette)
}

/// A prediction interval.
struct Band<'a> {
    name: &'static str,
    colour: &'a str,
    bounds: fn(&ForecastPoint) -> (f64, f64),
}

impl<'a> Band<'a> {
    fn eighty(palette: &'a Palette) -> Self {
        Band {
            name: texts::range_80(),
            colour: &palette.band,
            bounds: |ahead| (ahead.lower_80, ahead.upper_80),
        }
    }

    fn ninety_five(palette: &'a Palette) -> Self {
        Band {
            name: texts::range_95(),
            colour: &palette.band_outer,
            bounds: |ahead| (ahead.lower_95, ahead.upper_95),
        }
    }
}

/// Draws a band as two stacked lines: an invisible lower bound, and the filled width above it.
fn with_band(chart: Chart, data: &Dashboard, days: &[NaiveDate], band: &Band) -> Chart {
    let bounds: Vec<Option<(f64, f64)>> =
        days.iter().map(|day| expected_on(data, *day).map(band.bounds)).collect();
    let floor = bounds.iter().map(|bound| bound.map_or_else(gap, |(low, _)| point(low, String::new())));
    let width = bounds
        .iter()
        .map(|bound| bound.map_or_else(gap, |(low, high)| point(high - low, between(low, high))));
    chart.series(edge(band.name).tooltip(hidden()).data(floor.collect::<Vec<DataPoint>>())).series(
        edge(band.name)
            .area_style(AreaStyle::new().color(band.colour))
            .data(width.collect::<Vec<DataPoint>>()),
    )
}

fn edge(name: &str) -> Line {
    Line::new()
        .name(name)
        .stack(name)
        .symbol(Symbol::None)
        .silent(true)
        .z(1)
        .line_style(LineStyle::new().opacity(0).width(0))
}

fn between(low: f64, high: f64) -> String {
    format!("{} – {}", decimal(low), decimal(high))
}

#[cfg(test)]
mod tests {
    use super::super::sample::{dashboard, palette};
    use super::*;

    #[test]
    fn draws_history_today_and_the_dashed_forecast() {
        insta::assert_json_snapshot!(forecast(&dashboard(), &palette()));
    }

    #[test]
    fn a_long_range_shows_limited_history() {
        let mut data = dashboard();
        data.range.from = "2024-01-01".parse().unwrap();
        assert_eq!(forecast_days(&data).len(), 56 + 2);
    }

    #[test]
    fn a_past_range_shows_its_own_days() {
        let mut data = dashboard();
        data.range.to = "2026-11-21".parse().unwrap();
        assert_eq!(forecast_days(&data).len(), 3);
    }
}
