use leptos::prelude::*;

use super::{Icon, Symbol};

/// One way among a few to see the same.
#[derive(Clone, Copy, PartialEq)]
pub struct Segment<T> {
    pub value: T,
    /// In the hook of the browser tests.
    pub word: &'static str,
    pub label: &'static str,
    /// Shown instead of the label.
    pub symbol: Option<Symbol>,
}

/// A choice of one among a few, as radio buttons: arrow keys move it.
#[component]
pub fn Segments<T>(
    /// Unique on the page.
    name: &'static str,
    label: &'static str,
    options: Vec<Segment<T>>,
    #[prop(into)] value: Signal<T>,
    #[prop(into)] choose: Callback<T>,
) -> impl IntoView
where
    T: Copy + PartialEq + Send + Sync + 'static,
{
    let parts = options.into_iter().map(|Segment { value: option, word, label, symbol }| {
        let shown = match symbol {
            Some(symbol) => view! { <Icon symbol /><span class="visually-hidden">{label}</span> }.into_any(),
            None => label.into_any(),
        };
        view! {
            <label title=symbol.map(|_| label) data-testid=format!("{name}-{word}")>
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
