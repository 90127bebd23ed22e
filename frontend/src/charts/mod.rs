//! The charts of an offer: pure functions from the API's data to options for ECharts, and the one
//! component that puts them on the page.

mod axes;
mod budget;
mod cumulative;
mod daily;
mod engine;
mod forecast;
mod options;
mod overview;
mod palette;
mod points;
mod previous;
#[cfg(test)]
mod sample;
mod summary;
mod tooltip;
mod view;

pub use budget::{budget, budget_days, projected};
pub use cumulative::{cumulative, cumulative_days, within_range};
pub use daily::{daily, daily_compared, daily_days, has_today, mean_on, refused_on, turned_away};
pub use engine::{Drawing, Zoom, picture};
pub use forecast::{expected_on, forecast, forecast_days, reaches_forecast};
pub use options::Chart;
pub use overview::{overview, overview_summary, unfinished};
pub use palette::{Palette, follow_theme};
pub use points::{height, tall};
pub use previous::{finished, previous};
pub use summary::{budget_summary, cumulative_summary, daily_summary, forecast_summary};
pub use view::ChartView;

#[cfg(test)]
pub use sample::{
    dashboard as sample_dashboard, offer as sample_offer, overview as sample_overview,
    palette as sample_palette,
};
