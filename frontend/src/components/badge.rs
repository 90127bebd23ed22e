use leptos::prelude::*;
use offercast_contract::OfferState;

use crate::format;

/// A word in a colour. The word says it, the colour only repeats it.
#[component]
pub fn Badge(tone: &'static str, #[prop(into)] text: String) -> impl IntoView {
    view! { <span class=format!("badge badge-{tone}")>{text}</span> }
}

/// What the offer does right now.
#[component]
pub fn StateBadge(state: OfferState) -> impl IntoView {
    view! { <Badge tone=tone(state) text=format::state(state) /> }
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
