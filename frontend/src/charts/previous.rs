//! The days before a range, as many as it has: what its figures are read against.

use chrono::Days;
use offercast_contract::{CumulativePoint, DailyPoint, Dashboard, DateRange, Money};

/// The period before the one that is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Previous {
    pub range: DateRange,
    pub daily: Vec<DailyPoint>,
}

/// `None` where the offer was not there all the time. The running totals reach back to its first day, so that no
/// other answer has to be waited for.
pub fn previous(data: &Dashboard) -> Option<Previous> {
    let length = Days::new(u64::try_from(data.daily.len()).ok()?);
    let range =
        DateRange { from: data.range.from.checked_sub_days(length)?, to: data.range.from.pred_opt()? };
    let first = data.cumulative.first().filter(|first| first.date <= range.from)?.date;
    let start = usize::try_from(range.from.signed_duration_since(first).num_days()).ok()?;
    let totals = data.cumulative.get(start..start + data.daily.len())?;
    let mut before =
        start.checked_sub(1).map_or((0, Money::default()), |place| total(&data.cumulative[place]));
    let mut added = |day: &CumulativePoint| {
        let (redemptions, discount) = before;
        before = total(day);
        DailyPoint {
            date: day.date,
            redemptions: before.0 - redemptions,
            discount_given: Money(before.1.0 - discount.0),
        }
    };
    Some(Previous { range, daily: totals.iter().map(&mut added).collect() })
}

fn total(day: &CumulativePoint) -> (i64, Money) {
    (day.redemptions, day.discount_given)
}

/// The days of the range that are over: a day that is not would always look like a fall.
pub fn finished(data: &Dashboard) -> &[DailyPoint] {
    let today = data.as_of.date_naive();
    &data.daily[..data.daily.partition_point(|day| day.date < today)]
}

#[cfg(test)]
mod tests {
    use super::super::sample::dashboard;
    use super::*;

    /// The last two of the sample's five days.
    fn short() -> Dashboard {
        let mut data = dashboard();
        data.daily.drain(..3);
        data.range.from = data.daily[0].date;
        data
    }

    #[test]
    fn the_days_before_come_from_the_running_totals() {
        let all = dashboard();
        let before = previous(&short()).unwrap();
        assert_eq!(before.daily, all.daily[1..3]);
        assert_eq!((before.range.from, before.range.to), (all.daily[1].date, all.daily[2].date));
    }

    #[test]
    fn an_offer_has_no_days_before_its_first() {
        assert_eq!(previous(&dashboard()), None);
    }

    #[test]
    fn today_is_not_finished() {
        assert_eq!(finished(&dashboard()).len(), 4);
    }
}
