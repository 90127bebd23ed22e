use charming::datatype::{CompositeValue, DataPoint, DataPointItem};
use charming::element::ItemStyle;
use chrono::NaiveDate;
use offercast_contract::Money;

/// What a tooltip shows where a series has no value.
pub const NOTHING: &str = "–";

/// A value and how the tooltip spells it. ECharts can only be handed text templates (functions would
/// need `unsafe-eval`), so each point carries its formatted value as its name.
pub fn point(value: f64, text: String) -> DataPoint {
    DataPointItem::new(value).name(text).into()
}

pub fn styled_point(value: f64, text: String, style: ItemStyle) -> DataPoint {
    DataPointItem::new(value).name(text).item_style(style).into()
}

/// No value on this day.
pub fn gap() -> DataPoint {
    titled_gap(NOTHING.to_owned())
}

/// No value, but a text: the carrier of a tooltip's title.
pub fn titled_gap(text: String) -> DataPoint {
    DataPointItem::new(CompositeValue::from(None::<f64>)).name(text).into()
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
