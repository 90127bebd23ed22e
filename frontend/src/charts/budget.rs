use charming::datatype::DataPoint;
use charming::element::{AreaStyle, AxisPointerType, LineStyle, LineStyleType};
use charming::series::Line;
use chrono::NaiveDate;
use offercast_contract::{CumulativePoint, Dashboard, Money};
use rust_decimal::prelude::ToPrimitive;

use super::axes::{over_days, value_axis};
use super::cumulative::{goal, line, within_range};
use super::daily::day_title;
use super::forecast::{reaches_forecast, run_out_line};
use super::points::{NOTHING, days, gap, height, point};
use super::tooltip::{Row, titles, told, tooltip};
use super::{Chart, Palette};
use crate::format::{estimate, money};
use crate::words::charts as words;

/// Discount spent over time and as it may go on, against the line of the budget when there is one.
pub fn budget(data: &Dashboard, palette: &Palette) -> Chart {
    let days = budget_days(data);
    let today = data.as_of.date_naive();
    let mut rows = vec![Row { name: words::spent(), colour: &palette.money }];
    if data.budget.total.is_some() {
        rows.push(Row { name: words::remaining(), colour: &palette.limit });
    }
    rows.push(Row { name: words::projection(), colour: &palette.trend });
    let totals = within_range(data);
    let chart = over_days(palette, &days, false)
        .tooltip(tooltip(palette, AxisPointerType::Line, &rows))
        .y_axis(value_axis(palette))
        .series(titles(&days, |day| day_title(day, today)))
        .series(spent(data, &totals, &days, palette));
    match data.budget.total {
        Some(total) => chart
            .series(remaining(data, total, &totals, &days))
            .series(projection(data, &days, palette))
            .series(goal(words::budget(), height(total), days.len(), palette)),
        None => chart.series(projection(data, &days, palette)),
    }
}

/// The days of the range, then as far as the forecast reaches.
pub fn budget_days(data: &Dashboard) -> Vec<NaiveDate> {
    let ahead = data.forecast.points.last().map(|last| last.date).filter(|_| reaches_forecast(data));
    days(data.range.from, ahead.unwrap_or(data.range.to).max(data.range.to))
}

/// What the forecast costs if a redemption costs what it did on average: the running total on each day ahead, at
/// most the budget.
pub fn projected(data: &Dashboard) -> Vec<(NaiveDate, f64)> {
    let each = data.kpis.total_discount_given.0.checked_div(data.kpis.total_redemptions.into());
    let Some(each) = each.and_then(|each| each.to_f64()).filter(|_| reaches_forecast(data)) else {
        return Vec::new();
    };
    let most = data.budget.total.map_or(f64::INFINITY, height);
    let today = data.daily.last().filter(|day| day.date == data.as_of.date_naive());
    // The forecast of today counts what came today already.
    let mut total = height(data.budget.spent) - today.map_or(0.0, |day| height(day.discount_given));
    let mut after = |ahead: &offercast_contract::ForecastPoint| {
        total += ahead.redemptions * each;
        (ahead.date, total.min(most))
    };
    data.forecast.points.iter().map(&mut after).collect()
}

fn spent(data: &Dashboard, totals: &[CumulativePoint], days: &[NaiveDate], palette: &Palette) -> Line {
    let currency = &data.offer.currency;
    let on = |day: &NaiveDate| {
        let total = totals.iter().find(|total| total.date == *day);
        total.map_or_else(gap, |total| {
            point(height(total.discount_given), money(total.discount_given, currency))
        })
    };
    let points: Vec<DataPoint> = days.iter().map(on).collect();
    line(words::spent(), &palette.money)
        .area_style(AreaStyle::new().color(palette.money_soft.as_str()))
        .data(points)
}

/// Starts at what was spent by yesterday, so that the dashes continue the line.
fn projection(data: &Dashboard, days: &[NaiveDate], palette: &Palette) -> Line {
    let ahead = projected(data);
    let today = data.as_of.date_naive();
    let on = |day: &NaiveDate| match ahead.iter().find(|(date, _)| date == day) {
        Some((_, total)) => point(*total, estimate(*total, &data.offer.currency)),
        None if !ahead.is_empty() && day.succ_opt() == Some(today) => joint(data, *day),
        None => gap(),
    };
    let points: Vec<DataPoint> = days.iter().map(on).collect();
    line(words::projection(), &palette.trend)
        .line_style(LineStyle::new().color(palette.trend.as_str()).width(2).type_(LineStyleType::Dashed))
        .mark_line(run_out_line(data, days, palette))
        .data(points)
}

fn joint(data: &Dashboard, day: NaiveDate) -> DataPoint {
    let total = data.cumulative.iter().find(|total| total.date == day);
    total.map_or_else(gap, |total| point(height(total.discount_given), "–".to_owned()))
}

/// Draws nothing: what was left at the end of each day, for the tooltip.
fn remaining(data: &Dashboard, budget: Money, totals: &[CumulativePoint], days: &[NaiveDate]) -> Line {
    let left = |day: &NaiveDate| {
        let total = totals.iter().find(|total| total.date == *day);
        let left = |total: &CumulativePoint| Money(budget.0 - total.discount_given.0);
        total.map_or_else(|| NOTHING.to_owned(), |total| money(left(total), &data.offer.currency))
    };
    told(words::remaining(), days.iter().map(left))
}

#[cfg(test)]
mod tests {
    use super::super::sample::{dashboard, palette};
    use super::*;

    #[test]
    fn draws_spend_and_its_projection_below_the_budget() {
        insta::assert_json_snapshot!(budget(&dashboard(), &palette()));
    }

    #[test]
    fn draws_no_line_without_a_budget() {
        let mut data = dashboard();
        data.budget.total = None;
        let chart = budget(&data, &palette()).json();
        assert!(!chart.contains("\"Budget\""), "{chart}");
    }

    #[test]
    fn the_projection_goes_on_from_what_was_spent_and_stops_at_the_budget() {
        let mut data = dashboard();
        let totals =
            |data: &Dashboard| projected(data).into_iter().map(|(_, total)| total).collect::<Vec<_>>();
        // 34.00 spent, 4.00 of it today; 3.75 redemptions of 2.00 are expected on each of two days.
        assert_eq!(totals(&data), [37.5, 45.0]);
        data.budget.total = Some(Money(40.into()));
        assert_eq!(totals(&data), [37.5, 40.0]);
        data.range.to = "2026-11-21".parse().unwrap();
        assert_eq!(totals(&data), [] as [f64; 0]);
    }
}
