use leptos::prelude::*;

/// The shape of what is on its way; `label` says so to screen readers.
#[component]
pub fn Skeleton(label: &'static str, children: Children) -> impl IntoView {
    view! {
        <div role="status" data-testid="loading">
            <span class="visually-hidden">{label}</span>
            {children()}
        </div>
    }
}
