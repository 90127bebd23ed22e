//! Redeeming with a unique code: the rules of a redemption, and the code must not be used yet.

use super::engine::{RecordedOrder, RedemptionEngine};
use super::{Decision, Effect, Invalid, Prior, Rejection};
use crate::{CodeName, Order};

impl RedemptionEngine<'_> {
    /// Loads a code that was issued and is not used.
    pub fn load_unused_code(&mut self, code: &CodeName) {
        self.codes.insert(code.clone(), None);
    }

    /// Loads a code that a redemption has used.
    pub fn load_used_code(&mut self, code: &CodeName, redemption_id: i64, order: &Order) {
        let used = RecordedOrder { order: order.clone(), prior: Prior::Redemption(redemption_id) };
        self.codes.insert(code.clone(), Some(used));
    }

    /// A repetition of the order's own redemption by this code is replayed. Any other use of the order or of the
    /// code is rejected.
    pub(super) fn redeem_code(&mut self, order: &Order, code: &CodeName, current: Prior) -> Decision {
        let Some(used) = self.codes.get(code) else { return Decision::Invalid(Invalid::UnknownCode) };
        if let Some(redeemed) = self.redeemed(order) {
            let is_by_this_code = used.as_ref().is_some_and(|used| used.prior == redeemed.prior);
            return if is_by_this_code && redeemed.order.is_same(order) {
                Decision::Replay(redeemed.prior)
            } else {
                Decision::Reject(Rejection::OrderAlreadyRedeemed(redeemed.prior))
            };
        }
        if let Some(used) = used {
            return Decision::Reject(Rejection::CodeAlreadyUsed(used.prior));
        }
        match self.grant(order, current) {
            Ok(grant) => {
                let used = RecordedOrder { order: order.clone(), prior: current };
                self.codes.insert(code.clone(), Some(used));
                Decision::Apply(Effect::RedeemCode(grant))
            }
            Err(refusal) => Decision::Reject(Rejection::Refused(refusal)),
        }
    }

    /// After a reversal, the code of the redemption may be used again.
    pub(super) fn free_code(&mut self, redemption_id: i64) {
        for used in self.codes.values_mut() {
            used.take_if(|used| used.prior == Prior::Redemption(redemption_id));
        }
    }
}
