use leptos::prelude::*;
use offercast_contract::{Dashboard, LedgerEntry};

use super::dialogs::{DialogBody, Dialogs};
use crate::components::Dialog;

/// Asks for confirmation before reversing the redemption in `target`. Open while there is one.
#[component]
pub fn ReverseDialog(
    target: RwSignal<Option<LedgerEntry>>,
    data: Signal<Option<Dashboard>>,
    done: Callback<()>,
) -> impl IntoView {
    let body = move || {
        let currency = data.with_untracked(|data| data.as_ref().map(|data| data.offer.currency.clone()));
        let currency = currency.unwrap_or_default();
        let form = |entry: LedgerEntry| {
            let of = move |dialogs: Dialogs| (dialogs.reverse)(entry.clone(), currency.clone(), target, done);
            view! { <DialogBody of /> }
        };
        target.get().map(form)
    };
    view! {
        <Dialog
            open=Signal::derive(move || target.with(Option::is_some))
            closed=move |()| target.set(None)
            titled_by="reverse-title"
        >
            {body}
        </Dialog>
    }
}
