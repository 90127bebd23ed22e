use leptos::prelude::*;

/// A placeholder in the shape of content that is loading. `label` is for screen readers.
#[component]
pub fn Skeleton(label: &'static str, children: Children) -> impl IntoView {
    view! {
        <div role="status" data-testid="loading">
            <span class="visually-hidden">{label}</span>
            {children()}
        </div>
    }
}
