use charming::component::{Axis, Grid};
use charming::element::Tooltip;
use charming::series::{Bar, Line};
use serde::Serialize;

/// What ECharts is told of a chart, in charming's components. charming has such a type too: it knows every chart of
/// ECharts, and all of them would be in each first visit.
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
    /// Still: nothing moves, so that a reload shows what changed and readers who prefer reduced motion need no
    /// exception.
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

    /// As ECharts reads it.
    pub fn json(&self) -> String {
        // Fails for keys that are no text, of which there are none.
        serde_json::to_string(self).unwrap_or_default()
    }
}
