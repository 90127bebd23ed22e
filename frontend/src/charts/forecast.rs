use charming::datatype::DataPoint;
use charming::element::{
    AreaStyle, AxisPointerType, Label, LineStyle, LineStyleType, MarkLine, MarkLineData, MarkLineVariant,
    Symbol,
};
use charming::series::{Bar, Line};
use chrono::{Days, NaiveDate};
use offercast_contract::{Dashboard, ForecastPoint};

use super::axes::{count_axis, over_days};
use super::cumulative::line;
use super::daily::{average, bar, bars, day_title};
use super::points::{days, gap, point};
use super::tooltip::{Row, hidden, titles, tooltip};
use super::{Chart, Palette};
use crate::format::decimal;
use crate::words::charts as words;

/// More history than this would squeeze the forecast into a corner.
const HISTORY: u64 = 56;

/// Recent history, its average, and the forecast dashed with its 80 % and 95 % bands.
pub fn forecast(data: &Dashboard, palette: &Palette) -> Chart {
    let days = forecast_days(data);
    let today = data.as_of.date_naive();
    let rows = [
        Row { name: words::redemptions(), colour: &palette.accent },
        Row { name: words::average(), colour: &palette.trend },
        Row { name: words::forecast(), colour: &palette.trend },
        Row { name: words::range_80(), colour: &palette.band },
        Row { name: words::range_95(), colour: &palette.band_outer },
    ];
    let chart = over_days(palette, &days, true)
        .tooltip(tooltip(palette, AxisPointerType::Shadow, &rows))
        .y_axis(count_axis(palette))
        .series(titles(&days, |day| day_title(day, today)))
        .series(history(data, &days, palette))
        .series(average(data, &days, palette))
        .series(expected(data, &days, palette).mark_line(marks(data, &days, palette)));
    let chart = banded(chart, data, &days, &Band::eighty(palette));
    banded(chart, data, &days, &Band::ninety_five(palette))
}

/// Whether the range goes on into the forecast. One that ended before today shows its history only.
pub fn reaches_forecast(data: &Dashboard) -> bool {
    data.range.to.succ_opt().is_some_and(|next| next >= data.as_of.date_naive())
}

/// The days of the chart, without holes: recent history, then as far as the forecast reaches.
pub fn forecast_days(data: &Dashboard) -> Vec<NaiveDate> {
    let ahead = data.forecast.points.last().map(|last| last.date).filter(|_| reaches_forecast(data));
    let known = if reaches_forecast(data) { data.as_of.date_naive() } else { data.range.to };
    let recent = known.checked_sub_days(Days::new(HISTORY)).unwrap_or(known);
    days(data.range.from.clamp(recent, known), ahead.unwrap_or(known))
}

fn history(data: &Dashboard, days: &[NaiveDate], palette: &Palette) -> Bar {
    let today = data.as_of.date_naive();
    let known = |day: &NaiveDate| data.daily.iter().find(|known| known.date == *day);
    bars(days.iter().map(|day| known(day).map_or_else(gap, |known| bar(known, today, palette))), palette)
}

/// Starts at the last known average, so that the dashes continue the line.
fn expected(data: &Dashboard, days: &[NaiveDate], palette: &Palette) -> Line {
    let today = data.as_of.date_naive();
    let on = |day: &NaiveDate| match expected_on(data, *day) {
        Some(ahead) => point(ahead.redemptions, decimal(ahead.redemptions)),
        None if day.succ_opt() == Some(today) => joint(data, *day),
        None => gap(),
    };
    let points: Vec<DataPoint> = days.iter().map(on).collect();
    line(words::forecast(), &palette.trend)
        .line_style(LineStyle::new().color(palette.trend.as_str()).width(2).type_(LineStyleType::Dashed))
        .data(points)
}

fn joint(data: &Dashboard, day: NaiveDate) -> DataPoint {
    let last = data.moving_average.iter().find(|trend| trend.date == day);
    last.map_or_else(gap, |trend| point(trend.value, "–".to_owned()))
}

pub fn expected_on(data: &Dashboard, day: NaiveDate) -> Option<&ForecastPoint> {
    data.forecast.points.iter().find(|ahead| ahead.date == day)
}

/// Where history ends, and where the limit is likely to be reached.
fn marks(data: &Dashboard, days: &[NaiveDate], palette: &Palette) -> MarkLine {
    let today = mark(words::today(), data.as_of.date_naive(), days, palette);
    mark_lines([today, run_out_mark(data, days, palette)], palette)
}

/// Where the limit is likely to be reached, if that is on the axis.
pub fn run_out_line(data: &Dashboard, days: &[NaiveDate], palette: &Palette) -> MarkLine {
    mark_lines([run_out_mark(data, days, palette), None], palette)
}

fn run_out_mark(data: &Dashboard, days: &[NaiveDate], palette: &Palette) -> Option<MarkLineVariant> {
    mark(words::runs_out(), data.forecast.run_out.as_ref()?.median?, days, palette)
}

/// By its place: the name of a day on the axis is not unique.
fn mark(name: &str, day: NaiveDate, days: &[NaiveDate], palette: &Palette) -> Option<MarkLineVariant> {
    let place = i64::try_from(days.iter().position(|other| *other == day)?).ok()?;
    let label = Label::new().formatter(name).color(palette.muted.as_str()).font_size(11);
    Some(MarkLineVariant::Simple(MarkLineData::new().x_axis(place).label(label)))
}

fn mark_lines(lines: [Option<MarkLineVariant>; 2], palette: &Palette) -> MarkLine {
    MarkLine::new()
        .silent(true)
        .symbol(vec![Symbol::None, Symbol::None])
        .line_style(LineStyle::new().color(palette.limit.as_str()).width(1).type_(LineStyleType::Solid))
        .data(lines.into_iter().flatten().collect::<Vec<_>>())
}

struct Band<'a> {
    name: &'static str,
    colour: &'a str,
    bounds: fn(&ForecastPoint) -> (f64, f64),
}

impl<'a> Band<'a> {
    fn eighty(palette: &'a Palette) -> Self {
        Band {
            name: words::range_80(),
            colour: &palette.band,
            bounds: |ahead| (ahead.lower_80, ahead.upper_80),
        }
    }

    fn ninety_five(palette: &'a Palette) -> Self {
        Band {
            name: words::range_95(),
            colour: &palette.band_outer,
            bounds: |ahead| (ahead.lower_95, ahead.upper_95),
        }
    }
}

/// A band is two stacked lines: an invisible lower bound and the width above it, filled.
fn banded(chart: Chart, data: &Dashboard, days: &[NaiveDate], band: &Band) -> Chart {
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
    fn a_long_range_does_not_squeeze_the_forecast() {
        let mut data = dashboard();
        data.range.from = "2024-01-01".parse().unwrap();
        assert_eq!(forecast_days(&data).len(), 56 + 2);
    }

    #[test]
    fn a_range_that_is_over_shows_its_own_days() {
        let mut data = dashboard();
        data.range.to = "2026-11-21".parse().unwrap();
        assert_eq!(forecast_days(&data).len(), 3);
    }
}
