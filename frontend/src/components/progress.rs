use leptos::prelude::*;

/// A bar that shows how much of a limit is used. `label` describes it for screen readers.
#[component]
pub fn Progress(
    percent: f64,
    #[prop(into)] label: String,
    #[prop(default = "accent")] tone: &'static str,
) -> impl IntoView {
    view! {
        <div class=format!("progress progress-{tone}") role="img" aria-label=label>
            <span style:width=format!("{percent:.2}%")></span>
        </div>
    }
}
