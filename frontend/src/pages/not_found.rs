use leptos::prelude::*;

use crate::browser::use_title;
use crate::i18n::common as texts;

/// Shown at unknown addresses.
#[component]
pub fn NotFound() -> impl IntoView {
    use_title(|| texts::page_not_found().to_owned());
    view! {
        <section class="state" data-testid="not-found">
            <p class="state-number">"404"</p>
            <h1>{texts::page_not_found()}</h1>
            <p>{texts::moved_or_wrong_link()}</p>
            <div class="state-actions">
                <a href="/admin/offers" class="button">{texts::all_offers()}</a>
            </div>
        </section>
    }
}
