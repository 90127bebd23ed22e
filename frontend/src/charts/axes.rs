use chrono::NaiveDate;
use serde_json::Value;

use super::Palette;
use super::options::{Chart, Options, coloured};
use crate::format::axis_day;
use crate::words::pick;

/// A chart over days, without series yet. Still: nothing moves, so that a reload shows what changed and
/// readers who prefer reduced motion need no exception.
pub fn over_days(palette: &Palette, days: &[NaiveDate], bars: bool) -> Chart {
    Chart::new(Options::of(&[
        ("animation", false.into()),
        ("grid", grid().into()),
        ("xAxis", day_axis(palette, days, bars).into()),
    ]))
}

fn grid() -> Options {
    Options::of(&[("left", 8.into()), ("right", 20.into()), ("top", 20.into()), ("bottom", 24.into())])
}

fn day_axis(palette: &Palette, days: &[NaiveDate], bars: bool) -> Options {
    let names: Vec<Value> = days.iter().map(|day| axis_day(*day, days.len()).into()).collect();
    Options::of(&[
        ("type", "category".into()),
        // Bars need half a step beside the first and the last day, lines do not.
        ("boundaryGap", bars.into()),
        ("axisLine", hidden().into()),
        ("axisTick", hidden().into()),
        ("axisLabel", label(palette).into()),
        ("data", names.into()),
    ])
}

fn hidden() -> Options {
    Options::of(&[("show", false.into())])
}

/// An axis of whole things, from zero.
pub fn count_axis(palette: &Palette) -> Options {
    value_axis(palette).with("minInterval", 1)
}

pub fn value_axis(palette: &Palette) -> Options {
    let line = Options::of(&[("lineStyle", coloured(&palette.rule).into())]);
    // ECharts sets thousands apart as English does; what it is told to print as it is has nothing between them.
    let figures = label(palette);
    let figures = pick(figures.clone(), figures.with("formatter", "{value}"));
    Options::of(&[
        ("type", "value".into()),
        ("min", 0.into()),
        ("splitNumber", 4.into()),
        ("axisLabel", figures.into()),
        ("splitLine", line.into()),
    ])
}

/// In the type size of small print.
pub fn label(palette: &Palette) -> Options {
    coloured(&palette.muted).with("fontSize", 11)
}
