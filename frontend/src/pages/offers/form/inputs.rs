use leptos::ev::FocusEvent;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlButtonElement;

use super::field::Field;
use super::state::FormState;
use crate::components;

/// An input with label, hint and error.
#[component]
pub fn LabelledField(
    form: FormState,
    field: Field,
    #[prop(optional)] hint: &'static str,
    children: Children,
) -> impl IntoView {
    view! {
        <components::Field
            name=field.name()
            label=field.label()
            hint=hint
            problem=Signal::derive(move || form.problem(field))
        >
            {children()}
        </components::Field>
    }
}

/// A text input. `kind` is its type, `mode` its keyboard on phones.
#[component]
pub fn TextInput(
    form: FormState,
    field: Field,
    #[prop(default = "text")] kind: &'static str,
    #[prop(default = "text")] mode: &'static str,
    #[prop(optional)] placeholder: &'static str,
    #[prop(optional)] list: &'static str,
) -> impl IntoView {
    let list = (!list.is_empty()).then_some(list);
    view! {
        <input
            id=field.id()
            data-testid=field.id()
            name=field.name()
            type=kind
            inputmode=mode
            placeholder=placeholder
            list=list
            autocomplete="off"
            aria-describedby=described_by(field)
            aria-invalid=move || form.problem(field).is_some().to_string()
            prop:value=move || form.text(field)
            on:input=move |event| form.write(field, event_target_value(&event))
            on:blur=move |event| leave(form, field, &event)
        />
    }
}

/// A select. `options` are pairs of value and text.
#[component]
pub fn SelectInput(
    form: FormState,
    field: Field,
    options: Vec<(&'static str, &'static str)>,
) -> impl IntoView {
    let items = options.into_iter().map(|(value, text)| {
        view! { <option value=value selected=move || form.text(field) == value>{text}</option> }
    });
    view! {
        <select
            id=field.id()
            data-testid=field.id()
            name=field.name()
            aria-describedby=described_by(field)
            aria-invalid=move || form.problem(field).is_some().to_string()
            prop:value=move || form.text(field)
            on:change=move |event| form.write(field, event_target_value(&event))
            on:blur=move |event| leave(form, field, &event)
        >
            {items.collect_view()}
        </select>
    }
}

/// Marks a field as touched, unless the focus moves to a button: an error that appears would move the button, and the
/// click would miss it. Submitting validates all fields anyway.
fn leave(form: FormState, field: Field, event: &FocusEvent) {
    let to = event.related_target().and_then(|to| to.dyn_into::<HtmlButtonElement>().ok());
    if to.is_none() {
        form.touch(field);
    }
}

fn described_by(field: Field) -> String {
    format!("hint-{0} error-{0}", field.name())
}
