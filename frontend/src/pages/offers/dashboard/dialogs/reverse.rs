use leptos::prelude::*;
use leptos::task::spawn_local;
use offercast_contract::LedgerEntry;

use crate::api::{self, ApiError};
use crate::components::{Button, Notices, Variant};
use crate::format::money;
use crate::i18n::{common, dashboard as texts};

/// Maximum length of a reason, as in the API.
const MAX_REASON_LENGTH: &str = "200";

/// The body of the dialog that reverses a redemption.
#[expect(clippy::needless_pass_by_value, reason = "a component owns its properties")]
#[component]
pub fn ReverseForm(
    entry: LedgerEntry,
    currency: String,
    target: RwSignal<Option<LedgerEntry>>,
    done: Callback<()>,
) -> impl IntoView {
    let notices = Notices::expect();
    let (reason, busy) = (RwSignal::new(String::new()), RwSignal::new(false));
    let failure = RwSignal::new(None::<ApiError>);
    let effect = texts::reverse_effect(&entry.customer_id, &money(entry.discount_given, &currency));
    let confirm = move |()| {
        busy.set(true);
        spawn_local(async move {
            match api::reverse_redemption(entry.redemption_id, &reason.get_untracked()).await {
                Ok(_) => {
                    notices.show(texts::redemption_reversed());
                    target.set(None);
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
        <h2 id="reverse-title">{texts::reverse_question()}</h2>
        <p>{effect}</p>
        <div class="field">
            <label for="reverse-reason">{texts::reason()}</label>
            <input
                id="reverse-reason"
                data-testid="reverse-reason"
                maxlength=MAX_REASON_LENGTH
                autocomplete="off"
                on:input=move |event| reason.set(event_target_value(&event))
            />
        </div>
        <p class="field-error" role="alert">{move || failure.get().map(|error| error.message())}</p>
        <div class="dialog-actions">
            <Button hook="cancel-reverse" press=move |()| target.set(None)>{common::cancel()}</Button>
            <Button variant=Variant::Danger hook="confirm-reverse" disabled=busy press=confirm>{texts::reverse()}</Button>
        </div>
    }
}
