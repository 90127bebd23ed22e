use charming::datatype::DataPoint;
use charming::element::{AxisPointerType, ItemStyle, LineStyle, LineStyleType};
use charming::series::{Bar, Line};
use offercast_contract::{DailyPoint, Dashboard};

use super::axes::{count_axis, over_days};
use super::marks::{average, bar, bars, day_title, line};
use super::points::{count_to_f64, point};
use super::previous_period::{PreviousPeriod, previous_period};
use super::selection::{daily_days, declined_on, has_declined};
use super::tooltip::{Row, text_series, titles, tooltip};
use super::{Chart, Palette};
use crate::format::{count, full_day, money};
use crate::i18n::charts as texts;

/// The stack of redemptions and declined redemptions.
const ATTEMPTS: &str = "asked";

/// Like [`daily`], with the previous period as a dotted line.
pub fn daily_compared(data: &Dashboard, palette: &Palette) -> Chart {
    let chart = daily_with(data, palette, previous_period(data).as_ref());
    match previous_period(data) {
        Some(before) => chart.series(days_before(&before, palette)),
        None => chart,
    }
}

/// Redemptions per day as bars, and their 7-day average. Today is drawn as unfinished.
pub fn daily(data: &Dashboard, palette: &Palette) -> Chart {
    daily_with(data, palette, None)
}

fn daily_with(data: &Dashboard, palette: &Palette, before: Option<&PreviousPeriod>) -> Chart {
    let days = daily_days(data);
    let today = data.as_of.date_naive();
    let mut rows = vec![
        Row { name: texts::redemptions(), colour: &palette.accent },
        Row { name: texts::discount(), colour: &palette.money },
        Row { name: texts::average(), colour: &palette.trend },
    ];
    if has_declined(data) {
        rows.push(Row { name: texts::declined(), colour: &palette.refused });
    }
    if before.is_some() {
        rows.push(Row { name: texts::previous_period(), colour: &palette.before });
    }
    let redeemed = bars(data.daily.iter().map(|day| bar(day, today, palette)), palette);
    let chart = over_days(palette, &days, true)
        .tooltip(tooltip(palette, AxisPointerType::Shadow, &rows))
        .y_axis(count_axis(palette))
        .series(titles(&days, |day| day_title(day, today)))
        .series(redeemed.stack(ATTEMPTS))
        .series(discounts(data))
        .series(average(data, &days, palette));
    if has_declined(data) { chart.series(declined(data, palette)) } else { chart }
}

/// Stacked on the redemptions, so that the whole bar shows all attempts.
fn declined(data: &Dashboard, palette: &Palette) -> Bar {
    let on = |day: &DailyPoint| {
        let declined = declined_on(data, day.date);
        point(count_to_f64(declined), count(declined))
    };
    let points: Vec<DataPoint> = data.daily.iter().map(on).collect();
    Bar::new()
        .name(texts::declined())
        .stack(ATTEMPTS)
        .item_style(ItemStyle::new().color(palette.refused.as_str()).border_radius(2))
        .data(points)
}

/// The previous period, each day at the position of its counterpart.
fn days_before(before: &PreviousPeriod, palette: &Palette) -> Line {
    let on = |day: &DailyPoint| {
        point(count_to_f64(day.redemptions), format!("{} ({})", count(day.redemptions), full_day(day.date)))
    };
    let points: Vec<DataPoint> = before.daily.iter().map(on).collect();
    line(texts::previous_period(), &palette.before)
        .z(1)
        .line_style(LineStyle::new().color(palette.before.as_str()).width(1.5).type_(LineStyleType::Dotted))
        .data(points)
}

/// Draws nothing: shows the discount of the day in the tooltip.
fn discounts(data: &Dashboard) -> Line {
    text_series(
        texts::discount(),
        data.daily.iter().map(|day| money(day.discount_given, &data.offer.currency)),
    )
}

#[cfg(test)]
mod tests {
    use super::super::sample::{dashboard, palette};
    use super::*;

    #[test]
    fn draws_the_previous_period_as_a_line() {
        let mut data = dashboard();
        data.daily.drain(..3);
        data.range.from = data.daily[0].date;
        let chart = serde_json::to_value(daily_compared(&data, &palette())).unwrap();
        let before = chart["series"].as_array().unwrap().last().unwrap();
        let drawn: Vec<_> = before["data"].as_array().unwrap().iter().map(|point| &point["value"]).collect();
        assert_eq!(drawn, [0.0, 6.0]);
        // Without a previous period the chart is the same as without a comparison.
        assert_eq!(daily_compared(&dashboard(), &palette()).json(), daily(&dashboard(), &palette()).json());
    }

    #[test]
    fn draws_days_today_and_the_average() {
        insta::assert_json_snapshot!(daily(&dashboard(), &palette()));
    }
}
