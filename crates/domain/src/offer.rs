use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::{Currency, OfferCode, Zone};

/// What staff define, checked: see [`crate::OfferDraft::check`].
#[derive(Debug, Clone, PartialEq)]
pub struct OfferTerms {
    pub name: String,
    pub code: OfferCode,
    pub discount: Discount,
    pub currency: Currency,
    pub zone: Zone,
    /// First and last day on which the offer redeems, on the zone's wall clock.
    pub start_date: NaiveDate,
    pub end_date: NaiveDate,
    pub budget: Option<Decimal>,
    pub max_redemptions: Option<i64>,
    /// The smallest order that redeems.
    pub min_order_amount: Option<Decimal>,
    /// The most that one redemption gives.
    pub max_discount: Option<Decimal>,
    pub max_redemptions_per_customer: Option<i64>,
    pub on_budget_shortfall: Shortfall,
    pub status: OfferStatus,
}

impl OfferTerms {
    /// What an order is given where the budget has it.
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

/// What all redemptions of an offer add up to, and what is held for orders that are still under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Totals {
    pub redeemed: i64,
    pub spent: Decimal,
    pub held: Held,
}

/// What the open reservations of an offer add up to: it counts against every limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Held {
    pub redemptions: i64,
    pub discount: Decimal,
}

impl Totals {
    /// Redemptions that a maximum has to have room for.
    pub fn taken(self) -> i64 {
        self.redeemed + self.held.redemptions
    }

    /// What a budget has left.
    pub fn left_of(self, budget: Decimal) -> Decimal {
        (budget - self.spent - self.held.discount).max(Decimal::ZERO)
    }

    pub fn plus(self, discount: Decimal) -> Totals {
        Totals { redeemed: self.redeemed + 1, spent: self.spent + discount, ..self }
    }

    /// After a redemption that was taken back.
    pub fn minus(self, discount: Decimal) -> Totals {
        Totals { redeemed: self.redeemed - 1, spent: self.spent - discount, ..self }
    }

    pub fn hold(self, discount: Decimal) -> Totals {
        let Held { redemptions, discount: held } = self.held;
        Totals { held: Held { redemptions: redemptions + 1, discount: held + discount }, ..self }
    }

    /// After a hold that was confirmed, released or has expired.
    pub fn let_go(self, discount: Decimal) -> Totals {
        let Held { redemptions, discount: held } = self.held;
        Totals { held: Held { redemptions: redemptions - 1, discount: held - discount }, ..self }
    }
}

/// What becomes of an order whose discount is more than what the budget has left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shortfall {
    /// It is refused.
    Reject,
    /// It is given what is left.
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
pub enum Discount {
    /// Percent of the order amount, above 0 and at most 100.
    Percent(Decimal),
    /// An amount in the offer's currency.
    Flat(Decimal),
}

impl Discount {
    pub fn kind(self) -> &'static str {
        match self {
            Discount::Percent(_) => "percent",
            Discount::Flat(_) => "flat",
        }
    }

    pub fn value(self) -> Decimal {
        match self {
            Discount::Percent(value) | Discount::Flat(value) => value,
        }
    }

    /// The discount of an order, in whole minor units, in [0, order amount].
    pub fn of(self, order_amount: Decimal, currency: Currency) -> Decimal {
        let asked = match self {
            Discount::Percent(percent) => order_amount * percent / Decimal::ONE_HUNDRED,
            Discount::Flat(amount) => amount,
        };
        currency.round(asked).min(currency.round_down(order_amount)).max(Decimal::ZERO)
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn discount(discount: Discount, order: &str, currency: &str) -> String {
        let currency = Currency::parse(currency).unwrap();
        discount.of(order.parse().unwrap(), currency).normalize().to_string()
    }

    #[test]
    fn works_out_what_the_contract_says() {
        let ten_percent = Discount::Percent(Decimal::TEN);
        assert_eq!(discount(ten_percent, "500", "USD"), "50");
        assert_eq!(discount(ten_percent, "0.05", "USD"), "0.01");
        assert_eq!(discount(ten_percent, "5", "JPY"), "1");
        assert_eq!(discount(ten_percent, "0.005", "KWD"), "0.001");
        assert_eq!(discount(Discount::Flat(Decimal::TEN), "7.99", "USD"), "7.99");
    }

    #[test]
    fn never_gives_a_fraction_of_a_minor_unit() {
        assert_eq!(discount(Discount::Percent(Decimal::ONE_HUNDRED), "33.335", "USD"), "33.33");
    }

    proptest! {
        #[test]
        fn is_between_nothing_and_the_order_amount(
            percent in 1i64..=1_000_000, flat in 1i64..=1_000_000_000,
            order in 0i64..=10_000_000_000_000, digits in 0usize..3,
        ) {
            let currency = Currency::parse(["JPY", "USD", "KWD"][digits]).unwrap();
            let order = Decimal::new(order, 4);
            for discount in [Discount::Percent(Decimal::new(percent, 4)), Discount::Flat(Decimal::new(flat, 2))] {
                let given = discount.of(order, currency);
                prop_assert!(given >= Decimal::ZERO && given <= order);
                prop_assert_eq!(given, currency.round(given));
            }
        }
    }
}
