use chrono::NaiveDate;

use super::Palette;
use super::options::{Options, coloured, series};
use super::points::titled_gap;
use crate::words::charts as words;

/// One line of a tooltip: the name of a series and its colour.
pub struct Row<'a> {
    pub name: &'a str,
    pub colour: &'a str,
}

/// The tooltip of all series at one day, pointing by a `line` or a `shadow`: the title comes from the series of
/// [`titles`], which has to be the first, and each row from the next series that is not [`hidden`].
pub fn tooltip(palette: &Palette, pointer: &str, rows: &[Row]) -> Options {
    let pointer = Options::of(&[("type", pointer.into()), ("lineStyle", coloured(&palette.rule).into())]);
    Options::of(&[
        ("trigger", "axis".into()),
        ("axisPointer", pointer.into()),
        ("backgroundColor", palette.surface.as_str().into()),
        ("borderColor", palette.rule.as_str().into()),
        ("borderWidth", 1.into()),
        ("formatter", template(rows).into()),
    ])
}

fn template(rows: &[Row]) -> String {
    let lines: String = rows.iter().enumerate().map(|(index, row)| line(index + 1, row)).collect();
    format!("<div class=\"chart-tip\"><strong>{{b0}}</strong>{lines}</div>")
}

fn line(series: usize, row: &Row) -> String {
    let Row { name, colour } = row;
    format!("<i style=\"background:{colour}\"></i><span>{name}</span><b>{{b{series}}}</b>")
}

/// The series that draws nothing and names each day.
pub fn titles(days: &[NaiveDate], title: impl Fn(NaiveDate) -> String) -> Options {
    told(words::day(), days.iter().map(|day| title(*day)))
}

/// A series that draws nothing: what the tooltip says of each day.
pub fn told(name: &str, texts: impl Iterator<Item = String>) -> Options {
    series("line", name, texts.map(|text| titled_gap(&text)).collect()).with("showSymbol", false)
}

/// Keeps a series out of the tooltip.
pub fn hidden() -> Options {
    Options::of(&[("trigger", "none".into())])
}
