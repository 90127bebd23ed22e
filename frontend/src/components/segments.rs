use leptos::prelude::*;

use super::{Icon, Symbol};

/// An option of a segmented control.
#[derive(Clone, Copy, PartialEq)]
pub struct Segment<T> {
    pub value: T,
    /// Part of the test hook.
    pub key: &'static str,
    pub label: &'static str,
    /// Shown instead of the label, which becomes its tooltip.
    pub symbol: Option<Symbol>,
}

/// A segmented control made of radio buttons, so that arrow keys change it.
#[component]
pub fn Segments<T>(
    /// The name of the radio buttons, unique on the page.
    name: &'static str,
    label: &'static str,
    options: Vec<Segment<T>>,
    #[prop(into)] value: Signal<T>,
    #[prop(into)] choose: Callback<T>,
) -> impl IntoView
where
    T: Copy + PartialEq + Send + Sync + 'static,
{
    let parts = options.into_iter().map(|Segment { value: option, key, label, symbol }| {
        let shown = match symbol {
            Some(symbol) => view! { <Icon symbol /><span class="visually-hidden">{label}</span> }.into_any(),
            None => label.into_any(),
        };
        view! {
            <label title=symbol.map(|_| label) data-testid=format!("{name}-{key}")>
                <input
                    type="radio"
                    class="visually-hidden"
                    name=name
                    prop:checked=move || value.get() == option
                    on:change=move |_| choose.run(option)
                />
                {shown}
            </label>
        }
    });
    view! {
        <fieldset class="segments segments-even">
            <legend class="visually-hidden">{label}</legend>
            {parts.collect_view()}
        </fieldset>
    }
}
