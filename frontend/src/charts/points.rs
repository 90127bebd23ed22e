use chrono::NaiveDate;
use offercast_contract::Money;
use serde_json::Value;

use super::options::Options;

/// What a tooltip shows where a series has no value.
pub const NOTHING: &str = "–";

/// A value and how the tooltip spells it. ECharts can only be handed text templates (functions would
/// need `unsafe-eval`), so each point carries its formatted value as its name.
pub fn point(value: f64, text: &str) -> Value {
    Options::of(&[("value", value.into()), ("name", text.into())]).into()
}

pub fn styled_point(value: f64, text: &str, style: Options) -> Value {
    Options::of(&[("value", value.into()), ("name", text.into()), ("itemStyle", style.into())]).into()
}

/// No value on this day.
pub fn gap() -> Value {
    titled_gap(NOTHING)
}

/// No value, but a text: the carrier of a tooltip's title.
pub fn titled_gap(text: &str) -> Value {
    Options::of(&[("value", Value::Null), ("name", text.into())]).into()
}

/// The height of a mark; the exact amount is in the tooltip.
pub fn height(amount: Money) -> f64 {
    f64::try_from(amount.0).unwrap_or(0.0)
}

#[expect(clippy::cast_precision_loss, reason = "the height of a mark, not a figure")]
pub fn tall(count: i64) -> f64 {
    count as f64
}

/// Every day of a period, both ends included.
pub fn days(from: NaiveDate, to: NaiveDate) -> Vec<NaiveDate> {
    from.iter_days().take_while(|day| *day <= to).collect()
}
