use leptos::prelude::*;

/// How much of a limit is used, as a bar. `label` says it in words to those who don't see the bar.
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
