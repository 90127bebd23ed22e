use charming::Chart;
use charming::datatype::DataPoint;
use charming::element::{AreaStyle, AxisPointerType, ItemStyle, LineStyle, SplitLine};
use charming::series::Line;
use chrono::NaiveDate;
use offercast_contract::{CumulativePoint, Dashboard};

use super::Palette;
use super::axes::{count_axis, over_days, value_axis};
use super::daily::day_title;
use super::points::{height, point, tall};
use super::tooltip::{Row, titles, tooltip};
use crate::format::{count, money};

/// Redemptions and discount since the first day of the offer, within the range.
pub fn cumulative(data: &Dashboard, palette: &Palette) -> Chart {
    let totals = within_range(data);
    let days: Vec<NaiveDate> = totals.iter().map(|total| total.date).collect();
    let today = data.as_of.date_naive();
    let rows = [
        Row { name: "Redemptions", colour: &palette.accent },
        Row { name: "Discount", colour: &palette.money },
    ];
    over_days(palette, &days, false)
        .tooltip(tooltip(palette, AxisPointerType::Line, &rows))
        .y_axis(count_axis(palette))
        // One set of rules is enough for two scales.
        .y_axis(value_axis(palette).split_line(SplitLine::new().show(false)))
        .series(titles(&days, |day| day_title(day, today)))
        .series(redemptions(&totals, palette))
        .series(discount(&totals, &data.offer.currency, palette))
}

/// The running totals start with the offer, also when the range starts later.
pub fn within_range(data: &Dashboard) -> Vec<CumulativePoint> {
    data.cumulative.iter().filter(|total| total.date >= data.range.from).copied().collect()
}

fn redemptions(totals: &[CumulativePoint], palette: &Palette) -> Line {
    let points: Vec<DataPoint> =
        totals.iter().map(|total| point(tall(total.redemptions), count(total.redemptions))).collect();
    line("Redemptions", &palette.accent)
        .area_style(AreaStyle::new().color(palette.accent_soft.as_str()))
        .data(points)
}

fn discount(totals: &[CumulativePoint], currency: &str, palette: &Palette) -> Line {
    let points: Vec<DataPoint> = totals
        .iter()
        .map(|total| point(height(total.discount_given), money(total.discount_given, currency)))
        .collect();
    line("Discount", &palette.money).y_axis_index(1).data(points)
}

pub fn line(name: &str, colour: &str) -> Line {
    Line::new()
        .name(name)
        .show_symbol(false)
        .line_style(LineStyle::new().color(colour).width(2))
        .item_style(ItemStyle::new().color(colour))
}

#[cfg(test)]
mod tests {
    use super::super::sample::{dashboard, palette};
    use super::*;

    #[test]
    fn draws_both_totals() {
        insta::assert_json_snapshot!(cumulative(&dashboard(), &palette()));
    }

    #[test]
    fn leaves_out_what_came_before_the_range() {
        let mut data = dashboard();
        data.range.from = "2026-11-22".parse().unwrap();
        assert_eq!(within_range(&data).len(), 2);
    }
}
