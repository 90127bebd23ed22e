use charming::datatype::DataPoint;
use charming::element::{AxisPointerType, BorderType, ItemStyle, LineStyle, LineStyleType};
use charming::series::{Bar, Line};
use chrono::NaiveDate;
use offercast_contract::{DailyPoint, Dashboard};

use super::axes::{count_axis, over_days};
use super::cumulative::line;
use super::points::{gap, point, styled_point, tall};
use super::previous::{Previous, previous};
use super::tooltip::{Row, titles, told, tooltip};
use super::{Chart, Palette};
use crate::format::{count, decimal, full_day, money};
use crate::words::charts as words;

/// Bars of one name stand on each other.
const ASKED: &str = "asked";

/// The same over the days before, drawn as a quiet line.
pub fn daily_compared(data: &Dashboard, palette: &Palette) -> Chart {
    let chart = daily_with(data, palette, previous(data).as_ref());
    match previous(data) {
        Some(before) => chart.series(days_before(&before, palette)),
        None => chart,
    }
}

/// Redemptions a day as bars with their 7-day average; today's bar is drawn as the unfinished thing it is.
pub fn daily(data: &Dashboard, palette: &Palette) -> Chart {
    daily_with(data, palette, None)
}

fn daily_with(data: &Dashboard, palette: &Palette, before: Option<&Previous>) -> Chart {
    let days = daily_days(data);
    let today = data.as_of.date_naive();
    let mut rows = vec![
        Row { name: words::redemptions(), colour: &palette.accent },
        Row { name: words::discount(), colour: &palette.money },
        Row { name: words::average(), colour: &palette.trend },
    ];
    if turned_away(data) {
        rows.push(Row { name: words::turned_away(), colour: &palette.refused });
    }
    if before.is_some() {
        rows.push(Row { name: words::before(), colour: &palette.before });
    }
    let redeemed = bars(data.daily.iter().map(|day| bar(day, today, palette)), palette);
    let chart = over_days(palette, &days, true)
        .tooltip(tooltip(palette, AxisPointerType::Shadow, &rows))
        .y_axis(count_axis(palette))
        .series(titles(&days, |day| day_title(day, today)))
        .series(redeemed.stack(ASKED))
        .series(discounts(data))
        .series(average(data, &days, palette));
    if turned_away(data) { chart.series(refused(data, palette)) } else { chart }
}

/// Whether anybody was refused in the range. Nothing is drawn of what never happened.
pub fn turned_away(data: &Dashboard) -> bool {
    data.refusals.iter().any(|day| day.refusals > 0)
}

/// How many were turned away on a day.
pub fn refused_on(data: &Dashboard, day: NaiveDate) -> i64 {
    data.refusals.iter().find(|refused| refused.date == day).map_or(0, |refused| refused.refusals)
}

/// On top of those who redeemed: together they are all who asked.
fn refused(data: &Dashboard, palette: &Palette) -> Bar {
    let on = |day: &DailyPoint| {
        let refused = refused_on(data, day.date);
        point(tall(refused), count(refused))
    };
    let points: Vec<DataPoint> = data.daily.iter().map(on).collect();
    Bar::new()
        .name(words::turned_away())
        .stack(ASKED)
        .item_style(ItemStyle::new().color(palette.refused.as_str()).border_radius(2))
        .data(points)
}

pub fn daily_days(data: &Dashboard) -> Vec<NaiveDate> {
    data.daily.iter().map(|day| day.date).collect()
}

/// Each day of the period before where its counterpart stands.
fn days_before(before: &Previous, palette: &Palette) -> Line {
    let on = |day: &DailyPoint| {
        point(tall(day.redemptions), format!("{} ({})", count(day.redemptions), full_day(day.date)))
    };
    let points: Vec<DataPoint> = before.daily.iter().map(on).collect();
    line(words::before(), &palette.before)
        .z(1)
        .line_style(LineStyle::new().color(palette.before.as_str()).width(1.5).type_(LineStyleType::Dotted))
        .data(points)
}

/// Whether the range reaches the day that is not over yet.
pub fn has_today(data: &Dashboard) -> bool {
    data.range.to >= data.as_of.date_naive()
}

pub fn day_title(day: NaiveDate, today: NaiveDate) -> String {
    let so_far = if day == today { words::today_so_far() } else { "" };
    full_day(day) + so_far
}

pub fn bars(points: impl Iterator<Item = DataPoint>, palette: &Palette) -> Bar {
    Bar::new()
        .name(words::redemptions())
        .item_style(ItemStyle::new().color(palette.accent.as_str()).border_radius(2))
        .data(points.collect::<Vec<_>>())
}

pub fn bar(day: &DailyPoint, today: NaiveDate, palette: &Palette) -> DataPoint {
    let text = count(day.redemptions);
    if day.date == today {
        styled_point(tall(day.redemptions), text, unfinished(palette))
    } else {
        point(tall(day.redemptions), text)
    }
}

fn unfinished(palette: &Palette) -> ItemStyle {
    ItemStyle::new()
        .color(palette.accent_soft.as_str())
        .border_color(palette.accent.as_str())
        .border_width(1)
        .border_type(BorderType::Dashed)
        .border_radius(2)
}

/// Draws nothing: the discount of the day, for the tooltip.
fn discounts(data: &Dashboard) -> Line {
    told(words::discount(), data.daily.iter().map(|day| money(day.discount_given, &data.offer.currency)))
}

/// The trailing mean on a day. Not on today: an unfinished day would bend it down.
pub fn mean_on(data: &Dashboard, day: NaiveDate) -> Option<f64> {
    let today = data.as_of.date_naive();
    data.moving_average.iter().find(|trend| trend.date == day && day < today).map(|trend| trend.value)
}

pub fn average(data: &Dashboard, days: &[NaiveDate], palette: &Palette) -> Line {
    let on = |day: &NaiveDate| mean_on(data, *day).map_or_else(gap, |mean| point(mean, decimal(mean)));
    let points: Vec<DataPoint> = days.iter().map(on).collect();
    line(words::average(), &palette.trend).data(points)
}

#[cfg(test)]
mod tests {
    use super::super::sample::{dashboard, palette};
    use super::*;

    #[test]
    fn draws_the_period_before_as_a_line() {
        let mut data = dashboard();
        data.daily.drain(..3);
        data.range.from = data.daily[0].date;
        let chart = serde_json::to_value(daily_compared(&data, &palette())).unwrap();
        let before = chart["series"].as_array().unwrap().last().unwrap();
        let drawn: Vec<_> = before["data"].as_array().unwrap().iter().map(|point| &point["value"]).collect();
        assert_eq!(drawn, [0.0, 6.0]);
        // An offer without days before is drawn as if nothing were compared.
        assert_eq!(daily_compared(&dashboard(), &palette()).json(), daily(&dashboard(), &palette()).json());
    }

    #[test]
    fn draws_days_today_and_the_average() {
        insta::assert_json_snapshot!(daily(&dashboard(), &palette()));
    }
}
