//! The bodies of a dashboard's dialogs and of its history: a separate download, fetched when one of them is first
//! opened.

mod codes;
mod history;
mod reverse;

use leptos::prelude::*;
use leptos::wasm_split::{SplitLoaderError, wasm_split};
use offercast_contract::LedgerEntry;

use crate::api::{self, ApiError};
use crate::components::DownloadFailed;
use crate::i18n::common as texts;
use codes::Codes;
use history::HistoryList;
use reverse::ReverseForm;

#[derive(Clone, Copy)]
pub struct Dialogs {
    /// Unique codes: whether the dialog is open, and the id of the offer.
    pub codes: fn(RwSignal<bool>, i64) -> AnyView,
    /// Reversal: the redemption, its currency, the open dialog's redemption, and what to call afterwards.
    pub reverse: fn(LedgerEntry, String, RwSignal<Option<LedgerEntry>>, Callback<()>) -> AnyView,
    /// History: the id of the offer.
    pub history: fn(i64) -> AnyView,
}

#[wasm_split(dialogs, wasm_split_path = leptos::wasm_split, fallible)]
fn dialogs() -> Result<Dialogs, SplitLoaderError> {
    Ok(Dialogs {
        codes: |open, offer| view! { <Codes open offer /> }.into_any(),
        reverse: |entry, currency, target, done| {
            view! { <ReverseForm entry currency target done /> }.into_any()
        },
        history: |offer| view! { <HistoryList offer /> }.into_any(),
    })
}

/// The body of a dialog, once it is downloaded.
#[component]
pub fn DialogBody(#[prop(into)] of: Callback<Dialogs, AnyView>) -> impl IntoView {
    let download = api::fetch(|| async { dialogs().await.map_err(|_| ApiError::Network) });
    move || match download.get() {
        None => view! { <p>{texts::loading()}</p> }.into_any(),
        Some(Ok(dialogs)) => of.run(dialogs),
        Some(Err(_)) => view! { <DownloadFailed /> }.into_any(),
    }
}
