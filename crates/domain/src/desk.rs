use crate::{Grant, OfferService, Order, Refusal, Totals};

/// Decides the orders of a batch one after the other, each on what those before it have left.
#[derive(Debug, Clone, Copy)]
pub struct Desk<'a> {
    service: OfferService<'a>,
}

impl<'a> Desk<'a> {
    /// `service` as the offer stands before the batch.
    pub fn new(service: OfferService<'a>) -> Desk<'a> {
        Desk { service }
    }

    pub fn decide(&mut self, order: &Order) -> Result<Grant, Refusal> {
        let grant = self.service.redeem(order.order_amount)?;
        self.service.totals = grant.totals;
        Ok(grant)
    }

    /// What the offer adds up to after what has been decided.
    pub fn totals(&self) -> Totals {
        self.service.totals
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rust_decimal::Decimal;

    use super::*;
    use crate::{Offer, OfferDraft};

    fn offer(budget: u32, max: u32) -> Offer {
        let text = str::to_owned;
        let draft = OfferDraft {
            name: text("Test"),
            code: text("TEST"),
            discount_type: text("percent"),
            discount_value: text("10"),
            currency: text("USD"),
            start_date: text("2026-06-01"),
            end_date: text("2026-06-30"),
            budget: budget.to_string(),
            max_redemptions: max.to_string(),
            ..OfferDraft::default()
        };
        Offer { id: 1, terms: draft.check().unwrap() }
    }

    fn order(cents: u32) -> Order {
        Order { customer_id: "c".into(), order_amount: Decimal::new(cents.into(), 2), order_id: None }
    }

    proptest! {
        /// A batch is a way of writing, not of deciding: cut wherever it may be, the answers are the same.
        #[test]
        fn a_batch_decides_as_one_by_one(
            budget in 1u32..500,
            max in 1u32..40,
            orders in prop::collection::vec(1u32..50_000, 0..60),
            cut in 0usize..60,
        ) {
            let offer = offer(budget, max);
            let today = "2026-06-15".parse().unwrap();
            let at = |totals| OfferService { offer: &offer, totals, today };
            let orders: Vec<Order> = orders.into_iter().map(order).collect();
            let mut alone = Vec::new();
            let mut totals = Totals::default();
            for order in &orders {
                let answer = at(totals).redeem(order.order_amount);
                totals = answer.map_or(totals, |grant| grant.totals);
                alone.push(answer);
            }
            let mut together = Vec::new();
            let mut left = Totals::default();
            let (first, second) = orders.split_at(cut.min(orders.len()));
            for batch in [first, second] {
                let mut desk = Desk::new(at(left));
                together.extend(batch.iter().map(|order| desk.decide(order)));
                left = desk.totals();
            }
            prop_assert_eq!(together, alone);
            prop_assert_eq!(left, totals);
            prop_assert!(totals.spent <= Decimal::from(budget) && totals.redeemed <= i64::from(max));
        }
    }
}
