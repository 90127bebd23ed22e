use leptos::prelude::*;

use crate::browser::use_title;

/// Any address that is not a page.
#[component]
pub fn NotFound() -> impl IntoView {
    use_title(|| "Page not found".to_owned());
    view! {
        <section class="state" data-testid="not-found">
            <p class="state-number">"404"</p>
            <h1>"There is no page here"</h1>
            <p>"The address may have a typo, or the page has moved."</p>
            <div class="state-actions">
                <a href="/admin/offers" class="button">"All offers"</a>
            </div>
        </section>
    }
}
