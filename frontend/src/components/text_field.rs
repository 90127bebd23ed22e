use leptos::prelude::*;

use super::Field;

/// A labelled text input with the id and test hook `field-{name}`.
#[component]
pub fn TextField(
    name: &'static str,
    label: &'static str,
    #[prop(optional)] hint: &'static str,
    #[prop(into)] problem: Signal<Option<String>>,
    value: RwSignal<String>,
    #[prop(default = "text")] kind: &'static str,
    #[prop(default = "off")] autocomplete: &'static str,
    #[prop(optional)] placeholder: &'static str,
) -> impl IntoView {
    view! {
        <Field name label hint problem>
            <input
                id=format!("field-{name}")
                data-testid=format!("field-{name}")
                name=name
                type=kind
                autocomplete=autocomplete
                placeholder=placeholder
                aria-describedby=format!("hint-{name} error-{name}")
                aria-invalid=move || problem.with(Option::is_some).to_string()
                prop:value=value
                on:input=move |event| value.set(event_target_value(&event))
            />
        </Field>
    }
}
