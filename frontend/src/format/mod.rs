//! How figures, money and days read on the page. Pure: facts in, text out.

mod dates;
mod numbers;
mod words;

pub use dates::{ago, axis_day, full_day, long_day, period};
pub use numbers::{amount, compact, count, decimal, estimate, figure, money, percent, percent_of};
pub use words::{discount, forecast_accuracy, forecast_origin, plural, state, status_word};
