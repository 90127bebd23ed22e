use leptos::prelude::*;

use crate::browser::use_title;
use crate::words::common as words;

/// Any address that is not a page.
#[component]
pub fn NotFound() -> impl IntoView {
    use_title(|| words::page_not_found().to_owned());
    view! {
        <section class="state" data-testid="not-found">
            <p class="state-number">"404"</p>
            <h1>{words::no_page_here()}</h1>
            <p>{words::typo_or_moved()}</p>
            <div class="state-actions">
                <a href="/admin/offers" class="button">{words::all_offers()}</a>
            </div>
        </section>
    }
}
