use rust_decimal::Decimal;

use crate::{OfferTerms, Totals};

/// How much of an offer open reservations may hold together, by setting of the installation: they keep an offer from
/// others without redeeming it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HoldLimits {
    /// Seconds that one may last.
    pub max_seconds: u32,
    /// Open reservations of one offer.
    pub max_open: i64,
    /// Percent of the budget of an offer that they may hold. A single reservation may hold more.
    pub max_budget_percent: u32,
}

/// The longest time that the API promises.
pub const MAX_HOLD_SECONDS: u32 = 86_400;

impl Default for HoldLimits {
    fn default() -> HoldLimits {
        HoldLimits { max_seconds: MAX_HOLD_SECONDS, max_open: 10_000, max_budget_percent: 100 }
    }
}

impl HoldLimits {
    /// Whether one more reservation may hold this discount. `totals` as they are before it.
    pub fn allow(&self, terms: &OfferTerms, totals: Totals, discount: Decimal) -> bool {
        let held = totals.held;
        let share = |budget: Decimal| budget * Decimal::from(self.max_budget_percent) / Decimal::ONE_HUNDRED;
        let fits = terms.budget.is_none_or(|budget| held.discount + discount <= share(budget));
        held.redemptions < self.max_open && (held.redemptions == 0 || fits)
    }
}
