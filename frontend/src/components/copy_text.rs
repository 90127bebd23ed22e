use std::time::Duration;

use leptos::prelude::*;

use super::{Icon, Symbol};
use crate::browser;
use crate::i18n::common as texts;

const COPIED_FOR: Duration = Duration::from_secs(2);

/// Copies a text, and returns whether that was just done.
fn use_copying(text: String) -> (RwSignal<bool>, impl Fn() + 'static) {
    let copied = RwSignal::new(false);
    let copy = move || {
        browser::copy(&text);
        copied.set(true);
        // The button may be gone by then.
        set_timeout(move || _ = copied.try_set(false), COPIED_FOR);
    };
    (copied, copy)
}

/// Text that is copied to the clipboard when pressed.
#[component]
pub fn CopyText(text: String, #[prop(into, optional)] hook: String) -> impl IntoView {
    let (copied, copy) = use_copying(text.clone());
    view! {
        <button type="button" class="copy-text" title=texts::copy() data-testid=hook on:click=move |_| copy()>
            <code>{text}</code>
            {move || {
                let symbol = if copied.get() { Symbol::Check } else { Symbol::Copy };
                view! { <Icon symbol /> }
            }}
            <span class="visually-hidden" role="status">{move || copied.get().then(texts::copied)}</span>
        </button>
    }
}

/// A button that copies a text which is shown beside it.
#[component]
pub fn CopyButton(text: String, #[prop(into, optional)] hook: String) -> impl IntoView {
    let (copied, copy) = use_copying(text);
    let face = move || {
        let (symbol, label) =
            if copied.get() { (Symbol::Check, texts::copied()) } else { (Symbol::Copy, texts::copy()) };
        view! { <Icon symbol />{label} }
    };
    view! {
        <button type="button" class="button" aria-live="polite" data-testid=hook on:click=move |_| copy()>{face}</button>
    }
}
