//! Numbers, money, dates and labels as text, in the current language.

mod dates;
mod labels;
mod numbers;

pub use dates::{ago, axis_day, full_day, long_day, moment, period};
pub use labels::{discount, forecast_accuracy, forecast_age, role_name, state, status_name};
pub use numbers::{
    amount, compact, count, decimal, estimate, figure, money, number, percent, percent_of, whole,
};
