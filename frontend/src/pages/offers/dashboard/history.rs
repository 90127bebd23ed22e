use leptos::prelude::*;

use super::dialogs::{DialogBody, Dialogs};
use crate::i18n::dashboard as texts;

/// Who changed the offer. Its contents are fetched when it is first opened.
#[component]
pub fn History(offer: i64) -> impl IntoView {
    let opened = RwSignal::new(false);
    view! {
        <details class="panel card history" data-testid="history" on:toggle=move |_| opened.set(true)>
            <summary>{texts::history()}</summary>
            <Show when=move || opened.get()><DialogBody of=move |dialogs: Dialogs| (dialogs.history)(offer) /></Show>
        </details>
    }
}
