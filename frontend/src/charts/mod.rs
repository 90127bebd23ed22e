//! The charts of an offer: pure functions from the API's data to options for ECharts, and the one
//! component that puts them on the page.

mod axes;
mod budget;
mod cumulative;
mod daily;
mod engine;
mod forecast;
mod overview;
mod palette;
mod points;
#[cfg(test)]
mod sample;
mod summary;
mod tooltip;
mod view;

pub use budget::budget;
pub use cumulative::{cumulative, within_range};
pub use daily::{daily, has_today, mean_on};
pub use forecast::{expected_on, forecast, forecast_days, reaches_forecast};
pub use overview::{overview, overview_summary};
pub use palette::{Palette, follow_theme};
pub use points::tall;
pub use summary::{budget_summary, cumulative_summary, daily_summary, forecast_summary};
pub use view::ChartView;

#[cfg(test)]
pub use sample::{
    dashboard as sample_dashboard, offer as sample_offer, overview as sample_overview,
    palette as sample_palette,
};
