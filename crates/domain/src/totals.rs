use rust_decimal::Decimal;

/// Totals of all redemptions of an offer and of its open holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Totals {
    pub redeemed: i64,
    pub spent: Decimal,
    pub held: Held,
}

/// Totals of the open reservations of an offer. They count towards every limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Held {
    pub redemptions: i64,
    pub discount: Decimal,
}

impl Totals {
    /// Redemptions that count towards the maximum: made or held.
    pub fn taken(self) -> i64 {
        self.redeemed + self.held.redemptions
    }

    /// Returns what remains of a budget: without what is spent or held, and never less than 0.
    pub fn left_of(self, budget: Decimal) -> Decimal {
        (budget - self.spent - self.held.discount).max(Decimal::ZERO)
    }

    /// Returns the totals after a redemption.
    pub fn plus(self, discount: Decimal) -> Totals {
        Totals { redeemed: self.redeemed + 1, spent: self.spent + discount, ..self }
    }

    /// Returns the totals after the reversal of a redemption.
    pub fn minus(self, discount: Decimal) -> Totals {
        Totals { redeemed: self.redeemed - 1, spent: self.spent - discount, ..self }
    }

    /// Returns the totals after a new hold.
    pub fn hold(self, discount: Decimal) -> Totals {
        let Held { redemptions, discount: held } = self.held;
        Totals { held: Held { redemptions: redemptions + 1, discount: held + discount }, ..self }
    }

    /// Returns the totals after a hold was confirmed or released, or has expired.
    pub fn release(self, discount: Decimal) -> Totals {
        let Held { redemptions, discount: held } = self.held;
        Totals { held: Held { redemptions: redemptions - 1, discount: held - discount }, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_remaining_budget_excludes_spent_and_held_discounts_and_is_never_negative() {
        let totals = Totals::default().plus(Decimal::from(34)).hold(Decimal::from(5));
        assert_eq!(totals.left_of(Decimal::from(80)), Decimal::from(41));
        assert_eq!(totals.left_of(Decimal::from(39)), Decimal::ZERO);
        assert_eq!(totals.left_of(Decimal::from(35)), Decimal::ZERO);
        assert_eq!(totals.release(Decimal::from(5)).left_of(Decimal::from(80)), Decimal::from(46));
    }
}
