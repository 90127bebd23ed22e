use leptos::prelude::*;

use super::{Icon, Symbol};

#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub enum Weight {
    #[default]
    Plain,
    /// What most people came to do: one on a page.
    Primary,
    /// Without an edge, beside others.
    Quiet,
    /// Cannot be taken back.
    Danger,
}

impl Weight {
    fn class(self) -> &'static str {
        match self {
            Weight::Plain => "button",
            Weight::Primary => "button button-primary",
            Weight::Quiet => "button button-quiet",
            Weight::Danger => "button button-danger",
        }
    }
}

/// Does something on this page. What leads to another page is a link of the same looks (`class="button"`).
#[component]
pub fn Button(
    #[prop(optional)] weight: Weight,
    #[prop(optional)] symbol: Option<Symbol>,
    #[prop(into, optional)] hook: String,
    #[prop(into, optional)] disabled: Signal<bool>,
    #[prop(into)] press: Callback<()>,
    children: Children,
) -> impl IntoView {
    view! {
        <button type="button" class=weight.class() data-testid=hook disabled=disabled on:click=move |_| press.run(())>
            {symbol.map(|symbol| view! { <Icon symbol /> })}
            {children()}
        </button>
    }
}

/// An icon that can be pressed; the label is its tooltip and what screen readers say.
#[component]
pub fn IconButton(
    symbol: Symbol,
    #[prop(into)] label: String,
    #[prop(into, optional)] hook: String,
    /// For one that stays down.
    #[prop(into, optional)]
    pressed: Option<Signal<bool>>,
    #[prop(into)] press: Callback<()>,
) -> impl IntoView {
    let down = move || pressed.map(|pressed| pressed.get().to_string());
    view! {
        <button
            type="button"
            class="icon-button"
            data-testid=hook
            title=label.clone()
            aria-label=label
            aria-pressed=down
            on:click=move |_| press.run(())
        >
            <Icon symbol />
        </button>
    }
}
