use charming::component::{Axis, Grid};
use charming::element::Tooltip;
use charming::series::{Bar, Line};
use serde::Serialize;

/// The ECharts options of a chart, made of charming's components. charming's own `Chart` supports all chart types,
/// which would make the first download larger.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Chart {
    animation: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    tooltip: Option<Tooltip>,
    grid: Grid,
    x_axis: Axis,
    #[serde(skip_serializing_if = "Option::is_none")]
    y_axis: Option<Axis>,
    series: Vec<Series>,
}

#[expect(clippy::large_enum_variant, reason = "a chart has a handful of them")]
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum Series {
    Bar(Bar),
    Line(Line),
}

impl From<Bar> for Series {
    fn from(bar: Bar) -> Self {
        Series::Bar(bar)
    }
}

impl From<Line> for Series {
    fn from(line: Line) -> Self {
        Series::Line(line)
    }
}

impl Chart {
    /// A chart without animation, so that a reload only shows changes and reduced motion needs no special case.
    pub fn still(grid: Grid, x_axis: Axis) -> Self {
        Chart { animation: false, tooltip: None, grid, x_axis, y_axis: None, series: Vec::new() }
    }

    pub fn y_axis(mut self, axis: Axis) -> Self {
        self.y_axis = Some(axis);
        self
    }

    pub fn tooltip(mut self, tooltip: Tooltip) -> Self {
        self.tooltip = Some(tooltip);
        self
    }

    pub fn series(mut self, series: impl Into<Series>) -> Self {
        self.series.push(series.into());
        self
    }

    /// The options as JSON for ECharts.
    pub fn json(&self) -> String {
        // Cannot fail: all keys are strings.
        serde_json::to_string(self).unwrap_or_default()
    }
}
