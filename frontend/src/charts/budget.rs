use charming::Chart;
use charming::component::Axis;
use charming::datatype::DataPoint;
use charming::element::{
    AreaStyle, AxisPointerType, Label, LabelPosition, LineStyle, LineStyleType, MarkLine, MarkLineData,
    MarkLineVariant, Symbol,
};
use charming::series::Line;
use chrono::NaiveDate;
use offercast_contract::{CumulativePoint, Dashboard, Money};

use super::Palette;
use super::axes::{over_days, value_axis};
use super::cumulative::{line, within_range};
use super::daily::day_title;
use super::points::{height, point, titled_gap};
use super::tooltip::{Row, titles, tooltip};
use crate::format::{compact, money};

/// Discount spent over time, against the line of the budget when there is one.
pub fn budget(data: &Dashboard, palette: &Palette) -> Chart {
    let totals = within_range(data);
    let days: Vec<NaiveDate> = totals.iter().map(|total| total.date).collect();
    let today = data.as_of.date_naive();
    let mut rows = vec![Row { name: "Spent", colour: &palette.money }];
    if data.budget.total.is_some() {
        rows.push(Row { name: "Remaining", colour: &palette.limit });
    }
    over_days(palette, &days, false)
        .tooltip(tooltip(palette, AxisPointerType::Line, &rows))
        .y_axis(money_axis(data, palette))
        .series(titles(&days, |day| day_title(day, today)))
        .series(spent(data, &totals, palette))
        .series(remaining(data, &totals))
}

pub fn budget_summary(data: &Dashboard) -> String {
    let currency = &data.offer.currency;
    let spent = money(data.budget.spent, currency);
    match (data.budget.total, data.budget.remaining) {
        (Some(total), Some(remaining)) => format!(
            "Spent {spent} of a budget of {}; {} remain.",
            money(total, currency),
            money(remaining, currency)
        ),
        _ => format!("Spent {spent}; the offer has no budget limit."),
    }
}

/// The scale reaches a little above the budget, so that the distance to it can be seen.
fn money_axis(data: &Dashboard, palette: &Palette) -> Axis {
    let axis = value_axis(palette);
    match data.budget.total {
        Some(total) if total >= data.budget.spent => axis.max(round_up(height(total) * 1.02)),
        _ => axis,
    }
}

/// To two leading digits, for a tick that reads well.
fn round_up(value: f64) -> f64 {
    if value <= 0.0 {
        return 1.0;
    }
    let step = 10f64.powf(value.log10().floor() - 1.0);
    (value / step).ceil() * step
}

fn spent(data: &Dashboard, totals: &[CumulativePoint], palette: &Palette) -> Line {
    let currency = &data.offer.currency;
    let points: Vec<DataPoint> = totals
        .iter()
        .map(|total| point(height(total.discount_given), money(total.discount_given, currency)))
        .collect();
    let spent = line("Spent", &palette.money)
        .area_style(AreaStyle::new().color(palette.money_soft.as_str()))
        .data(points);
    match data.budget.total {
        Some(total) => spent.mark_line(limit(total, currency, palette)),
        None => spent,
    }
}

fn limit(total: Money, currency: &str, palette: &Palette) -> MarkLine {
    let label = Label::new()
        .formatter(format!("Budget {}", compact(total, currency)).as_str())
        .position(LabelPosition::InsideStartTop)
        .color(palette.muted.as_str())
        .font_size(11);
    MarkLine::new()
        .silent(true)
        .symbol(vec![Symbol::None, Symbol::None])
        .line_style(LineStyle::new().color(palette.limit.as_str()).width(1.5).type_(LineStyleType::Dashed))
        .label(label)
        .data(vec![MarkLineVariant::Simple(MarkLineData::new().y_axis(height(total)))])
}

/// Draws nothing: what was left at the end of each day, for the tooltip.
fn remaining(data: &Dashboard, totals: &[CumulativePoint]) -> Line {
    let left = |total: &CumulativePoint| {
        let budget = data.budget.total?;
        Some(money(Money(budget.0 - total.discount_given.0), &data.offer.currency))
    };
    let points: Vec<DataPoint> = totals.iter().map(|total| titled_gap(left(total).unwrap_or_default())).collect();
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
        assert!(!chart.contains("markLine"), "{chart}");
    }

    #[test]
    fn the_scale_ends_on_a_readable_number() {
        for (value, end) in [(0.0, 1.0), (51.0, 51.0), (102.0, 110.0), (2_550.0, 2_600.0)] {
            assert!((round_up(value) - end).abs() < 1e-9, "{value}");
        }
    }

    #[test]
    fn says_what_remains() {
        assert_eq!(
            budget_summary(&dashboard()),
            "Spent 34.00 USD of a budget of 50.00 USD; 16.00 USD remain."
        );
    }
}
