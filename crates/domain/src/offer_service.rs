use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::draft::{amount, positive};
use crate::{FieldError, HoldLimits, Offer, OfferStatus, OfferTerms, Shortfall, Totals, text};

/// Digits that an order amount may have, whatever the currency: shops send what their basket adds up to.
const ORDER_DIGITS: u32 = 4;

/// The rules of one offer at one moment: whether it redeems, what it gives, what may be edited.
///
/// `today` is the day on the wall clock of the offer's zone.
#[derive(Debug, Clone, Copy)]
pub struct OfferService<'a> {
    pub offer: &'a Offer,
    pub totals: Totals,
    pub today: NaiveDate,
}

/// An accepted redemption: what to write, and what the offer adds up to afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grant {
    pub discount: Decimal,
    /// What the terms give such an order; more than the discount where the budget had less left.
    pub discount_asked: Decimal,
    pub totals: Totals,
}

/// What redeeming would do right now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    /// What would be given; nothing where it would be refused.
    pub discount: Decimal,
    /// What the terms give an order of this amount.
    pub discount_asked: Decimal,
    /// Everything that speaks against it, in the order in which it is told.
    pub reasons: Vec<Refusal>,
}

/// Why an offer does not redeem. Where several reasons hold, the first in this order is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
pub enum Refusal {
    #[error("the offer is archived")]
    Archived,
    #[error("the offer is paused")]
    Paused,
    #[error("the offer has not started yet")]
    NotStarted,
    #[error("the offer has ended")]
    Expired,
    #[error("the offer has been redeemed as often as it may be")]
    MaxRedemptionsReached,
    #[error("the discount is more than what remains of the offer's budget")]
    BudgetExhausted,
    #[error("the order is smaller than the offer asks for")]
    OrderBelowMinimum,
    #[error("the customer has redeemed the offer as often as one may")]
    CustomerLimitReached,
    /// Of a reservation only.
    #[error(
        "open reservations hold as much of the offer as they may; try again when some are confirmed or released"
    )]
    HoldLimitReached,
}

impl Refusal {
    pub const ALL: [Refusal; 9] = [
        Refusal::Archived,
        Refusal::Paused,
        Refusal::NotStarted,
        Refusal::Expired,
        Refusal::MaxRedemptionsReached,
        Refusal::BudgetExhausted,
        Refusal::OrderBelowMinimum,
        Refusal::CustomerLimitReached,
        Refusal::HoldLimitReached,
    ];

    /// What holds back a recorded redemption that is replayed: not what staff have paused or archived since,
    /// and not what they ask of an order.
    const OF_A_REPLAY: [Refusal; 4] =
        [Refusal::NotStarted, Refusal::Expired, Refusal::MaxRedemptionsReached, Refusal::BudgetExhausted];

    /// The word for programs.
    pub fn code(self) -> &'static str {
        match self {
            Refusal::Archived => "offer_archived",
            Refusal::Paused => "offer_paused",
            Refusal::NotStarted => "offer_not_started",
            Refusal::Expired => "offer_expired",
            Refusal::MaxRedemptionsReached => "max_redemptions_reached",
            Refusal::BudgetExhausted => "budget_exhausted",
            Refusal::OrderBelowMinimum => "order_below_minimum",
            Refusal::CustomerLimitReached => "customer_limit_reached",
            Refusal::HoldLimitReached => "hold_limit_reached",
        }
    }

    pub fn parse(code: &str) -> Option<Refusal> {
        Refusal::ALL.into_iter().find(|refusal| refusal.code() == code)
    }
}

/// What a badge shows.
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
    /// Why no order at all would redeem now, if so. The one place where state and redeem come from.
    pub fn refusal(&self) -> Option<Refusal> {
        Refusal::ALL.into_iter().find(|refusal| self.refuses_all(*refusal))
    }

    fn refuses_all(&self, refusal: Refusal) -> bool {
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
            // What is refused for the order's sake says nothing of the offer.
            Some(Refusal::OrderBelowMinimum | Refusal::CustomerLimitReached | Refusal::HoldLimitReached)
            | None => OfferState::Active,
        }
    }

    /// Everything that speaks against an order of this amount by a customer with so many uses, in the order in
    /// which it is told.
    fn reasons(&self, order_amount: Decimal, uses: i64) -> impl Iterator<Item = Refusal> {
        let terms = &self.offer.terms;
        let asked = terms.discount_of(order_amount);
        Refusal::ALL.into_iter().filter(move |refusal| {
            self.refuses_all(*refusal)
                || match refusal {
                    Refusal::BudgetExhausted => self.given(asked).is_none(),
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

    /// What the budget gives of what is asked for.
    fn given(&self, asked: Decimal) -> Option<Decimal> {
        let terms = &self.offer.terms;
        match (self.remaining_budget(), terms.on_budget_shortfall) {
            (Some(left), Shortfall::Reject) if asked > left => None,
            // Recorded facts may have left a fraction of a minor unit.
            (Some(left), Shortfall::Partial) if asked > left => {
                Some(terms.currency.round_down(left)).filter(|left| *left > Decimal::ZERO)
            }
            _ => Some(asked),
        }
    }

    /// Redeems for an order of this amount, by a customer with so many uses.
    pub fn redeem(&self, order_amount: Decimal, uses: i64) -> Result<Grant, Refusal> {
        let (discount, discount_asked) = self.allow(order_amount, uses)?;
        Ok(Grant { discount, discount_asked, totals: self.totals.plus(discount) })
    }

    /// Holds what redeeming would give.
    pub fn reserve(&self, order_amount: Decimal, uses: i64, limits: &HoldLimits) -> Result<Grant, Refusal> {
        let (discount, discount_asked) = self.allow(order_amount, uses)?;
        if !limits.allow(&self.offer.terms, self.totals, discount) {
            return Err(Refusal::HoldLimitReached);
        }
        Ok(Grant { discount, discount_asked, totals: self.totals.hold(discount) })
    }

    /// What is given, and what the terms give.
    fn allow(&self, order_amount: Decimal, uses: i64) -> Result<(Decimal, Decimal), Refusal> {
        if let Some(refusal) = self.reasons(order_amount, uses).next() {
            return Err(refusal);
        }
        let asked = self.offer.terms.discount_of(order_amount);
        self.given(asked).map(|given| (given, asked)).ok_or(Refusal::BudgetExhausted)
    }

    /// What [`OfferService::redeem`] would do, with every reason and not only the first.
    pub fn quote(&self, order_amount: Decimal, uses: i64) -> Quote {
        Quote {
            discount: self.redeem(order_amount, uses).map_or(Decimal::ZERO, |grant| grant.discount),
            discount_asked: self.offer.terms.discount_of(order_amount),
            reasons: self.reasons(order_amount, uses).collect(),
        }
    }

    /// Replays a recorded redemption with the discount it was given.
    pub fn replay(&self, discount: Decimal) -> Result<Grant, Refusal> {
        let is_too_much = || self.remaining_budget().is_some_and(|left| discount > left);
        let refuses = |refusal: &Refusal| {
            self.refuses_all(*refusal) || (*refusal == Refusal::BudgetExhausted && is_too_much())
        };
        match Refusal::OF_A_REPLAY.into_iter().find(refuses) {
            Some(refusal) => Err(refusal),
            None => Ok(Grant { discount, discount_asked: discount, totals: self.totals.plus(discount) }),
        }
    }

    /// What the budget has left; None without a budget. Never below 0, also where recorded facts went over it.
    pub fn remaining_budget(&self) -> Option<Decimal> {
        self.offer.terms.budget.map(|budget| self.totals.left_of(budget))
    }

    /// Everything that speaks against giving the offer these terms instead of its own.
    ///
    /// `has_history`: whether anything was ever redeemed or reserved, also if it has been taken back.
    pub fn check_edit(&self, new: &OfferTerms, has_history: bool) -> Result<(), Vec<FieldError>> {
        let old = &self.offer.terms;
        let mut errors = Vec::new();
        let mut refuse =
            |field, message: String| errors.push(FieldError::new(field, "out_of_range", message));
        if has_history && new.currency != old.currency {
            refuse("currency", format!("stays {} once the offer has been redeemed", old.currency));
        }
        if has_history && new.zone != old.zone {
            refuse("timezone", format!("stays {} once the offer has been redeemed", old.zone));
        }
        let spent = self.totals.spent + self.totals.held.discount;
        if new.budget != old.budget && new.budget.is_some_and(|budget| budget < spent) {
            refuse("budget", format!("has to be at least the {} already given or held", spent.normalize()));
        }
        let redeemed = self.totals.taken();
        if new.max_redemptions != old.max_redemptions && new.max_redemptions.is_some_and(|max| max < redeemed)
        {
            refuse("max_redemptions", format!("has to be at least the {redeemed} already made or held"));
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }
}

/// A redemption as a shop asked for it; empty where nothing was given.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OrderDraft {
    pub customer_id: String,
    pub order_amount: String,
    pub order_id: Option<String>,
}

/// A checked order.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Order {
    pub customer_id: String,
    pub order_amount: Decimal,
    pub order_id: Option<String>,
}

impl Order {
    /// Whether another one under the same reference is a retry of this one.
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

/// An amount on record: 0 or more, unlike what a live order needs.
pub fn recorded_amount(field: &'static str, text: &str) -> Result<Decimal, FieldError> {
    let number = amount(field, text, ORDER_DIGITS)?;
    if number < Decimal::ZERO {
        return Err(FieldError::new(field, "out_of_range", "has to be 0 or more"));
    }
    Ok(number)
}

#[cfg(test)]
mod tests;
