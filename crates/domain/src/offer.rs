use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::{Currency, Discount, OfferCode, Zone};

/// The validated terms of an offer, as defined by staff. See [`crate::OfferDraft::check`].
#[derive(Debug, Clone, PartialEq)]
pub struct OfferTerms {
    pub name: String,
    pub code: OfferCode,
    pub discount: Discount,
    pub currency: Currency,
    pub zone: Zone,
    /// First and last day on which the offer can be redeemed, in the offer's time zone.
    pub start_date: NaiveDate,
    pub end_date: NaiveDate,
    pub budget: Option<Decimal>,
    pub max_redemptions: Option<i64>,
    /// Smallest order amount that can redeem the offer.
    pub min_order_amount: Option<Decimal>,
    /// Largest discount of one redemption.
    pub max_discount: Option<Decimal>,
    pub max_redemptions_per_customer: Option<i64>,
    pub on_budget_shortfall: Shortfall,
    pub status: OfferStatus,
}

impl OfferTerms {
    /// Returns the discount of an order, regardless of the budget.
    pub fn discount_of(&self, order_amount: Decimal) -> Decimal {
        let discount = self.discount.of(order_amount, self.currency);
        self.max_discount.map_or(discount, |most| discount.min(most))
    }
}

/// A stored offer.
#[derive(Debug, Clone, PartialEq)]
pub struct Offer {
    pub id: i64,
    pub terms: OfferTerms,
}

/// What happens to an order whose discount exceeds the remaining budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shortfall {
    /// The redemption is declined.
    Reject,
    /// The order gets the remaining budget.
    Partial,
}

impl Shortfall {
    pub const ALL: [Shortfall; 2] = [Shortfall::Reject, Shortfall::Partial];

    pub fn name(self) -> &'static str {
        match self {
            Shortfall::Reject => "reject",
            Shortfall::Partial => "partial",
        }
    }

    pub fn parse(text: &str) -> Option<Shortfall> {
        Shortfall::ALL.into_iter().find(|shortfall| shortfall.name() == text)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfferStatus {
    Active,
    Paused,
    Archived,
}

impl OfferStatus {
    pub const ALL: [OfferStatus; 3] = [OfferStatus::Active, OfferStatus::Paused, OfferStatus::Archived];

    pub fn name(self) -> &'static str {
        match self {
            OfferStatus::Active => "active",
            OfferStatus::Paused => "paused",
            OfferStatus::Archived => "archived",
        }
    }

    pub fn parse(text: &str) -> Option<OfferStatus> {
        OfferStatus::ALL.into_iter().find(|status| status.name() == text)
    }
}
