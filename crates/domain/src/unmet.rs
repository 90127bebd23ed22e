use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::DateRange;

/// Customers who were turned away for one reason on one day, and what they would have been given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusals {
    pub date: NaiveDate,
    /// The code of the refusal.
    pub reason: String,
    pub refusals: i64,
    pub discount: Decimal,
}

/// The customers that an offer turned away over a range of days.
#[derive(Debug, Clone, Copy)]
pub struct UnmetDemand<'a> {
    /// Oldest first.
    pub days: &'a [Refusals],
    pub range: DateRange,
}

/// All refusals of one reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    pub reason: String,
    pub refusals: i64,
    pub discount: Decimal,
}

impl UnmetDemand<'_> {
    /// How many were turned away on every day of the range, zeros included.
    pub fn daily(&self) -> Vec<(NaiveDate, i64)> {
        let mut by_day: BTreeMap<NaiveDate, i64> =
            self.range.from.iter_days().take_while(|day| *day <= self.range.to).map(|day| (day, 0)).collect();
        for day in self.in_range() {
            by_day.entry(day.date).and_modify(|all| *all += day.refusals);
        }
        by_day.into_iter().collect()
    }

    /// The most frequent first.
    pub fn reasons(&self) -> Vec<Reason> {
        let mut by_reason: BTreeMap<&str, (i64, Decimal)> = BTreeMap::new();
        for day in self.in_range() {
            let (refusals, discount) = by_reason.entry(&day.reason).or_default();
            *refusals += day.refusals;
            *discount += day.discount;
        }
        let reason = |(reason, (refusals, discount)): (&str, _)| Reason {
            reason: reason.to_owned(),
            refusals,
            discount,
        };
        let mut reasons: Vec<Reason> = by_reason.into_iter().map(reason).collect();
        reasons.sort_by_key(|reason| std::cmp::Reverse(reason.refusals));
        reasons
    }

    fn in_range(&self) -> impl Iterator<Item = &Refusals> {
        self.days.iter().filter(|day| (self.range.from..=self.range.to).contains(&day.date))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(date: &str, reason: &str, refusals: i64) -> Refusals {
        Refusals {
            date: date.parse().unwrap(),
            reason: reason.to_owned(),
            refusals,
            discount: Decimal::from(5 * refusals),
        }
    }

    #[test]
    fn days_without_refusals_are_zeros_and_days_outside_do_not_count() {
        let days = [
            on("2026-06-01", "budget_exhausted", 9),
            on("2026-06-02", "budget_exhausted", 2),
            on("2026-06-02", "offer_paused", 3),
            on("2026-06-04", "offer_paused", 4),
        ];
        let range = DateRange { from: "2026-06-02".parse().unwrap(), to: "2026-06-04".parse().unwrap() };
        let unmet = UnmetDemand { days: &days, range };
        assert_eq!(unmet.daily().into_iter().map(|(_, refusals)| refusals).collect::<Vec<_>>(), [5, 0, 4]);
        let reason = |reason: &str, refusals: i64| Reason {
            reason: reason.to_owned(),
            refusals,
            discount: Decimal::from(5 * refusals),
        };
        assert_eq!(unmet.reasons(), [reason("offer_paused", 7), reason("budget_exhausted", 2)]);
    }
}
