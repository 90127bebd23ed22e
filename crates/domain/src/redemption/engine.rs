use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{Command, Decision, Effect, Hold, Invalid, Prior, Rejection, Request};
use crate::{CodeName, Grant, HoldLimits, OfferService, Order, Refusal, Totals};

/// A redemption in the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub id: i64,
    pub order: Order,
    pub discount: Decimal,
    /// The day on which the redemption counts, and from which a reversal subtracts it.
    pub day: NaiveDate,
    pub is_reversed: bool,
}

/// An order that was redeemed or reserved, or that has used a code.
#[derive(Debug, Clone)]
pub(super) struct RecordedOrder {
    pub order: Order,
    pub prior: Prior,
}

/// Decides the requests of a batch in their order, each on the state that the ones before it have left. The state
/// before the batch is loaded by the `load_*` methods.
#[derive(Debug, Clone)]
pub struct RedemptionEngine<'a> {
    pub(super) service: OfferService<'a>,
    pub(super) hold_limits: HoldLimits,
    /// Request fingerprint and response by idempotency key.
    pub(super) keys: HashMap<String, (String, Prior)>,
    /// Idempotency keys of calls that no engine decides, such as creating codes.
    other_keys: HashSet<String>,
    /// Codes that were issued, each with the redemption that has used it.
    pub(super) codes: HashMap<CodeName, Option<RecordedOrder>>,
    /// Redeemed orders by `order_id`. An order redeems once.
    pub(super) orders: HashMap<String, RecordedOrder>,
    /// Orders with an open hold. Several orders may have holds under one `order_id`; the first that is confirmed
    /// redeems it.
    pub(super) held_orders: HashMap<Order, RecordedOrder>,
    /// Redemptions and open holds per customer, for offers that limit them.
    customer_usage: HashMap<String, i64>,
    redemptions: HashMap<i64, Standing>,
    pub(super) holds: HashMap<i64, Hold>,
    /// Requests decided so far.
    pub(super) decided: usize,
}

impl<'a> RedemptionEngine<'a> {
    /// `service` describes the offer before the batch.
    pub fn new(service: OfferService<'a>) -> RedemptionEngine<'a> {
        RedemptionEngine {
            service,
            hold_limits: HoldLimits::default(),
            keys: HashMap::new(),
            other_keys: HashSet::new(),
            codes: HashMap::new(),
            orders: HashMap::new(),
            held_orders: HashMap::new(),
            customer_usage: HashMap::new(),
            redemptions: HashMap::new(),
            holds: HashMap::new(),
            decided: 0,
        }
    }

    #[must_use]
    pub fn with_hold_limits(self, hold_limits: HoldLimits) -> RedemptionEngine<'a> {
        RedemptionEngine { hold_limits, ..self }
    }

    /// Loads an idempotency key whose request has been answered.
    pub fn load_key(&mut self, key: &str, fingerprint: &str) {
        self.keys.insert(key.to_owned(), (fingerprint.to_owned(), Prior::Key));
    }

    /// Loads the idempotency key of a call that no engine decides.
    pub fn load_other_key(&mut self, key: &str) {
        self.other_keys.insert(key.to_owned());
    }

    /// Loads the redemption of an order.
    pub fn load_order(&mut self, redemption_id: i64, order: &Order) {
        self.record_redeemed_order(order, Prior::Redemption(redemption_id));
    }

    /// Loads the open hold of an order.
    pub fn load_held_order(&mut self, reservation_id: i64, order: &Order) {
        self.record_held_order(order, Prior::Reservation(reservation_id));
    }

    pub fn load_customer_usage(&mut self, customer_id: &str, uses: i64) {
        self.customer_usage.insert(customer_id.to_owned(), uses);
    }

    pub fn load_redemption(&mut self, redemption: Standing) {
        self.redemptions.insert(redemption.id, redemption);
    }

    pub fn load_hold(&mut self, hold: Hold) {
        self.holds.insert(hold.id, hold);
    }

    /// Checks the key first, then the order, then the rules: a request that was answered before is not decided again.
    pub fn decide(&mut self, request: &Request) -> Decision {
        let current = Prior::InBatch(self.decided);
        self.decided += 1;
        let Some(key) = &request.key else { return self.execute(&request.command, current) };
        if self.other_keys.contains(key.as_str()) {
            return Decision::Invalid(Invalid::KeyReused);
        }
        let fingerprint = request.command.fingerprint();
        match self.keys.get(key.as_str()) {
            Some((known, prior)) if *known == fingerprint => Decision::Replay(*prior),
            Some(_) => Decision::Invalid(Invalid::KeyReused),
            None => {
                let decision = self.execute(&request.command, current);
                self.keys.insert(key.as_str().to_owned(), (fingerprint, current));
                decision
            }
        }
    }

    fn execute(&mut self, command: &Command, current: Prior) -> Decision {
        match command {
            Command::Redeem(order) => self.redeem(order, current),
            Command::RedeemCode { order, code } => self.redeem_code(order, code, current),
            Command::Reserve { order, ttl_seconds } => self.reserve(order, *ttl_seconds, current),
            Command::Reverse { redemption_id, .. } => self.reverse(*redemption_id),
            Command::Confirm { reservation_id } => self.confirm(*reservation_id, current),
            Command::Release { reservation_id } => self.release(*reservation_id),
        }
    }

    fn redeem(&mut self, order: &Order, current: Prior) -> Decision {
        if let Some(redeemed) = self.redeemed(order) {
            let prior = redeemed.prior;
            return if redeemed.order.is_same(order) {
                Decision::Replay(prior)
            } else {
                Decision::Reject(Rejection::OrderAlreadyRedeemed(prior))
            };
        }
        match self.grant(order, current) {
            Ok(grant) => Decision::Apply(Effect::Redeem(grant)),
            Err(refusal) => Decision::Reject(Rejection::Refused(refusal)),
        }
    }

    /// Applies the offer's rules to an order that has not been redeemed.
    pub(super) fn grant(&mut self, order: &Order, current: Prior) -> Result<Grant, Refusal> {
        let grant = self.service.redeem(order.order_amount, self.usage_of(order))?;
        self.service.totals = grant.totals;
        self.add_usage(order);
        self.record_redeemed_order(order, current);
        Ok(grant)
    }

    fn reverse(&mut self, redemption_id: i64) -> Decision {
        let redemption = match self.redemptions.get_mut(&redemption_id) {
            None => return Decision::Invalid(Invalid::UnknownRedemption),
            Some(redemption) if redemption.is_reversed => {
                return Decision::Reject(Rejection::AlreadyReversed);
            }
            Some(redemption) => {
                redemption.is_reversed = true;
                redemption.clone()
            }
        };
        let totals = self.service.totals.minus(redemption.discount);
        self.service.totals = totals;
        self.subtract_usage(&redemption.order);
        if let Some(order_id) = &redemption.order.order_id {
            let is_this = |redeemed: &RecordedOrder| redeemed.prior == Prior::Redemption(redemption_id);
            if self.orders.get(order_id).is_some_and(is_this) {
                self.orders.remove(order_id);
            }
        }
        self.free_code(redemption_id);
        Decision::Apply(Effect::Reverse { redemption, totals })
    }

    /// The redemption of the order's `order_id`, if there is one.
    pub(super) fn redeemed(&self, order: &Order) -> Option<&RecordedOrder> {
        order.order_id.as_deref().and_then(|id| self.orders.get(id))
    }

    pub(super) fn record_redeemed_order(&mut self, order: &Order, prior: Prior) {
        if let Some(order_id) = &order.order_id {
            self.orders.insert(order_id.clone(), RecordedOrder { order: order.clone(), prior });
        }
    }

    pub(super) fn record_held_order(&mut self, order: &Order, prior: Prior) {
        if order.order_id.is_some() {
            self.held_orders.insert(order.clone(), RecordedOrder { order: order.clone(), prior });
        }
    }

    pub(super) fn usage_of(&self, order: &Order) -> i64 {
        self.customer_usage.get(&order.customer_id).copied().unwrap_or_default()
    }

    pub(super) fn add_usage(&mut self, order: &Order) {
        self.change_usage(order, 1);
    }

    pub(super) fn subtract_usage(&mut self, order: &Order) {
        self.change_usage(order, -1);
    }

    /// Usage is counted only for offers that limit redemptions per customer.
    fn change_usage(&mut self, order: &Order, by: i64) {
        if self.service.offer.terms.max_redemptions_per_customer.is_some() {
            *self.customer_usage.entry(order.customer_id.clone()).or_default() += by;
        }
    }

    /// The offer's totals after all decisions so far.
    pub fn totals(&self) -> Totals {
        self.service.totals
    }

    /// Usage of the batch's customers after all decisions so far.
    pub fn customer_usage(&self) -> &HashMap<String, i64> {
        &self.customer_usage
    }
}
