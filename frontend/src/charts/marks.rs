//! Shapes that several charts share: bars, lines, limits and marked days.

use charming::datatype::DataPoint;
use charming::element::{
    BorderType, ItemStyle, Label, LineStyle, LineStyleType, MarkLine, MarkLineData, MarkLineVariant, Symbol,
};
use charming::series::{Bar, Line};
use chrono::NaiveDate;
use offercast_contract::{DailyPoint, Dashboard};

use super::Palette;
use super::points::{count_to_f64, gap, point, styled_point};
use super::selection::mean_on;
use super::tooltip::hidden;
use crate::format::{count, decimal, full_day};
use crate::i18n::charts as texts;

/// The title of a day in tooltips.
pub fn day_title(day: NaiveDate, today: NaiveDate) -> String {
    let so_far = if day == today { texts::today_so_far() } else { "" };
    full_day(day) + so_far
}

/// The bars of redemptions per day, from [`bar`].
pub fn bars(points: impl Iterator<Item = DataPoint>, palette: &Palette) -> Bar {
    Bar::new()
        .name(texts::redemptions())
        .item_style(ItemStyle::new().color(palette.accent.as_str()).border_radius(2))
        .data(points.collect::<Vec<_>>())
}

/// Redemptions on one day. Today is drawn as unfinished.
pub fn bar(day: &DailyPoint, today: NaiveDate, palette: &Palette) -> DataPoint {
    let text = count(day.redemptions);
    if day.date == today {
        styled_point(count_to_f64(day.redemptions), text, unfinished(palette))
    } else {
        point(count_to_f64(day.redemptions), text)
    }
}

fn unfinished(palette: &Palette) -> ItemStyle {
    ItemStyle::new()
        .color(palette.accent_soft.as_str())
        .border_color(palette.accent.as_str())
        .border_width(1)
        .border_type(BorderType::Dashed)
        .border_radius(2)
}

pub fn line(name: &str, colour: &str) -> Line {
    Line::new()
        .name(name)
        .show_symbol(false)
        .line_style(LineStyle::new().color(colour).width(2))
        .item_style(ItemStyle::new().color(colour))
}

/// A horizontal line at a limit. A series rather than a mark line, so that the axis includes it.
pub fn limit_line(name: &str, limit: f64, days: usize, palette: &Palette) -> Line {
    let points: Vec<DataPoint> = (0..days).map(|_| point(limit, String::new())).collect();
    line(name, &palette.limit)
        .tooltip(hidden())
        .silent(true)
        .line_style(LineStyle::new().color(palette.limit.as_str()).width(1.5).type_(LineStyleType::Dashed))
        .data(points)
}

/// The 7-day average.
pub fn average(data: &Dashboard, days: &[NaiveDate], palette: &Palette) -> Line {
    let on = |day: &NaiveDate| mean_on(data, *day).map_or_else(gap, |mean| point(mean, decimal(mean)));
    let points: Vec<DataPoint> = days.iter().map(on).collect();
    line(texts::average(), &palette.trend).data(points)
}

/// Marks the day on which a limit is likely to be reached, if the axis has it.
pub fn run_out_line(data: &Dashboard, days: &[NaiveDate], palette: &Palette) -> MarkLine {
    mark_lines([run_out_mark(data, days, palette), None], palette)
}

/// The mark of [`run_out_line`].
pub fn run_out_mark(data: &Dashboard, days: &[NaiveDate], palette: &Palette) -> Option<MarkLineVariant> {
    mark(texts::runs_out(), data.forecast.run_out.as_ref()?.median?, days, palette)
}

/// A labelled vertical line, placed by index because names on the axis are not unique.
pub fn mark(name: &str, day: NaiveDate, days: &[NaiveDate], palette: &Palette) -> Option<MarkLineVariant> {
    let place = i64::try_from(days.iter().position(|other| *other == day)?).ok()?;
    let label = Label::new().formatter(name).color(palette.muted.as_str()).font_size(11);
    Some(MarkLineVariant::Simple(MarkLineData::new().x_axis(place).label(label)))
}

pub fn mark_lines(lines: [Option<MarkLineVariant>; 2], palette: &Palette) -> MarkLine {
    MarkLine::new()
        .silent(true)
        .symbol(vec![Symbol::None, Symbol::None])
        .line_style(LineStyle::new().color(palette.limit.as_str()).width(1).type_(LineStyleType::Solid))
        .data(lines.into_iter().flatten().collect::<Vec<_>>())
}
