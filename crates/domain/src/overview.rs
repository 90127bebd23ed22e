use std::ops::AddAssign;

use chrono::{Days, NaiveDate};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::DateRange;

/// A range of days and the days it is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Periods {
    pub range: DateRange,
    /// The finished days of the range and the same number of days before the range: an unfinished day would always look
    /// like a decline. `None` while no day of the range is finished.
    pub compared: Option<Compared>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Compared {
    pub now: DateRange,
    pub before: DateRange,
}

impl Periods {
    /// `unfinished`: the first day that is not over in every time zone of the offers.
    pub fn new(range: DateRange, unfinished: NaiveDate) -> Periods {
        let yesterday = unfinished.checked_sub_days(Days::new(1)).unwrap_or(unfinished);
        let now = DateRange { from: range.from, to: range.to.min(yesterday) };
        let compared = before(now).filter(|_| now.from <= now.to);
        Periods { range, compared: compared.map(|before| Compared { now, before }) }
    }
}

/// Returns the same number of days immediately before these.
fn before(days: DateRange) -> Option<DateRange> {
    let length = days.to.signed_duration_since(days.from);
    let to = days.from.pred_opt()?;
    Some(DateRange { from: to.checked_sub_signed(length)?, to })
}

/// The redemptions of some days, added up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sum {
    pub redemptions: i64,
    pub discount: Decimal,
}

/// The sums over the ranges of [`Periods`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sums {
    pub range: Sum,
    pub now: Sum,
    pub before: Sum,
}

/// The total of a range and the change of its finished days from the days before, in percent with one decimal place.
/// The change is `None` if the total before was 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Figure<T> {
    pub total: T,
    pub change: Option<f64>,
}

impl Sums {
    pub fn redemptions(&self) -> Figure<i64> {
        let change = change(self.now.redemptions.into(), self.before.redemptions.into());
        Figure { total: self.range.redemptions, change }
    }

    /// Meaningful only if all sums are in the same currency.
    pub fn discount(&self) -> Figure<Decimal> {
        Figure { total: self.range.discount, change: change(self.now.discount, self.before.discount) }
    }
}

impl AddAssign for Sum {
    fn add_assign(&mut self, other: Sum) {
        self.redemptions += other.redemptions;
        self.discount += other.discount;
    }
}

impl AddAssign for Sums {
    fn add_assign(&mut self, other: Sums) {
        self.range += other.range;
        self.now += other.now;
        self.before += other.before;
    }
}

impl std::iter::Sum for Sums {
    fn sum<I: Iterator<Item = Sums>>(all: I) -> Sums {
        let mut sums = Sums::default();
        all.for_each(|one| sums += one);
        sums
    }
}

fn change(now: Decimal, before: Decimal) -> Option<f64> {
    let percent = (now - before).checked_mul(Decimal::ONE_HUNDRED)?.checked_div(before)?;
    percent.round_dp(1).to_f64()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(from: &str, to: &str) -> DateRange {
        DateRange { from: from.parse().unwrap(), to: to.parse().unwrap() }
    }

    fn compared(days: DateRange, unfinished: &str) -> Option<(DateRange, DateRange)> {
        let periods = Periods::new(days, unfinished.parse().unwrap());
        periods.compared.map(|compared| (compared.now, compared.before))
    }

    #[test]
    fn finished_days_are_compared_with_the_same_number_before_the_range() {
        assert_eq!(
            compared(range("2026-06-08", "2026-06-14"), "2026-06-20"),
            Some((range("2026-06-08", "2026-06-14"), range("2026-06-01", "2026-06-07")))
        );
        // Today does not count.
        assert_eq!(
            compared(range("2026-06-08", "2026-06-14"), "2026-06-14"),
            Some((range("2026-06-08", "2026-06-13"), range("2026-06-02", "2026-06-07")))
        );
    }

    #[test]
    fn a_range_without_a_finished_day_has_no_comparison() {
        assert_eq!(compared(range("2026-06-14", "2026-06-14"), "2026-06-14"), None);
    }

    #[test]
    fn a_change_is_in_percent_of_the_total_before() {
        let sum = |redemptions| Sum { redemptions, discount: Decimal::from(redemptions * 5) };
        let figures = |now, before| {
            let sums = Sums { range: sum(now + 1), now: sum(now), before: sum(before) };
            (sums.redemptions(), sums.discount())
        };
        let figure =
            |total, change| (Figure { total, change }, Figure { total: Decimal::from(total * 5), change });
        assert_eq!(figures(150, 100), figure(151, Some(50.0)));
        assert_eq!(figures(2, 3), figure(3, Some(-33.3)));
        assert_eq!(figures(0, 3), figure(1, Some(-100.0)));
        assert_eq!(figures(5, 0), figure(6, None));
    }
}
