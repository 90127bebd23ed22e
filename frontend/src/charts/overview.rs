use charming::element::AxisPointerType;
use chrono::NaiveDate;
use offercast_contract::{DailyPoint, DayCount, Money, Overview};

use super::axes::{count_axis, over_days};
use super::marks::{bar, bars, day_title};
use super::tooltip::{Row, titles, tooltip};
use super::{Chart, Palette};
use crate::format::{count, full_day, whole};
use crate::i18n::{charts as texts, common};

/// Redemptions of all offers per day. The last day is drawn as unfinished.
pub fn overview(data: &Overview, palette: &Palette) -> Chart {
    let days: Vec<NaiveDate> = data.daily.iter().map(|day| day.date).collect();
    let today = unfinished(data);
    let rows = [Row { name: texts::redemptions(), colour: &palette.accent }];
    over_days(palette, &days, true)
        .tooltip(tooltip(palette, AxisPointerType::Shadow, &rows))
        .y_axis(count_axis(palette))
        .series(titles(&days, |day| day_title(day, today)))
        .series(bars(data.daily.iter().map(|day| bar(&point(day), today, palette)), palette))
}

/// The first day of the range that is not over in every time zone.
pub fn unfinished(data: &Overview) -> NaiveDate {
    let last_finished = data.compared.and_then(|compared| compared.now.to.succ_opt());
    last_finished.unwrap_or(data.range.from)
}

fn point(day: &DayCount) -> DailyPoint {
    DailyPoint { date: day.date, redemptions: day.redemptions, discount_given: Money::default() }
}

pub fn overview_summary(data: &Overview) -> String {
    let total = common::redemptions(data.redemptions.total);
    let peak = data.daily.iter().max_by_key(|day| day.redemptions).filter(|day| day.redemptions > 0);
    let peak = peak.map(|day| texts::peak(&count(day.redemptions), &full_day(day.date)));
    let sum = texts::sum_in(&total, &common::in_days(whole(data.daily.len())));
    [Some(sum), peak].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::{sample_overview, sample_palette};

    #[test]
    fn draws_every_day_and_the_unfinished_one_differently() {
        insta::assert_json_snapshot!(overview(&sample_overview(), &sample_palette()));
    }

    #[test]
    fn the_summary_names_total_and_peak() {
        assert_eq!(
            overview_summary(&sample_overview()),
            "1,234 redemptions in 6 days. Peak: 400 on Thu 18 Jun 2026."
        );
    }
}
