use leptos::prelude::*;

/// A checkbox or radio button with its label and what it means.
#[component]
pub fn Check(
    #[prop(default = "checkbox")] kind: &'static str,
    name: &'static str,
    #[prop(into)] hook: String,
    label: &'static str,
    hint: &'static str,
    #[prop(into)] checked: Signal<bool>,
    #[prop(into)] change: Callback<bool>,
) -> impl IntoView {
    view! {
        <label class="check">
            <input
                type=kind
                name=name
                data-testid=hook
                prop:checked=checked
                on:change=move |event| change.run(event_target_checked(&event))
            />
            <span>{label}</span>
            <small>{hint}</small>
        </label>
    }
}
