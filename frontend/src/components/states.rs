use leptos::prelude::*;

use super::{Button, Icon, Symbol};
use crate::api::ApiError;
use crate::words::common as words;

/// Nothing to show yet, and what to do about it.
#[component]
pub fn EmptyState(
    #[prop(into)] title: String,
    #[prop(into)] text: String,
    children: Children,
) -> impl IntoView {
    view! {
        <section class="state" data-testid="empty-state">
            <span class="state-icon"><Icon symbol=Symbol::Offer /></span>
            <h2>{title}</h2>
            <p>{text}</p>
            <div class="state-actions">{children()}</div>
        </section>
    }
}

/// A call failed: why, a reference for whoever helps, and another try.
#[expect(clippy::needless_pass_by_value, reason = "a component owns its properties")]
#[component]
pub fn ErrorState(error: ApiError, #[prop(into)] retry: Callback<()>) -> impl IntoView {
    let reference =
        error.request_id().map(|id| view! { <p class="hint">{words::reference()} <code>{id}</code></p> });
    view! {
        <section class="state" role="alert" data-testid="error-state">
            <span class="state-icon state-icon-bad"><Icon symbol=Symbol::Alert /></span>
            <h2>{words::could_not_be_loaded()}</h2>
            <p>{error.message()}</p>
            {reference}
            <div class="state-actions">
                <Button symbol=Symbol::Reload hook="retry" press=retry>{words::try_again()}</Button>
            </div>
        </section>
    }
}

/// A part of the app did not come: the connection broke, or the server has a newer app than this one. The page as a
/// whole is asked for again.
#[component]
pub fn MissingPart() -> impl IntoView {
    let again = |()| {
        // Fails where the reader stays with what they typed.
        _ = window().location().reload();
    };
    view! { <ErrorState error=ApiError::Network retry=again /> }
}

/// The address names an offer that is not there.
#[component]
pub fn MissingOffer(#[prop(into)] offer: String) -> impl IntoView {
    view! {
        <section class="state" data-testid="not-found">
            <p class="state-number">"404"</p>
            <h1>{words::no_such_offer()}</h1>
            <p>{words::there_is_no_offer()}<code>{offer}</code>{words::deleted_or_typo()}</p>
            <div class="state-actions">
                <a href="/admin/offers" class="button">{words::all_offers()}</a>
            </div>
        </section>
    }
}
