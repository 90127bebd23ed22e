//! The period before the shown range, of the same length, for comparison.

use chrono::Days;
use offercast_contract::{CumulativePoint, DailyPoint, Dashboard, DateRange, Money};

#[derive(Clone, Debug, PartialEq)]
pub struct PreviousPeriod {
    pub range: DateRange,
    pub daily: Vec<DailyPoint>,
}

/// `None` if the offer is too young. Computed from the running totals, which start with the offer, so that no further
/// request is needed.
pub fn previous_period(data: &Dashboard) -> Option<PreviousPeriod> {
    let length = Days::new(u64::try_from(data.daily.len()).ok()?);
    let range =
        DateRange { from: data.range.from.checked_sub_days(length)?, to: data.range.from.pred_opt()? };
    let first = data.cumulative.first().filter(|first| first.date <= range.from)?.date;
    let start = usize::try_from(range.from.signed_duration_since(first).num_days()).ok()?;
    let totals = data.cumulative.get(start..start + data.daily.len())?;
    let mut before =
        start.checked_sub(1).map_or((0, Money::default()), |place| total(&data.cumulative[place]));
    let mut difference = |day: &CumulativePoint| {
        let (redemptions, discount) = before;
        before = total(day);
        DailyPoint {
            date: day.date,
            redemptions: before.0 - redemptions,
            discount_given: Money(before.1.0 - discount.0),
        }
    };
    Some(PreviousPeriod { range, daily: totals.iter().map(&mut difference).collect() })
}

fn total(day: &CumulativePoint) -> (i64, Money) {
    (day.redemptions, day.discount_given)
}

#[cfg(test)]
mod tests {
    use super::super::sample::dashboard;
    use super::*;

    /// The sample with a range of its last two days.
    fn last_two_days() -> Dashboard {
        let mut data = dashboard();
        data.daily.drain(..3);
        data.range.from = data.daily[0].date;
        data
    }

    #[test]
    fn the_previous_period_comes_from_the_running_totals() {
        let all = dashboard();
        let before = previous_period(&last_two_days()).unwrap();
        assert_eq!(before.daily, all.daily[1..3]);
        assert_eq!((before.range.from, before.range.to), (all.daily[1].date, all.daily[2].date));
    }

    #[test]
    fn a_young_offer_has_no_previous_period() {
        assert_eq!(previous_period(&dashboard()), None);
    }
}
