use leptos::prelude::*;
use offercast_contract::OfferState;

use crate::format;

/// What the offer does right now. The word says it, the colour only repeats it.
#[component]
pub fn StateBadge(state: OfferState) -> impl IntoView {
    view! { <span class=format!("badge badge-{}", tone(state))>{format::state(state)}</span> }
}

fn tone(state: OfferState) -> &'static str {
    match state {
        OfferState::Active => "good",
        OfferState::Scheduled => "info",
        OfferState::Paused => "warn",
        OfferState::BudgetExhausted | OfferState::RedemptionsExhausted => "bad",
        OfferState::Expired | OfferState::Archived => "quiet",
    }
}
