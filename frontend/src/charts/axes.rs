use charming::component::{Axis, Grid};
use charming::element::{AxisLabel, AxisLine, AxisTick, AxisType, LineStyle, SplitLine};
use chrono::NaiveDate;

use super::{Chart, Palette};
use crate::format::axis_day;

/// A chart with an axis of days and no series.
pub fn over_days(palette: &Palette, days: &[NaiveDate], bars: bool) -> Chart {
    Chart::still(grid(), day_axis(palette, days, bars))
}

fn grid() -> Grid {
    Grid::new().left(8).right(20).top(20).bottom(24)
}

fn day_axis(palette: &Palette, days: &[NaiveDate], bars: bool) -> Axis {
    let names: Vec<String> = days.iter().map(|day| axis_day(*day, days.len())).collect();
    Axis::new()
        .type_(AxisType::Category)
        // Bars need half a step of space at both ends, lines do not.
        .boundary_gap(bars)
        .axis_line(AxisLine::new().show(false))
        .axis_tick(AxisTick::new().show(false))
        .axis_label(label(palette))
        .data(names)
}

/// An axis of whole numbers, from zero.
pub fn count_axis(palette: &Palette) -> Axis {
    value_axis(palette).min_interval(1)
}

pub fn value_axis(palette: &Palette) -> Axis {
    // `scripts/echarts.js` formats the numbers.
    Axis::new()
        .type_(AxisType::Value)
        .min(0)
        .split_number(4)
        .axis_label(label(palette))
        .split_line(SplitLine::new().line_style(line(palette)))
}

fn label(palette: &Palette) -> AxisLabel {
    AxisLabel::new().color(palette.muted.as_str()).font_size(11)
}

fn line(palette: &Palette) -> LineStyle {
    LineStyle::new().color(palette.rule.as_str())
}
