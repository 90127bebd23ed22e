use std::collections::HashMap;

use rust_decimal::Decimal;

use crate::{FieldError, Grant, OfferService, Order, Refusal, Totals};

/// What a shop calls a request, so that it can be sent again without being done again: 1 to 255 visible
/// ASCII characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    pub fn parse(text: &str) -> Result<IdempotencyKey, FieldError> {
        if (1..=255).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Ok(IdempotencyKey(text.to_owned()));
        }
        let message = "has to have 1 to 255 visible ASCII characters";
        Err(FieldError::new("Idempotency-Key", "invalid", message))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A checked request to redeem.
#[derive(Debug, Clone, PartialEq)]
pub struct RedeemRequest {
    pub order: Order,
    pub key: Option<IdempotencyKey>,
}

impl RedeemRequest {
    /// What makes two requests for an offer the same one, however they were written. No part can hold the
    /// line break between them.
    pub fn essence(&self) -> String {
        let Order { customer_id, order_amount, order_id } = &self.order;
        let order_id = order_id.as_deref().unwrap_or_default();
        format!("redeem\n{customer_id}\n{}\n{order_id}", order_amount.normalize())
    }
}

/// Where an answer was given first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum First {
    /// Before this batch, by the number under which the desk was told of it.
    Recorded(usize),
    /// By an earlier request of this batch, by its place.
    InBatch(usize),
}

/// What becomes of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    Granted(Grant),
    Refused(Refusal),
    /// It has been answered before, and gets that answer again.
    Repeated(First),
    /// Its order stands redeemed already, for another customer or amount.
    OrderTaken(First),
    /// Its key belongs to another request.
    KeyReused,
}

/// Decides the requests of a batch one after the other, each on what those before it have left.
#[derive(Debug, Clone)]
pub struct Desk<'a> {
    service: OfferService<'a>,
    keys: HashMap<String, (String, First)>,
    orders: HashMap<String, (String, Decimal, First)>,
    decided: usize,
}

impl<'a> Desk<'a> {
    /// `service` as the offer stands before the batch.
    pub fn new(service: OfferService<'a>) -> Desk<'a> {
        Desk { service, keys: HashMap::new(), orders: HashMap::new(), decided: 0 }
    }

    /// An answer on record was given under this key to a request of this essence.
    pub fn recall_key(&mut self, key: &str, essence: &str, recorded: usize) {
        self.keys.insert(key.to_owned(), (essence.to_owned(), First::Recorded(recorded)));
    }

    /// A redemption on record stands for this order.
    pub fn recall_order(&mut self, order_id: &str, customer_id: &str, amount: Decimal, recorded: usize) {
        self.orders.insert(order_id.to_owned(), (customer_id.to_owned(), amount, First::Recorded(recorded)));
    }

    /// The key counts before the order, and both before the rules: what has been answered is not judged
    /// again.
    pub fn decide(&mut self, request: &RedeemRequest) -> Decision {
        let place = First::InBatch(self.decided);
        self.decided += 1;
        let Some(key) = &request.key else { return self.decide_order(&request.order, place) };
        let essence = request.essence();
        match self.keys.get(key.as_str()) {
            Some((known, first)) if *known == essence => Decision::Repeated(*first),
            Some(_) => Decision::KeyReused,
            None => {
                let decision = self.decide_order(&request.order, place);
                self.keys.insert(key.as_str().to_owned(), (essence, place));
                decision
            }
        }
    }

    fn decide_order(&mut self, order: &Order, place: First) -> Decision {
        let standing = order.order_id.as_deref().and_then(|id| self.orders.get(id));
        if let Some((customer_id, amount, first)) = standing {
            let is_same = *customer_id == order.customer_id && *amount == order.order_amount;
            return if is_same { Decision::Repeated(*first) } else { Decision::OrderTaken(*first) };
        }
        match self.service.redeem(order.order_amount) {
            Ok(grant) => {
                self.service.totals = grant.totals;
                if let Some(id) = &order.order_id {
                    let standing = (order.customer_id.clone(), order.order_amount, place);
                    self.orders.insert(id.clone(), standing);
                }
                Decision::Granted(grant)
            }
            Err(refusal) => Decision::Refused(refusal),
        }
    }

    /// What the offer adds up to after what has been decided.
    pub fn totals(&self) -> Totals {
        self.service.totals
    }
}

#[cfg(test)]
mod tests;
