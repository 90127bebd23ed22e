use leptos::prelude::*;

/// A select with a label that only screen readers see.
#[component]
pub fn Select(
    label: &'static str,
    #[prop(into)] hook: String,
    options: Vec<(&'static str, &'static str)>,
    #[prop(into)] value: Signal<String>,
    #[prop(into)] choose: Callback<String>,
) -> impl IntoView {
    let items = options.into_iter().map(|(option, text)| {
        view! { <option value=option selected=move || value.get() == option>{text}</option> }
    });
    view! {
        <label class="choice">
            <span class="visually-hidden">{label}</span>
            <select data-testid=hook prop:value=value on:change=move |event| choose.run(event_target_value(&event))>
                {items.collect_view()}
            </select>
        </label>
    }
}
