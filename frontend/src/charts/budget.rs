use charming::datatype::DataPoint;
use charming::element::{AreaStyle, AxisPointerType, LineStyle, LineStyleType};
use charming::series::Line;
use chrono::NaiveDate;
use offercast_contract::{CumulativePoint, Dashboard, Money};
use rust_decimal::prelude::ToPrimitive;

use super::axes::{over_days, value_axis};
use super::marks::{day_title, limit_line, line, run_out_line};
use super::points::{NO_VALUE, days, gap, money_to_f64, point};
use super::selection::{reaches_forecast, within_range};
use super::tooltip::{Row, text_series, titles, tooltip};
use super::{Chart, Palette};
use crate::format::{estimate, money};
use crate::i18n::charts as texts;

/// The discount spent over time and its projection, below the budget if the offer has one.
pub fn budget(data: &Dashboard, palette: &Palette) -> Chart {
    let days = budget_days(data);
    let today = data.as_of.date_naive();
    let mut rows = vec![Row { name: texts::spent(), colour: &palette.money }];
    if data.budget.total.is_some() {
        rows.push(Row { name: texts::remaining(), colour: &palette.limit });
    }
    rows.push(Row { name: texts::projection(), colour: &palette.trend });
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
            .series(limit_line(texts::budget(), money_to_f64(total), days.len(), palette)),
        None => chart.series(projection(data, &days, palette)),
    }
}

/// The days of the range and of the forecast.
pub fn budget_days(data: &Dashboard) -> Vec<NaiveDate> {
    let ahead = data.forecast.points.last().map(|last| last.date).filter(|_| reaches_forecast(data));
    days(data.range.from, ahead.unwrap_or(data.range.to).max(data.range.to))
}

/// The projected total spend on each day of the forecast, at the average discount per redemption so far. Capped at the
/// budget.
pub fn projected(data: &Dashboard) -> Vec<(NaiveDate, f64)> {
    let average = data.kpis.total_discount_given.0.checked_div(data.kpis.total_redemptions.into());
    let Some(average) = average.and_then(|average| average.to_f64()).filter(|_| reaches_forecast(data))
    else {
        return Vec::new();
    };
    let most = data.budget.total.map_or(f64::INFINITY, money_to_f64);
    let today = data.daily.last().filter(|day| day.date == data.as_of.date_naive());
    // The forecast of today includes the redemptions made so far.
    let mut total =
        money_to_f64(data.budget.spent) - today.map_or(0.0, |day| money_to_f64(day.discount_given));
    let mut after = |ahead: &offercast_contract::ForecastPoint| {
        total += ahead.redemptions * average;
        (ahead.date, total.min(most))
    };
    data.forecast.points.iter().map(&mut after).collect()
}

fn spent(data: &Dashboard, totals: &[CumulativePoint], days: &[NaiveDate], palette: &Palette) -> Line {
    let currency = &data.offer.currency;
    let on = |day: &NaiveDate| {
        let total = totals.iter().find(|total| total.date == *day);
        total.map_or_else(gap, |total| {
            point(money_to_f64(total.discount_given), money(total.discount_given, currency))
        })
    };
    let points: Vec<DataPoint> = days.iter().map(on).collect();
    line(texts::spent(), &palette.money)
        .area_style(AreaStyle::new().color(palette.money_soft.as_str()))
        .data(points)
}

/// Starts at yesterday's total, so that the dashes continue the line of the spend.
fn projection(data: &Dashboard, days: &[NaiveDate], palette: &Palette) -> Line {
    let ahead = projected(data);
    let today = data.as_of.date_naive();
    let on = |day: &NaiveDate| match ahead.iter().find(|(date, _)| date == day) {
        Some((_, total)) => point(*total, estimate(*total, &data.offer.currency)),
        None if !ahead.is_empty() && day.succ_opt() == Some(today) => known_total(data, *day),
        None => gap(),
    };
    let points: Vec<DataPoint> = days.iter().map(on).collect();
    line(texts::projection(), &palette.trend)
        .line_style(LineStyle::new().color(palette.trend.as_str()).width(2).type_(LineStyleType::Dashed))
        .mark_line(run_out_line(data, days, palette))
        .data(points)
}

fn known_total(data: &Dashboard, day: NaiveDate) -> DataPoint {
    let total = data.cumulative.iter().find(|total| total.date == day);
    total.map_or_else(gap, |total| point(money_to_f64(total.discount_given), "–".to_owned()))
}

/// Draws nothing: shows the remaining budget of each day in the tooltip.
fn remaining(data: &Dashboard, budget: Money, totals: &[CumulativePoint], days: &[NaiveDate]) -> Line {
    let left = |day: &NaiveDate| {
        let total = totals.iter().find(|total| total.date == *day);
        let left = |total: &CumulativePoint| Money(budget.0 - total.discount_given.0);
        total.map_or_else(|| NO_VALUE.to_owned(), |total| money(left(total), &data.offer.currency))
    };
    text_series(texts::remaining(), days.iter().map(left))
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
    fn the_projection_continues_the_spend_up_to_the_budget() {
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
