//! Redeeming by a unique code: whatever redeems the offer, and the code is not used yet.

use super::{Claim, Decision, Desk, First};
use crate::{CodeName, Order};

impl Claim {
    /// Whether both are of one redemption.
    fn is_of(&self, other: &Claim) -> bool {
        self.id == other.id && (self.id.is_some() || self.first == other.first)
    }
}

impl Desk<'_> {
    /// A code that was issued and not used.
    pub fn recall_code(&mut self, code: &CodeName) {
        self.codes.insert(code.clone(), None);
    }

    /// A redemption on record has used the code.
    pub fn recall_used_code(&mut self, code: &CodeName, redemption_id: i64, order: &Order, recorded: usize) {
        let claim = Claim { order: order.clone(), first: First::Recorded(recorded), id: Some(redemption_id) };
        self.codes.insert(code.clone(), Some(claim));
    }

    /// An order's own redemption by this code is answered again; any other use of either is refused.
    pub(super) fn redeem_code(&mut self, order: &Order, code: &CodeName, place: First) -> Decision {
        let Some(used) = self.codes.get(code) else { return Decision::Unknown };
        if let Some(standing) = self.standing(order) {
            let is_this = used.as_ref().is_some_and(|used| used.is_of(standing));
            let first = standing.first;
            return if is_this && standing.order.is_same(order) {
                Decision::Repeated(first)
            } else {
                Decision::OrderTaken(first)
            };
        }
        if let Some(used) = used {
            return Decision::CodeUsed(used.first);
        }
        match self.grant(order, place) {
            Ok(grant) => {
                let claim = Claim { order: order.clone(), first: place, id: None };
                self.codes.insert(code.clone(), Some(claim));
                Decision::GrantedByCode(grant)
            }
            Err(refusal) => Decision::Refused(refusal),
        }
    }

    /// The code by which what is taken back was redeemed may be used again.
    pub(super) fn free_code(&mut self, redemption_id: i64) {
        for used in self.codes.values_mut() {
            used.take_if(|claim| claim.id == Some(redemption_id));
        }
    }
}
