use leptos::prelude::*;
use leptos::task::spawn_local;
use offercast_contract::{Dashboard, LedgerEntry};

use super::dialogs::{Dialogs, Inside};
use crate::api::{self, ApiError};
use crate::components::{Button, Dialog, Notices, Weight};
use crate::format::money;
use crate::words::{common, dashboard as words};

/// What the ledger takes of a reason.
const LONGEST_REASON: &str = "200";

/// Asks before a redemption is taken back; open while there is one in `asking`.
#[component]
pub fn TakeBack(
    asking: RwSignal<Option<LedgerEntry>>,
    data: Signal<Option<Dashboard>>,
    done: Callback<()>,
) -> impl IntoView {
    let question = move || {
        let currency = data.with_untracked(|data| data.as_ref().map(|data| data.offer.currency.clone()));
        let currency = currency.unwrap_or_default();
        let ask = |entry: LedgerEntry| {
            let of =
                move |dialogs: Dialogs| (dialogs.question)(entry.clone(), currency.clone(), asking, done);
            view! { <Inside of /> }
        };
        asking.get().map(ask)
    };
    view! {
        <Dialog
            open=Signal::derive(move || asking.with(Option::is_some))
            closed=move |()| asking.set(None)
            titled_by="take-back-title"
        >
            {question}
        </Dialog>
    }
}

#[expect(clippy::needless_pass_by_value, reason = "a component owns its properties")]
#[component]
pub fn Question(
    entry: LedgerEntry,
    currency: String,
    asking: RwSignal<Option<LedgerEntry>>,
    done: Callback<()>,
) -> impl IntoView {
    let notices = Notices::expect();
    let (reason, busy) = (RwSignal::new(String::new()), RwSignal::new(false));
    let failure = RwSignal::new(None::<ApiError>);
    let meaning = words::take_back_meaning(&entry.customer_id, &money(entry.discount_given, &currency));
    let confirm = move |()| {
        busy.set(true);
        spawn_local(async move {
            match api::reverse(entry.redemption_id, &reason.get_untracked()).await {
                Ok(_) => {
                    notices.say(words::was_taken_back());
                    asking.set(None);
                    done.run(());
                }
                Err(error) => {
                    failure.set(Some(error));
                    busy.set(false);
                }
            }
        });
    };
    view! {
        <h2 id="take-back-title">{words::take_back_question()}</h2>
        <p>{meaning}</p>
        <div class="field">
            <label for="take-back-reason">{words::reason()}</label>
            <input
                id="take-back-reason"
                data-testid="take-back-reason"
                maxlength=LONGEST_REASON
                autocomplete="off"
                on:input=move |event| reason.set(event_target_value(&event))
            />
        </div>
        <p class="field-error" role="alert">{move || failure.get().map(|error| error.message())}</p>
        <div class="dialog-actions">
            <Button hook="cancel-take-back" press=move |()| asking.set(None)>{common::cancel()}</Button>
            <Button weight=Weight::Danger hook="confirm-take-back" disabled=busy press=confirm>{words::take_back()}</Button>
        </div>
    }
}
