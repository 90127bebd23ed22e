use charming::element::AxisPointerType;
use chrono::NaiveDate;
use offercast_contract::{DailyPoint, DayCount, Money, Overview};

use super::axes::{count_axis, over_days};
use super::daily::{bar, bars, day_title};
use super::tooltip::{Row, titles, tooltip};
use super::{Chart, Palette};
use crate::format::{count, full_day, whole};
use crate::words::{charts as words, common};

/// Redemptions of all offers a day; what is not over yet is drawn as unfinished.
pub fn overview(data: &Overview, palette: &Palette) -> Chart {
    let days: Vec<NaiveDate> = data.daily.iter().map(|day| day.date).collect();
    let today = unfinished(data);
    let rows = [Row { name: words::redemptions(), colour: &palette.accent }];
    over_days(palette, &days, true)
        .tooltip(tooltip(palette, AxisPointerType::Shadow, &rows))
        .y_axis(count_axis(palette))
        .series(titles(&days, |day| day_title(day, today)))
        .series(bars(data.daily.iter().map(|day| bar(&point(day), today, palette)), palette))
}

/// The first day of the range that is not over everywhere.
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
    let peak = peak
        .map_or(String::new(), |day| words::most_on_one_day(&count(day.redemptions), &full_day(day.date)));
    words::sum_in(&total, &common::in_days(whole(data.daily.len()))) + &peak
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
    fn says_the_same_in_words() {
        assert_eq!(
            overview_summary(&sample_overview()),
            "1,234 redemptions in 6 days. The most on one day: 400 on Thu 18 Jun 2026."
        );
    }
}
