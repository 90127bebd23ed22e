use leptos::prelude::*;
use offercast_contract::OfferState;

use crate::format;

/// A coloured label. The colour only repeats the text.
#[component]
pub fn Badge(tone: &'static str, #[prop(into)] text: String) -> impl IntoView {
    view! { <span class=format!("badge badge-{tone}")>{text}</span> }
}

/// The state of an offer.
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
