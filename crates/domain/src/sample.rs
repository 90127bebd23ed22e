//! A sample offer for tests.

use crate::{Offer, OfferDraft};

/// Returns an offer of 5 USD from 1 to 30 June 2026, without limits, after applying `change`.
pub fn offer(change: impl FnOnce(&mut OfferDraft)) -> Offer {
    let text = str::to_owned;
    let mut draft = OfferDraft {
        name: text("Test"),
        code: text("TEST"),
        discount_type: text("flat"),
        discount_value: text("5"),
        currency: text("USD"),
        start_date: text("2026-06-01"),
        end_date: text("2026-06-30"),
        ..OfferDraft::default()
    };
    change(&mut draft);
    Offer { id: 1, terms: draft.check().unwrap() }
}
