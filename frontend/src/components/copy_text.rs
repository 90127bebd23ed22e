use std::time::Duration;

use leptos::prelude::*;

use super::{Icon, Symbol};
use crate::browser;
use crate::i18n::common as texts;

const COPIED_FOR: Duration = Duration::from_secs(2);

/// Text that is copied to the clipboard when pressed.
#[component]
pub fn CopyText(text: String, #[prop(into, optional)] hook: String) -> impl IntoView {
    let copied = RwSignal::new(false);
    let copy = {
        let text = text.clone();
        move |_| {
            browser::copy(&text);
            copied.set(true);
            // The button may be gone by then.
            set_timeout(move || _ = copied.try_set(false), COPIED_FOR);
        }
    };
    view! {
        <button type="button" class="copy-text" title=texts::copy() data-testid=hook on:click=copy>
            <code>{text}</code>
            {move || {
                let symbol = if copied.get() { Symbol::Check } else { Symbol::Copy };
                view! { <Icon symbol /> }
            }}
            <span class="visually-hidden" role="status">{move || copied.get().then(texts::copied)}</span>
        </button>
    }
}
