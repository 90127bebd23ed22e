//! How figures, money and days read on the page, in the language that is spoken. Pure: facts in, text out.

mod dates;
mod numbers;
mod words;

pub use dates::{ago, axis_day, full_day, long_day, period};
pub use numbers::{
    amount, compact, count, decimal, estimate, figure, money, number, percent, percent_of, whole,
};
pub use words::{discount, forecast_accuracy, forecast_origin, state, status_word};
