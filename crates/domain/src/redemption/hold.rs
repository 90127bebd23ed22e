use rust_decimal::Decimal;

use super::engine::RedemptionEngine;
use super::{Decision, Effect, Invalid, Prior, Rejection};
use crate::{Grant, Order};

/// What the rules see of a reservation: a discount that is set aside for an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    pub id: i64,
    pub order: Order,
    pub discount: Decimal,
    /// The discount by the offer's terms; larger than `discount` if the budget had less left.
    pub discount_asked: Decimal,
    pub state: HoldState,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HoldState {
    Open,
    Confirmed,
    Released,
    Expired,
}

impl HoldState {
    pub const ALL: [HoldState; 4] =
        [HoldState::Open, HoldState::Confirmed, HoldState::Released, HoldState::Expired];

    pub fn name(self) -> &'static str {
        match self {
            HoldState::Open => "open",
            HoldState::Confirmed => "confirmed",
            HoldState::Released => "released",
            HoldState::Expired => "expired",
        }
    }

    pub fn parse(text: &str) -> Option<HoldState> {
        HoldState::ALL.into_iter().find(|state| state.name() == text)
    }
}

impl RedemptionEngine<'_> {
    /// Releases a hold whose time is over.
    pub fn expire(&mut self, hold: &Hold) {
        self.end_hold(hold);
        if let Some(hold) = self.holds.get_mut(&hold.id) {
            hold.state = HoldState::Expired;
        }
    }

    pub(super) fn reserve(&mut self, order: &Order, ttl_seconds: u32, current: Prior) -> Decision {
        if let Some(redeemed) = self.redeemed(order) {
            return Decision::Reject(Rejection::OrderAlreadyRedeemed(redeemed.prior));
        }
        if let Some(held) = self.held_orders.get(order) {
            return Decision::Replay(held.prior);
        }
        match self.service.reserve(order.order_amount, self.usage_of(order), &self.hold_limits) {
            Ok(grant) => {
                self.service.totals = grant.totals;
                self.add_usage(order);
                self.record_held_order(order, current);
                Decision::Apply(Effect::Reserve { grant, ttl_seconds })
            }
            Err(refusal) => Decision::Reject(Rejection::Refused(refusal)),
        }
    }

    /// Redeems what the hold has kept free. The rules are not checked again, even if the offer has changed.
    pub(super) fn confirm(&mut self, reservation_id: i64, current: Prior) -> Decision {
        let hold = match self.open_hold(reservation_id) {
            Ok(hold) => hold,
            Err(decision) => return decision,
        };
        if let Some(redeemed) = self.redeemed(&hold.order) {
            return Decision::Reject(Rejection::OrderAlreadyRedeemed(redeemed.prior));
        }
        self.close_hold(&hold, HoldState::Confirmed);
        let Hold { discount, discount_asked, .. } = hold;
        let totals = self.service.totals.plus(discount);
        self.service.totals = totals;
        self.add_usage(&hold.order);
        self.record_redeemed_order(&hold.order, current);
        Decision::Apply(Effect::Confirm { hold, grant: Grant { discount, discount_asked, totals } })
    }

    pub(super) fn release(&mut self, reservation_id: i64) -> Decision {
        match self.open_hold(reservation_id) {
            Ok(hold) => {
                self.close_hold(&hold, HoldState::Released);
                Decision::Apply(Effect::Release(hold))
            }
            Err(decision) => decision,
        }
    }

    fn open_hold(&self, id: i64) -> Result<Hold, Decision> {
        match self.holds.get(&id) {
            Some(hold) if hold.state == HoldState::Open => Ok(hold.clone()),
            Some(hold) if hold.state == HoldState::Expired => {
                Err(Decision::Reject(Rejection::ReservationExpired))
            }
            Some(_) => Err(Decision::Reject(Rejection::ReservationClosed)),
            None => Err(Decision::Invalid(Invalid::UnknownReservation)),
        }
    }

    fn close_hold(&mut self, hold: &Hold, state: HoldState) {
        self.end_hold(hold);
        self.holds.insert(hold.id, Hold { state, ..hold.clone() });
    }

    /// Subtracts the hold from the totals and from its customer's usage.
    fn end_hold(&mut self, hold: &Hold) {
        self.service.totals = self.service.totals.release(hold.discount);
        self.subtract_usage(&hold.order);
        if self.held_orders.get(&hold.order).is_some_and(|held| held.prior == Prior::Reservation(hold.id)) {
            self.held_orders.remove(&hold.order);
        }
    }
}
