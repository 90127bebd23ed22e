use chrono::NaiveDate;
use offercast_contract::{DailyPoint, Dashboard};
use serde_json::Value;

use super::Palette;
use super::axes::{count_axis, over_days};
use super::cumulative::line;
use super::options::{Chart, Options, coloured, series, stroke};
use super::points::{gap, point, styled_point, tall};
use super::previous::{Previous, previous};
use super::tooltip::{Row, titles, told, tooltip};
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
        .with("tooltip", tooltip(palette, "shadow", &rows))
        .with("yAxis", count_axis(palette))
        .series(titles(&days, |day| day_title(day, today)))
        .series(redeemed.with("stack", ASKED))
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
fn refused(data: &Dashboard, palette: &Palette) -> Options {
    let on = |day: &DailyPoint| {
        let refused = refused_on(data, day.date);
        point(tall(refused), &count(refused))
    };
    series("bar", words::turned_away(), data.daily.iter().map(on).collect())
        .with("stack", ASKED)
        .with("itemStyle", coloured(&palette.refused).with("borderRadius", 2))
}

pub fn daily_days(data: &Dashboard) -> Vec<NaiveDate> {
    data.daily.iter().map(|day| day.date).collect()
}

/// Each day of the period before where its counterpart stands.
fn days_before(before: &Previous, palette: &Palette) -> Options {
    let on = |day: &DailyPoint| {
        let text = format!("{} ({})", count(day.redemptions), full_day(day.date));
        point(tall(day.redemptions), &text)
    };
    line(words::before(), &palette.before, before.daily.iter().map(on).collect())
        .with("z", 1)
        .with("lineStyle", stroke(&palette.before, 1.5, "dotted"))
}

/// Whether the range reaches the day that is not over yet.
pub fn has_today(data: &Dashboard) -> bool {
    data.range.to >= data.as_of.date_naive()
}

pub fn day_title(day: NaiveDate, today: NaiveDate) -> String {
    let so_far = if day == today { words::today_so_far() } else { "" };
    full_day(day) + so_far
}

pub fn bars(points: impl Iterator<Item = Value>, palette: &Palette) -> Options {
    series("bar", words::redemptions(), points.collect())
        .with("itemStyle", coloured(&palette.accent).with("borderRadius", 2))
}

pub fn bar(day: &DailyPoint, today: NaiveDate, palette: &Palette) -> Value {
    let text = count(day.redemptions);
    if day.date == today {
        styled_point(tall(day.redemptions), &text, unfinished(palette))
    } else {
        point(tall(day.redemptions), &text)
    }
}

fn unfinished(palette: &Palette) -> Options {
    coloured(&palette.accent_soft)
        .with("borderColor", palette.accent.as_str())
        .with("borderWidth", 1)
        .with("borderType", "dashed")
        .with("borderRadius", 2)
}

/// Draws nothing: the discount of the day, for the tooltip.
fn discounts(data: &Dashboard) -> Options {
    told(words::discount(), data.daily.iter().map(|day| money(day.discount_given, &data.offer.currency)))
}

/// The trailing mean on a day. Not on today: an unfinished day would bend it down.
pub fn mean_on(data: &Dashboard, day: NaiveDate) -> Option<f64> {
    let today = data.as_of.date_naive();
    data.moving_average.iter().find(|trend| trend.date == day && day < today).map(|trend| trend.value)
}

pub fn average(data: &Dashboard, days: &[NaiveDate], palette: &Palette) -> Options {
    let on = |day: &NaiveDate| mean_on(data, *day).map_or_else(gap, |mean| point(mean, &decimal(mean)));
    line(words::average(), &palette.trend, days.iter().map(on).collect())
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
        assert_eq!(daily_compared(&dashboard(), &palette()), daily(&dashboard(), &palette()));
    }

    #[test]
    fn draws_days_today_and_the_average() {
        insta::assert_snapshot!(daily(&dashboard(), &palette()).legible());
    }
}
