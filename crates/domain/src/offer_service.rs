use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::offer_draft::{amount, positive};
use crate::{FieldError, HoldLimits, Offer, OfferStatus, OfferTerms, Refusal, Shortfall, Totals, text};

/// Decimal places allowed in an order amount, whatever the currency: shops send the exact total of a basket.
const ORDER_DIGITS: u32 = 4;

/// The rules of one offer at one moment: whether it can be redeemed, the discount, and which edits are allowed.
///
/// `today` is the current day in the offer's time zone.
#[derive(Debug, Clone, Copy)]
pub struct OfferService<'a> {
    pub offer: &'a Offer,
    pub totals: Totals,
    pub today: NaiveDate,
}

/// An accepted redemption or hold, with the offer's totals after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grant {
    pub discount: Decimal,
    /// The discount by the terms. Larger than `discount` if the remaining budget was smaller.
    pub discount_asked: Decimal,
    pub totals: Totals,
}

/// The result that a redemption would have now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    /// The discount that would be given; 0 if the redemption would be declined.
    pub discount: Decimal,
    /// The discount by the terms.
    pub discount_asked: Decimal,
    /// All reasons to decline it, in the order of [`Refusal::ALL`].
    pub reasons: Vec<Refusal>,
}

/// The state of an offer, as shown by its badge in the dashboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfferState {
    Scheduled,
    Active,
    Paused,
    Expired,
    BudgetExhausted,
    RedemptionsExhausted,
    Archived,
}

impl OfferState {
    pub const ALL: [OfferState; 7] = [
        OfferState::Scheduled,
        OfferState::Active,
        OfferState::Paused,
        OfferState::Expired,
        OfferState::BudgetExhausted,
        OfferState::RedemptionsExhausted,
        OfferState::Archived,
    ];

    pub fn name(self) -> &'static str {
        match self {
            OfferState::Scheduled => "scheduled",
            OfferState::Active => "active",
            OfferState::Paused => "paused",
            OfferState::Expired => "expired",
            OfferState::BudgetExhausted => "budget_exhausted",
            OfferState::RedemptionsExhausted => "redemptions_exhausted",
            OfferState::Archived => "archived",
        }
    }

    pub fn parse(text: &str) -> Option<OfferState> {
        OfferState::ALL.into_iter().find(|state| state.name() == text)
    }
}

impl OfferService<'_> {
    /// Returns the reason for which every order would be declined now, if there is one. Both the offer's state and the
    /// decision about a redemption are derived from it.
    pub fn refusal(&self) -> Option<Refusal> {
        Refusal::ALL.into_iter().find(|refusal| self.declines_every_order(*refusal))
    }

    fn declines_every_order(&self, refusal: Refusal) -> bool {
        let terms = &self.offer.terms;
        match refusal {
            Refusal::Archived => terms.status == OfferStatus::Archived,
            Refusal::Paused => terms.status == OfferStatus::Paused,
            Refusal::NotStarted => self.today < terms.start_date,
            Refusal::Expired => self.today > terms.end_date,
            Refusal::MaxRedemptionsReached => {
                terms.max_redemptions.is_some_and(|max| self.totals.taken() >= max)
            }
            Refusal::BudgetExhausted => self.remaining_budget().is_some_and(|left| left <= Decimal::ZERO),
            Refusal::OrderBelowMinimum | Refusal::CustomerLimitReached | Refusal::HoldLimitReached => false,
        }
    }

    pub fn state(&self) -> OfferState {
        match self.refusal() {
            Some(Refusal::Archived) => OfferState::Archived,
            Some(Refusal::Paused) => OfferState::Paused,
            Some(Refusal::NotStarted) => OfferState::Scheduled,
            Some(Refusal::Expired) => OfferState::Expired,
            Some(Refusal::MaxRedemptionsReached) => OfferState::RedemptionsExhausted,
            Some(Refusal::BudgetExhausted) => OfferState::BudgetExhausted,
            // Reasons that depend on the order say nothing about the offer.
            Some(Refusal::OrderBelowMinimum | Refusal::CustomerLimitReached | Refusal::HoldLimitReached)
            | None => OfferState::Active,
        }
    }

    /// Returns all reasons to decline an order of this amount, in the order of [`Refusal::ALL`]. `uses`: earlier
    /// redemptions of the customer.
    fn reasons(&self, order_amount: Decimal, uses: i64) -> impl Iterator<Item = Refusal> {
        let terms = &self.offer.terms;
        let discount = terms.discount_of(order_amount);
        Refusal::ALL.into_iter().filter(move |refusal| {
            self.declines_every_order(*refusal)
                || match refusal {
                    Refusal::BudgetExhausted => self.within_budget(discount).is_none(),
                    Refusal::OrderBelowMinimum => {
                        terms.min_order_amount.is_some_and(|least| order_amount < least)
                    }
                    Refusal::CustomerLimitReached => {
                        terms.max_redemptions_per_customer.is_some_and(|max| uses >= max)
                    }
                    _ => false,
                }
        })
    }

    /// Returns the part of a discount that the remaining budget covers. `None` means that the redemption is declined.
    fn within_budget(&self, discount: Decimal) -> Option<Decimal> {
        let terms = &self.offer.terms;
        match (self.remaining_budget(), terms.on_budget_shortfall) {
            (Some(left), Shortfall::Reject) if discount > left => None,
            // Imported redemptions may have left a fraction of a minor unit.
            (Some(left), Shortfall::Partial) if discount > left => {
                Some(terms.currency.round_down(left)).filter(|left| *left > Decimal::ZERO)
            }
            _ => Some(discount),
        }
    }

    /// Decides about the redemption of an order. `uses`: earlier redemptions of the customer.
    pub fn redeem(&self, order_amount: Decimal, uses: i64) -> Result<Grant, Refusal> {
        let (discount, discount_asked) = self.allow(order_amount, uses)?;
        Ok(Grant { discount, discount_asked, totals: self.totals.plus(discount) })
    }

    /// Decides about a reservation, which holds the discount of a redemption.
    pub fn reserve(&self, order_amount: Decimal, uses: i64, limits: &HoldLimits) -> Result<Grant, Refusal> {
        let (discount, discount_asked) = self.allow(order_amount, uses)?;
        if !limits.allow(&self.offer.terms, self.totals, discount) {
            return Err(Refusal::HoldLimitReached);
        }
        Ok(Grant { discount, discount_asked, totals: self.totals.hold(discount) })
    }

    /// Returns the discount to give and the discount by the terms, or the first reason to decline.
    fn allow(&self, order_amount: Decimal, uses: i64) -> Result<(Decimal, Decimal), Refusal> {
        if let Some(refusal) = self.reasons(order_amount, uses).next() {
            return Err(refusal);
        }
        let by_terms = self.offer.terms.discount_of(order_amount);
        self.within_budget(by_terms).map(|given| (given, by_terms)).ok_or(Refusal::BudgetExhausted)
    }

    /// Returns the result of [`OfferService::redeem`] with all reasons instead of only the first.
    pub fn quote(&self, order_amount: Decimal, uses: i64) -> Quote {
        Quote {
            discount: self.redeem(order_amount, uses).map_or(Decimal::ZERO, |grant| grant.discount),
            discount_asked: self.offer.terms.discount_of(order_amount),
            reasons: self.reasons(order_amount, uses).collect(),
        }
    }

    /// Decides about a recorded redemption by its recorded discount.
    pub fn replay(&self, discount: Decimal) -> Result<Grant, Refusal> {
        let is_too_much = || self.remaining_budget().is_some_and(|left| discount > left);
        let applies = |refusal: &Refusal| {
            self.declines_every_order(*refusal) || (*refusal == Refusal::BudgetExhausted && is_too_much())
        };
        match Refusal::OF_A_REPLAY.into_iter().find(applies) {
            Some(refusal) => Err(refusal),
            None => Ok(Grant { discount, discount_asked: discount, totals: self.totals.plus(discount) }),
        }
    }

    /// Returns the remaining budget; `None` without a budget. It is 0 if imported redemptions exceed the budget.
    pub fn remaining_budget(&self) -> Option<Decimal> {
        self.offer.terms.budget.map(|budget| self.totals.left_of(budget))
    }

    /// Checks whether the offer may get these terms instead of its own. Returns all errors.
    ///
    /// `has_history`: whether the offer was ever redeemed or reserved, including reversed redemptions.
    pub fn check_edit(&self, new: &OfferTerms, has_history: bool) -> Result<(), Vec<FieldError>> {
        let old = &self.offer.terms;
        let mut errors = Vec::new();
        let mut reject =
            |field, message: String| errors.push(FieldError::new(field, "out_of_range", message));
        if has_history && new.currency != old.currency {
            reject("currency", format!("must stay {} once the offer has been redeemed", old.currency));
        }
        if has_history && new.zone != old.zone {
            reject("timezone", format!("must stay {} once the offer has been redeemed", old.zone));
        }
        let spent = self.totals.spent + self.totals.held.discount;
        if new.budget != old.budget && new.budget.is_some_and(|budget| budget < spent) {
            reject(
                "budget",
                format!("must be at least {}, which is already given or held", spent.normalize()),
            );
        }
        let redeemed = self.totals.taken();
        if new.max_redemptions != old.max_redemptions && new.max_redemptions.is_some_and(|max| max < redeemed)
        {
            reject(
                "max_redemptions",
                format!("must be at least {redeemed}, the number of redemptions already made or held"),
            );
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }
}

/// An unvalidated order from a shop. Fields are empty if missing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OrderDraft {
    pub customer_id: String,
    pub order_amount: String,
    pub order_id: Option<String>,
}

/// A validated order.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Order {
    pub customer_id: String,
    pub order_amount: Decimal,
    pub order_id: Option<String>,
}

impl Order {
    /// Whether another order with the same `order_id` is a retry of this one.
    pub fn is_same(&self, other: &Order) -> bool {
        self.customer_id == other.customer_id && self.order_amount == other.order_amount
    }
}

impl OrderDraft {
    pub fn check(&self) -> Result<Order, Vec<FieldError>> {
        let customer_id = text::reference("customer_id", &self.customer_id);
        let order_amount = positive("order_amount", &self.order_amount, ORDER_DIGITS);
        let order_id = self.order_id.as_deref().map(|id| text::reference("order_id", id)).transpose();
        match (customer_id, order_amount, order_id) {
            (Ok(customer_id), Ok(order_amount), Ok(order_id)) => {
                Ok(Order { customer_id, order_amount, order_id })
            }
            (customer_id, order_amount, order_id) => {
                Err([customer_id.err(), order_amount.err(), order_id.err()].into_iter().flatten().collect())
            }
        }
    }
}

/// Parses the amount of a recorded redemption, which may be 0, unlike the amount of a live order.
pub fn recorded_amount(field: &'static str, text: &str) -> Result<Decimal, FieldError> {
    let number = amount(field, text, ORDER_DIGITS)?;
    if number < Decimal::ZERO {
        return Err(FieldError::new(field, "out_of_range", "must be 0 or more"));
    }
    Ok(number)
}

#[cfg(test)]
mod tests;
