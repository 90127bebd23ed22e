use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use offercast_contract::{ApiKey, NewApiKey, RotateRequest};

use super::example::example_call;
use super::form::CreateKey;
use super::{KeyActions, OpenDialog};
use crate::api;
use crate::browser::origin;
use crate::components::{Button, CopyButton, CopyText, Dialog, Field, FormActions, Variant};
use crate::i18n::{Text, common, keys as texts};
use crate::submission::Submission;

/// How long a rotated key still works, in seconds.
const PERIODS: [(i64, Text); 5] = [
    (0, texts::not_at_all),
    (3_600, texts::an_hour),
    (86_400, texts::a_day),
    (604_800, texts::a_week),
    (2_592_000, texts::a_month),
];
const DEFAULT_PERIOD: i64 = 86_400;

/// The dialog that is open, if one is.
#[component]
pub fn KeyDialog(actions: KeyActions) -> impl IntoView {
    let body = move || {
        actions.dialog.get().map(|dialog| match dialog {
            OpenDialog::Create => view! { <CreateKey actions /> }.into_any(),
            OpenDialog::Rotate(key) => view! { <Rotate key actions /> }.into_any(),
            OpenDialog::Created(key, offer) => view! { <Created key offer actions /> }.into_any(),
        })
    };
    view! {
        <Dialog
            open=Signal::derive(move || actions.dialog.with(Option::is_some))
            closed=move |()| actions.close()
            titled_by="key-dialog"
            class="dialog dialog-wide"
        >
            {body}
        </Dialog>
    }
}

#[component]
fn Rotate(key: ApiKey, actions: KeyActions) -> impl IntoView {
    let (seconds, submission) = (RwSignal::new(DEFAULT_PERIOD), Submission::new());
    let id = key.id;
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let request = RotateRequest { former_valid_seconds: Some(seconds.get_untracked()) };
        submission
            .send(async move { api::rotate_key(id, &request).await }, move |key| actions.show(key, None));
    };
    let options = PERIODS.map(|(period, name)| {
        view! { <option value=period.to_string() selected=period == DEFAULT_PERIOD>{name()}</option> }
    });
    let choose = move |event| seconds.set(event_target_value(&event).parse().unwrap_or(DEFAULT_PERIOD));
    view! {
        <h2 id="key-dialog">{texts::rotate_name(&key.name)}</h2>
        <form class="stack" novalidate on:submit=submit>
            <p>{texts::rotate_note()}</p>
            <Field name="former" label=texts::former_works() problem=None>
                <select id="field-former" data-testid="field-former" on:change=choose>{options}</select>
            </Field>
            <FormActions submission label=texts::rotate_now() cancel=move |()| actions.close() />
        </form>
    }
}

/// The secret of a new key. It is shown only here.
#[component]
fn Created(key: NewApiKey, offer: Option<String>, actions: KeyActions) -> impl IntoView {
    let example = example_call(&origin(), &key.secret, &key.key.scopes, offer.as_deref());
    view! {
        <h2 id="key-dialog">{texts::created(&key.key.name)}</h2>
        <div class="secret">
            <p>{texts::copy_now()}</p>
            <CopyText text=key.secret hook="key-secret" />
            <h3>{texts::try_it()}</h3>
            <pre class="example" tabindex="0" data-testid="key-example"><code>{example.clone()}</code></pre>
            <div class="buttons"><CopyButton text=example hook="copy-example" /></div>
        </div>
        <div class="dialog-actions">
            <Button variant=Variant::Primary hook="close-key" press=move |()| actions.close()>{common::close()}</Button>
        </div>
    }
}
