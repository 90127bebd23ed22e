use charming::datatype::DataPoint;
use charming::element::{AxisPointer, AxisPointerType, LineStyle, Tooltip, Trigger};
use charming::series::Line;
use chrono::NaiveDate;

use super::Palette;
use super::points::text_point;
use crate::i18n::charts as texts;

/// One line of a tooltip: the name of a series and its colour.
pub struct Row<'a> {
    pub name: &'a str,
    pub colour: &'a str,
}

/// The tooltip of all series on one day. Its title comes from the series of [`titles`], which must be the first, each
/// row from the next series that is not [`hidden`].
pub fn tooltip(palette: &Palette, pointer: AxisPointerType, rows: &[Row]) -> Tooltip {
    Tooltip::new()
        .trigger(Trigger::Axis)
        .axis_pointer(
            AxisPointer::new().type_(pointer).line_style(LineStyle::new().color(palette.rule.as_str())),
        )
        .background_color(palette.surface.as_str())
        .border_color(palette.rule.as_str())
        .border_width(1)
        .formatter(template(rows).as_str())
}

fn template(rows: &[Row]) -> String {
    let lines: String = rows.iter().enumerate().map(|(index, row)| line(index + 1, row)).collect();
    format!("<div class=\"chart-tip\"><strong>{{b0}}</strong>{lines}</div>")
}

fn line(series: usize, row: &Row) -> String {
    let Row { name, colour } = row;
    format!("<i style=\"background:{colour}\"></i><span>{name}</span><b>{{b{series}}}</b>")
}

/// Draws nothing: the titles of the tooltips.
pub fn titles(days: &[NaiveDate], title: impl Fn(NaiveDate) -> String) -> Line {
    text_series(texts::day(), days.iter().map(|day| title(*day)))
}

/// Draws nothing: a row of the tooltip, with a text for each day.
pub fn text_series(name: &str, texts: impl Iterator<Item = String>) -> Line {
    let points: Vec<DataPoint> = texts.map(text_point).collect();
    Line::new().name(name).show_symbol(false).data(points)
}

/// Hides a series from the tooltip.
pub fn hidden() -> Tooltip {
    Tooltip::new().trigger(Trigger::None)
}
