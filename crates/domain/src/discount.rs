use rust_decimal::Decimal;

use crate::Currency;

/// How an offer computes its discount. The discount is rounded here, once.
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

    /// Returns the discount of an order in whole minor units, between 0 and the order amount.
    pub fn of(self, order_amount: Decimal, currency: Currency) -> Decimal {
        let discount = match self {
            Discount::Percent(percent) => order_amount * percent / Decimal::ONE_HUNDRED,
            Discount::Flat(amount) => amount,
        };
        currency.round(discount).min(currency.round_down(order_amount)).max(Decimal::ZERO)
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
    fn a_discount_is_rounded_to_minor_units_and_capped_at_the_order_amount() {
        let ten_percent = Discount::Percent(Decimal::TEN);
        assert_eq!(discount(ten_percent, "500", "USD"), "50");
        assert_eq!(discount(ten_percent, "0.05", "USD"), "0.01");
        assert_eq!(discount(ten_percent, "5", "JPY"), "1");
        assert_eq!(discount(ten_percent, "0.005", "KWD"), "0.001");
        assert_eq!(discount(Discount::Flat(Decimal::TEN), "7.99", "USD"), "7.99");
    }

    #[test]
    fn a_discount_has_no_fraction_of_a_minor_unit() {
        assert_eq!(discount(Discount::Percent(Decimal::ONE_HUNDRED), "33.335", "USD"), "33.33");
    }

    proptest! {
        #[test]
        fn a_discount_is_between_zero_and_the_order_amount(
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
