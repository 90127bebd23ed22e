use rust_decimal::Decimal;

use crate::{OfferTerms, Totals};

/// Limits for the open reservations of an offer, from the settings. Holds block a part of an offer without redeeming
/// it, so they are limited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HoldLimits {
    /// Longest duration of a reservation, in seconds.
    pub max_seconds: u32,
    /// Maximum number of open reservations of an offer.
    pub max_open: i64,
    /// Percentage of an offer's budget that they may hold. A reservation may exceed it if the offer has no other.
    pub max_budget_percent: u32,
}

/// Longest duration of a reservation that the API accepts, in seconds.
pub const MAX_HOLD_SECONDS: u32 = 86_400;

impl Default for HoldLimits {
    fn default() -> HoldLimits {
        HoldLimits { max_seconds: MAX_HOLD_SECONDS, max_open: 10_000, max_budget_percent: 100 }
    }
}

impl HoldLimits {
    /// Whether one more reservation may hold this discount. `totals` are those before it.
    pub fn allow(&self, terms: &OfferTerms, totals: Totals, discount: Decimal) -> bool {
        let held = totals.held;
        let share = |budget: Decimal| budget * Decimal::from(self.max_budget_percent) / Decimal::ONE_HUNDRED;
        let fits = terms.budget.is_none_or(|budget| held.discount + discount <= share(budget));
        held.redemptions < self.max_open && (held.redemptions == 0 || fits)
    }
}
