use charming::datatype::DataPoint;
use charming::element::{AreaStyle, AxisPointerType};
use charming::series::Line;
use offercast_contract::{CumulativePoint, Dashboard};

use super::axes::{count_axis, over_days};
use super::marks::{day_title, limit_line, line};
use super::points::{count_to_f64, point};
use super::selection::{cumulative_days, within_range};
use super::tooltip::{Row, text_series, titles, tooltip};
use super::{Chart, Palette};
use crate::format::{count, money};
use crate::i18n::charts as texts;

/// Redemptions since the start of the offer, and its redemption limit if it has one.
pub fn cumulative(data: &Dashboard, palette: &Palette) -> Chart {
    let totals = within_range(data);
    let days = cumulative_days(data);
    let today = data.as_of.date_naive();
    let rows = [
        Row { name: texts::redemptions(), colour: &palette.accent },
        Row { name: texts::discount(), colour: &palette.money },
    ];
    let chart = over_days(palette, &days, false)
        .tooltip(tooltip(palette, AxisPointerType::Line, &rows))
        .y_axis(count_axis(palette))
        .series(titles(&days, |day| day_title(day, today)))
        .series(redemptions(&totals, palette))
        .series(discount(&totals, &data.offer.currency));
    match data.offer.max_redemptions {
        Some(maximum) => {
            chart.series(limit_line(texts::redemption_limit(), count_to_f64(maximum), days.len(), palette))
        }
        None => chart,
    }
}

fn redemptions(totals: &[CumulativePoint], palette: &Palette) -> Line {
    let points: Vec<DataPoint> =
        totals.iter().map(|total| point(count_to_f64(total.redemptions), count(total.redemptions))).collect();
    line(texts::redemptions(), &palette.accent)
        .area_style(AreaStyle::new().color(palette.accent_soft.as_str()))
        .data(points)
}

/// Draws nothing: shows the discount in the tooltip. A second axis would suggest comparing unrelated lines.
fn discount(totals: &[CumulativePoint], currency: &str) -> Line {
    text_series(texts::discount(), totals.iter().map(|total| money(total.discount_given, currency)))
}

#[cfg(test)]
mod tests {
    use super::super::sample::{dashboard, palette};
    use super::*;

    #[test]
    fn draws_the_total_below_the_maximum() {
        insta::assert_json_snapshot!(cumulative(&dashboard(), &palette()));
    }
}
