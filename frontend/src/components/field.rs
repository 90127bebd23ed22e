use leptos::prelude::*;

/// The label, hint and error message of an input with the id `field-{name}`.
#[component]
pub fn Field(
    name: &'static str,
    label: &'static str,
    #[prop(optional)] hint: &'static str,
    #[prop(into)] problem: Signal<Option<String>>,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="field" class:is-wrong=move || problem.with(Option::is_some)>
            <label for=format!("field-{name}")>{label}</label>
            {children()}
            {(!hint.is_empty()).then(|| view! { <p class="hint" id=format!("hint-{name}")>{hint}</p> })}
            <p
                class="field-error"
                id=format!("error-{name}")
                data-testid=format!("error-{name}")
                aria-live="polite"
            >
                {problem}
            </p>
        </div>
    }
}
