//! What the dialogs of a dashboard hold: a download of its own, fetched when one of them is first opened.

use leptos::prelude::*;
use leptos::wasm_split::{SplitLoaderError, wasm_split};
use offercast_contract::LedgerEntry;

use super::codes::Codes;
use super::take_back::Question;
use crate::api::{self, ApiError};
use crate::components::MissingPart;
use crate::words::common as words;

#[derive(Clone, Copy)]
pub struct Dialogs {
    /// Of an offer.
    pub codes: fn(RwSignal<bool>, i64) -> AnyView,
    /// Whether a redemption, with its amounts in this currency, is to be taken back.
    pub question: fn(LedgerEntry, String, RwSignal<Option<LedgerEntry>>, Callback<()>) -> AnyView,
}

#[wasm_split(dialogs, wasm_split_path = leptos::wasm_split, fallible)]
fn dialogs() -> Result<Dialogs, SplitLoaderError> {
    Ok(Dialogs {
        codes: |open, offer| view! { <Codes open offer /> }.into_any(),
        question: |entry, currency, asking, done| {
            view! { <Question entry currency asking done /> }.into_any()
        },
    })
}

/// The inside of a dialog, once it has come.
#[component]
pub fn Inside(#[prop(into)] of: Callback<Dialogs, AnyView>) -> impl IntoView {
    let come = api::fetch(|| async { dialogs().await.map_err(|_| ApiError::Network) });
    move || match come.get() {
        None => view! { <p>{words::loading()}</p> }.into_any(),
        Some(Ok(dialogs)) => of.run(dialogs),
        Some(Err(_)) => view! { <MissingPart /> }.into_any(),
    }
}
