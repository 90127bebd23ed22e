use leptos::prelude::*;

use super::{Button, Icon, Symbol};
use crate::api::ApiError;
use crate::i18n::common as texts;

/// Shown instead of content that does not exist yet, with actions that create it.
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

/// A request failed: the reason, the request id for support, and a retry button.
#[expect(clippy::needless_pass_by_value, reason = "a component owns its properties")]
#[component]
pub fn ErrorState(error: ApiError, #[prop(into)] retry: Callback<()>) -> impl IntoView {
    let reference =
        error.request_id().map(|id| view! { <p class="hint">{texts::request_id()} <code>{id}</code></p> });
    view! {
        <section class="state" role="alert" data-testid="error-state">
            <span class="state-icon state-icon-bad"><Icon symbol=Symbol::Alert /></span>
            <h2>{texts::could_not_load()}</h2>
            <p>{error.message()}</p>
            {reference}
            <div class="state-actions">
                <Button symbol=Symbol::Reload hook="retry" press=retry>{texts::try_again()}</Button>
            </div>
        </section>
    }
}

/// A download of the app failed, because the connection broke or the server has a newer version of the app. Retrying
/// reloads the page.
#[component]
pub fn DownloadFailed() -> impl IntoView {
    let again = |()| {
        // Fails if the user stays to keep unsaved changes.
        _ = window().location().reload();
    };
    view! { <ErrorState error=ApiError::Network retry=again /> }
}

/// The address names an unknown offer.
#[component]
pub fn OfferNotFound(#[prop(into)] offer: String) -> impl IntoView {
    view! {
        <section class="state" data-testid="not-found">
            <p class="state-number">"404"</p>
            <h1>{texts::offer_not_found()}</h1>
            <p>{texts::there_is_no_offer()}<code>{offer}</code>{texts::deleted_or_wrong_link()}</p>
            <div class="state-actions">
                <a href="/admin/offers" class="button">{texts::all_offers()}</a>
            </div>
        </section>
    }
}
