use charming::datatype::{CompositeValue, DataPoint, DataPointItem};
use charming::element::ItemStyle;
use chrono::NaiveDate;
use offercast_contract::Money;

/// Shown in tooltips for missing values.
pub const NO_VALUE: &str = "–";

/// A value and its text in the tooltip. Tooltips are text templates (functions would need `unsafe-eval`), so each point
/// carries its formatted value as its name.
pub fn point(value: f64, text: String) -> DataPoint {
    DataPointItem::new(value).name(text).into()
}

pub fn styled_point(value: f64, text: String, style: ItemStyle) -> DataPoint {
    DataPointItem::new(value).name(text).item_style(style).into()
}

/// A missing value.
pub fn gap() -> DataPoint {
    text_point(NO_VALUE.to_owned())
}

/// A text for the tooltip without a value.
pub fn text_point(text: String) -> DataPoint {
    DataPointItem::new(CompositeValue::from(None::<f64>)).name(text).into()
}

/// An amount as the height of a mark. The tooltip has the exact amount.
pub fn money_to_f64(amount: Money) -> f64 {
    f64::try_from(amount.0).unwrap_or(0.0)
}

#[expect(clippy::cast_precision_loss, reason = "the height of a mark, not a figure")]
pub fn count_to_f64(count: i64) -> f64 {
    count as f64
}

/// All days of a period, both ends included.
pub fn days(from: NaiveDate, to: NaiveDate) -> Vec<NaiveDate> {
    from.iter_days().take_while(|day| *day <= to).collect()
}
