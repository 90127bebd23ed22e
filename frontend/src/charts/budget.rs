use charming::Chart;
use charming::datatype::DataPoint;
use charming::element::{AreaStyle, AxisPointerType, LineStyle, LineStyleType};
use charming::series::Line;
use chrono::NaiveDate;
use offercast_contract::{CumulativePoint, Dashboard, Money};

use super::Palette;
use super::axes::{over_days, value_axis};
use super::cumulative::{line, within_range};
use super::daily::day_title;
use super::points::{height, point, titled_gap};
use super::tooltip::{Row, hidden, titles, tooltip};
use crate::format::money;

/// Discount spent over time, against the line of the budget when there is one.
pub fn budget(data: &Dashboard, palette: &Palette) -> Chart {
    let totals = within_range(data);
    let days: Vec<NaiveDate> = totals.iter().map(|total| total.date).collect();
    let today = data.as_of.date_naive();
    let mut rows = vec![Row { name: "Spent", colour: &palette.money }];
    if data.budget.total.is_some() {
        rows.push(Row { name: "Remaining", colour: &palette.limit });
    }
    let chart = over_days(palette, &days, false)
        .tooltip(tooltip(palette, AxisPointerType::Line, &rows))
        .y_axis(value_axis(palette))
        .series(titles(&days, |day| day_title(day, today)))
        .series(spent(data, &totals, palette))
        .series(remaining(data, &totals));
    match data.budget.total {
        Some(total) => chart.series(limit(total, &days, palette)),
        None => chart,
    }
}

fn spent(data: &Dashboard, totals: &[CumulativePoint], palette: &Palette) -> Line {
    let currency = &data.offer.currency;
    let points: Vec<DataPoint> = totals
        .iter()
        .map(|total| point(height(total.discount_given), money(total.discount_given, currency)))
        .collect();
    line("Spent", &palette.money).area_style(AreaStyle::new().color(palette.money_soft.as_str())).data(points)
}

/// A series rather than a mark, so that the scale reaches up to it.
fn limit(total: Money, days: &[NaiveDate], palette: &Palette) -> Line {
    let points: Vec<DataPoint> = days.iter().map(|_| point(height(total), String::new())).collect();
    line("Budget", &palette.limit)
        .tooltip(hidden())
        .silent(true)
        .line_style(LineStyle::new().color(palette.limit.as_str()).width(1.5).type_(LineStyleType::Dashed))
        .data(points)
}

/// Draws nothing: what was left at the end of each day, for the tooltip.
fn remaining(data: &Dashboard, totals: &[CumulativePoint]) -> Line {
    let left = |total: &CumulativePoint| {
        let budget = data.budget.total?;
        Some(money(Money(budget.0 - total.discount_given.0), &data.offer.currency))
    };
    let points: Vec<DataPoint> =
        totals.iter().map(|total| titled_gap(left(total).unwrap_or_default())).collect();
    Line::new().name("Remaining").show_symbol(false).data(points)
}

#[cfg(test)]
mod tests {
    use super::super::sample::{dashboard, palette};
    use super::*;

    #[test]
    fn draws_spend_below_the_budget() {
        insta::assert_json_snapshot!(budget(&dashboard(), &palette()));
    }

    #[test]
    fn draws_no_line_without_a_budget() {
        let mut data = dashboard();
        data.budget.total = None;
        let chart = budget(&data, &palette()).to_string();
        assert!(!chart.contains("dashed"), "{chart}");
    }
}
