use leptos::prelude::*;

use super::{Icon, Symbol};

#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub enum Variant {
    #[default]
    Plain,
    /// The main action, at most one per page.
    Primary,
    /// Borderless, for secondary actions.
    Quiet,
    /// For actions that cannot be undone.
    Danger,
}

impl Variant {
    pub fn class(self) -> &'static str {
        match self {
            Variant::Plain => "button",
            Variant::Primary => "button button-primary",
            Variant::Quiet => "button button-quiet",
            Variant::Danger => "button button-danger",
        }
    }
}

/// A button for an action on this page. For another page use a link with `class="button"`, which looks the same.
#[component]
pub fn Button(
    #[prop(optional)] variant: Variant,
    #[prop(optional)] symbol: Option<Symbol>,
    #[prop(into, optional)] hook: String,
    #[prop(into, optional)] disabled: Signal<bool>,
    #[prop(into)] press: Callback<()>,
    children: Children,
) -> impl IntoView {
    view! {
        <button type="button" class=variant.class() data-testid=hook disabled=disabled on:click=move |_| press.run(())>
            {symbol.map(|symbol| view! { <Icon symbol /> })}
            {children()}
        </button>
    }
}

/// A button with an icon. The label is its tooltip and its accessible name.
#[component]
pub fn IconButton(
    symbol: Symbol,
    #[prop(into)] label: String,
    #[prop(into, optional)] hook: String,
    /// For toggle buttons.
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
