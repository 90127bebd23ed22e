//! Charts: pure functions from API responses to ECharts options, and the component that renders them.

mod axes;
mod budget;
mod css_colours;
mod cumulative;
mod daily;
mod echarts;
mod forecast;
mod marks;
mod options;
mod overview;
mod points;
mod previous_period;
#[cfg(test)]
mod sample;
mod selection;
mod summary;
mod tooltip;
mod view;

pub use budget::{budget, budget_days, projected};
pub use css_colours::{Palette, follow_theme};
pub use cumulative::cumulative;
pub use daily::{daily, daily_compared};
pub use echarts::{Drawing, Zoom, picture};
pub use forecast::{forecast, forecast_days};
pub use options::Chart;
pub use overview::{overview, overview_summary, unfinished};
pub use points::{count_to_f64, money_to_f64};
pub use previous_period::previous_period;
pub use selection::{
    cumulative_days, daily_days, declined_on, expected_on, finished, has_declined, has_today, mean_on,
    reaches_forecast, within_range,
};
pub use summary::{budget_summary, cumulative_summary, daily_summary, forecast_summary};
pub use view::ChartView;

#[cfg(test)]
pub use sample::{
    dashboard as sample_dashboard, offer as sample_offer, overview as sample_overview,
    palette as sample_palette,
};
