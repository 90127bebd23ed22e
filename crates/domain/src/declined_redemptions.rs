use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::DateRange;

/// Redemptions declined on one day for one reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeclinedByDay {
    pub date: NaiveDate,
    /// Code of the [`crate::Refusal`].
    pub reason: String,
    pub refusals: i64,
    /// The discount that was not given.
    pub discount: Decimal,
}

/// The redemptions of an offer that were declined in a range of days.
#[derive(Debug, Clone, Copy)]
pub struct DeclinedRedemptions<'a> {
    /// Oldest first.
    pub days: &'a [DeclinedByDay],
    pub range: DateRange,
}

/// Redemptions declined for one reason, over the whole range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeclinedByReason {
    pub reason: String,
    pub refusals: i64,
    pub discount: Decimal,
}

impl DeclinedRedemptions<'_> {
    /// Returns the number of declined redemptions for every day of the range, zeros included.
    pub fn daily(&self) -> Vec<(NaiveDate, i64)> {
        let mut by_day: BTreeMap<NaiveDate, i64> =
            self.range.from.iter_days().take_while(|day| *day <= self.range.to).map(|day| (day, 0)).collect();
        for day in self.in_range() {
            by_day.entry(day.date).and_modify(|all| *all += day.refusals);
        }
        by_day.into_iter().collect()
    }

    /// Returns the totals by reason, most frequent first.
    pub fn reasons(&self) -> Vec<DeclinedByReason> {
        let mut by_reason: BTreeMap<&str, (i64, Decimal)> = BTreeMap::new();
        for day in self.in_range() {
            let (refusals, discount) = by_reason.entry(&day.reason).or_default();
            *refusals += day.refusals;
            *discount += day.discount;
        }
        let reason = |(reason, (refusals, discount)): (&str, _)| DeclinedByReason {
            reason: reason.to_owned(),
            refusals,
            discount,
        };
        let mut reasons: Vec<DeclinedByReason> = by_reason.into_iter().map(reason).collect();
        reasons.sort_by_key(|reason| std::cmp::Reverse(reason.refusals));
        reasons
    }

    fn in_range(&self) -> impl Iterator<Item = &DeclinedByDay> {
        self.days.iter().filter(|day| (self.range.from..=self.range.to).contains(&day.date))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(date: &str, reason: &str, refusals: i64) -> DeclinedByDay {
        DeclinedByDay {
            date: date.parse().unwrap(),
            reason: reason.to_owned(),
            refusals,
            discount: Decimal::from(5 * refusals),
        }
    }

    #[test]
    fn empty_days_are_zero_and_days_outside_the_range_are_ignored() {
        let days = [
            on("2026-06-01", "budget_exhausted", 9),
            on("2026-06-02", "budget_exhausted", 2),
            on("2026-06-02", "offer_paused", 3),
            on("2026-06-04", "offer_paused", 4),
        ];
        let range = DateRange { from: "2026-06-02".parse().unwrap(), to: "2026-06-04".parse().unwrap() };
        let declined = DeclinedRedemptions { days: &days, range };
        assert_eq!(declined.daily().into_iter().map(|(_, refusals)| refusals).collect::<Vec<_>>(), [5, 0, 4]);
        let reason = |reason: &str, refusals: i64| DeclinedByReason {
            reason: reason.to_owned(),
            refusals,
            discount: Decimal::from(5 * refusals),
        };
        assert_eq!(declined.reasons(), [reason("offer_paused", 7), reason("budget_exhausted", 2)]);
    }
}
