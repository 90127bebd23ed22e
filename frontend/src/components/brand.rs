use leptos::prelude::*;

/// The logo and the name.
#[component]
pub fn Brand() -> impl IntoView {
    view! {
        <svg class="brand-mark" viewBox="0 0 24 24" aria-hidden="true">
            <rect width="24" height="24" rx="6"></rect>
            <path d="M5 16.5l4-4.5 3.5 3L16 9"></path>
            <path class="brand-dashes" d="M16 9l3.5-3"></path>
        </svg>
        <span class="brand-name">"Offercast"</span>
    }
}
