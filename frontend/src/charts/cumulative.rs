use charming::datatype::DataPoint;
use charming::element::{AreaStyle, AxisPointerType, ItemStyle, LineStyle, LineStyleType};
use charming::series::Line;
use chrono::NaiveDate;
use offercast_contract::{CumulativePoint, Dashboard};

use super::axes::{count_axis, over_days};
use super::daily::day_title;
use super::points::{point, tall};
use super::tooltip::{Row, hidden, titles, told, tooltip};
use super::{Chart, Palette};
use crate::format::{count, money};
use crate::words::charts as words;

/// Redemptions since the first day of the offer, within the range, below the maximum when there is one.
pub fn cumulative(data: &Dashboard, palette: &Palette) -> Chart {
    let totals = within_range(data);
    let days = cumulative_days(data);
    let today = data.as_of.date_naive();
    let rows = [
        Row { name: words::redemptions(), colour: &palette.accent },
        Row { name: words::discount(), colour: &palette.money },
    ];
    let chart = over_days(palette, &days, false)
        .tooltip(tooltip(palette, AxisPointerType::Line, &rows))
        .y_axis(count_axis(palette))
        .series(titles(&days, |day| day_title(day, today)))
        .series(redemptions(&totals, palette))
        .series(discount(&totals, &data.offer.currency));
    match data.offer.max_redemptions {
        Some(maximum) => chart.series(goal(words::maximum(), tall(maximum), days.len(), palette)),
        None => chart,
    }
}

/// The running totals start with the offer, also when the range starts later.
pub fn within_range(data: &Dashboard) -> Vec<CumulativePoint> {
    data.cumulative.iter().filter(|total| total.date >= data.range.from).copied().collect()
}

pub fn cumulative_days(data: &Dashboard) -> Vec<NaiveDate> {
    within_range(data).iter().map(|total| total.date).collect()
}

fn redemptions(totals: &[CumulativePoint], palette: &Palette) -> Line {
    let points: Vec<DataPoint> =
        totals.iter().map(|total| point(tall(total.redemptions), count(total.redemptions))).collect();
    line(words::redemptions(), &palette.accent)
        .area_style(AreaStyle::new().color(palette.accent_soft.as_str()))
        .data(points)
}

/// Draws nothing: what they came to, for the tooltip. Two scales in one picture would invite to compare lines that
/// have nothing to do with each other.
fn discount(totals: &[CumulativePoint], currency: &str) -> Line {
    told(words::discount(), totals.iter().map(|total| money(total.discount_given, currency)))
}

pub fn line(name: &str, colour: &str) -> Line {
    Line::new()
        .name(name)
        .show_symbol(false)
        .line_style(LineStyle::new().color(colour).width(2))
        .item_style(ItemStyle::new().color(colour))
}

/// What a line runs towards. A series rather than a mark, so that the scale reaches up to it.
pub fn goal(name: &str, height: f64, days: usize, palette: &Palette) -> Line {
    let points: Vec<DataPoint> = (0..days).map(|_| point(height, String::new())).collect();
    line(name, &palette.limit)
        .tooltip(hidden())
        .silent(true)
        .line_style(LineStyle::new().color(palette.limit.as_str()).width(1.5).type_(LineStyleType::Dashed))
        .data(points)
}

#[cfg(test)]
mod tests {
    use super::super::sample::{dashboard, palette};
    use super::*;

    #[test]
    fn draws_the_total_below_the_maximum() {
        insta::assert_json_snapshot!(cumulative(&dashboard(), &palette()));
    }

    #[test]
    fn leaves_out_what_came_before_the_range() {
        let mut data = dashboard();
        data.range.from = "2026-11-22".parse().unwrap();
        assert_eq!(within_range(&data).len(), 2);
    }
}
