use chrono::NaiveDate;
use offercast_contract::{CumulativePoint, Dashboard};
use serde_json::Value;

use super::Palette;
use super::axes::{count_axis, over_days};
use super::daily::day_title;
use super::options::{Chart, Options, coloured, series, stroke};
use super::points::{point, tall};
use super::tooltip::{Row, hidden, titles, told, tooltip};
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
        .with("tooltip", tooltip(palette, "line", &rows))
        .with("yAxis", count_axis(palette))
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

fn redemptions(totals: &[CumulativePoint], palette: &Palette) -> Options {
    let points = totals.iter().map(|total| point(tall(total.redemptions), &count(total.redemptions)));
    line(words::redemptions(), &palette.accent, points.collect())
        .with("areaStyle", coloured(&palette.accent_soft))
}

/// Draws nothing: what they came to, for the tooltip. Two scales in one picture would invite to compare lines that
/// have nothing to do with each other.
fn discount(totals: &[CumulativePoint], currency: &str) -> Options {
    told(words::discount(), totals.iter().map(|total| money(total.discount_given, currency)))
}

pub fn line(name: &str, colour: &str, points: Vec<Value>) -> Options {
    series("line", name, points)
        .with("showSymbol", false)
        .with("lineStyle", stroke(colour, 2.0, "solid"))
        .with("itemStyle", coloured(colour))
}

/// What a line runs towards. A series rather than a mark, so that the scale reaches up to it.
pub fn goal(name: &str, height: f64, days: usize, palette: &Palette) -> Options {
    line(name, &palette.limit, (0..days).map(|_| point(height, "")).collect())
        .with("tooltip", hidden())
        .with("silent", true)
        .with("lineStyle", stroke(&palette.limit, 1.5, "dashed"))
}

#[cfg(test)]
mod tests {
    use super::super::sample::{dashboard, palette};
    use super::*;

    #[test]
    fn draws_the_total_below_the_maximum() {
        insta::assert_snapshot!(cumulative(&dashboard(), &palette()).legible());
    }

    #[test]
    fn leaves_out_what_came_before_the_range() {
        let mut data = dashboard();
        data.range.from = "2026-11-22".parse().unwrap();
        assert_eq!(within_range(&data).len(), 2);
    }
}
