//! The charts of an offer: pure functions from the API's data to options for ECharts, and the one
//! component that puts them on the page.

mod axes;
mod budget;
mod cumulative;
mod daily;
mod engine;
mod forecast;
mod palette;
mod points;
#[cfg(test)]
mod sample;
mod tooltip;
mod view;

pub use budget::{budget, budget_summary};
pub use cumulative::{cumulative, cumulative_summary};
pub use daily::{daily, daily_summary, has_today};
pub use forecast::{forecast, forecast_summary, reaches_forecast};
pub use palette::{Palette, follow_theme};
pub use view::ChartView;

#[cfg(test)]
pub use sample::{dashboard as sample_dashboard, offer as sample_offer};
