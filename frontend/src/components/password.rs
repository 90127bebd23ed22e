use leptos::prelude::*;

use super::Field;
use crate::i18n::access as texts;

/// An input for a password, with a button that shows what was typed.
#[component]
pub fn PasswordField(
    name: &'static str,
    label: &'static str,
    #[prop(optional)] hint: &'static str,
    #[prop(into)] problem: Signal<Option<String>>,
    value: RwSignal<String>,
    /// `current-password` or `new-password`, for password managers.
    autocomplete: &'static str,
) -> impl IntoView {
    let shown = RwSignal::new(false);
    let kind = move || if shown.get() { "text" } else { "password" };
    view! {
        <Field name label hint problem>
            <div class="with-toggle">
                <input
                    id=format!("field-{name}")
                    data-testid=format!("field-{name}")
                    name=name
                    type=kind
                    autocomplete=autocomplete
                    autocapitalize="none"
                    spellcheck="false"
                    aria-describedby=format!("hint-{name} error-{name}")
                    aria-invalid=move || problem.with(Option::is_some).to_string()
                    prop:value=value
                    on:input=move |event| value.set(event_target_value(&event))
                />
                <button
                    type="button"
                    class="toggle"
                    data-testid=format!("show-{name}")
                    aria-label=texts::show_password()
                    aria-pressed=move || shown.get().to_string()
                    on:click=move |_| shown.update(|shown| *shown = !*shown)
                >
                    {move || if shown.get() { texts::hide() } else { texts::show() }}
                </button>
            </div>
        </Field>
    }
}
