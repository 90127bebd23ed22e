//! The API keys of services.

mod dialogs;
mod example;
mod form;
mod list;
mod scopes;

use leptos::prelude::*;
use offercast_contract::{ApiKey, NewApiKey};

use crate::api;
use crate::browser::use_title;
use crate::components::{
    Button, Confirmation, ConfirmationDialog, EmptyState, ErrorState, ListSkeleton, Notices, PageHead,
    Symbol, Variant,
};
use crate::i18n::{common, keys as texts};
use dialogs::KeyDialog;
use list::KeyList;

/// The dialog that is open.
#[derive(Clone)]
enum OpenDialog {
    Create,
    Rotate(ApiKey),
    /// The secret of a new key, and an offer for the example.
    Created(NewApiKey, Option<String>),
}

#[derive(Clone, Copy)]
struct KeyActions {
    dialog: RwSignal<Option<OpenDialog>>,
    confirmation: RwSignal<Option<Confirmation>>,
    notices: Notices,
    /// Called after each change.
    changed: Callback<()>,
}

impl KeyActions {
    fn show(self, key: NewApiKey, offer: Option<String>) {
        self.dialog.set(Some(OpenDialog::Created(key, offer)));
        self.notify_changed();
    }

    /// Does nothing if the page is gone.
    fn notify_changed(self) {
        let _ = self.changed.try_run(());
    }

    fn close(self) {
        self.dialog.set(None);
    }

    async fn revoke(self, id: i64, done: String) -> Result<(), api::ApiError> {
        api::revoke_key(id).await?;
        self.notices.show(done);
        self.notify_changed();
        Ok(())
    }
}

#[component]
pub fn KeysPage() -> impl IntoView {
    use_title(|| common::api_keys().to_owned());
    let keys = api::fetch(api::keys);
    let retry = Callback::new(move |()| keys.refetch());
    let actions = KeyActions {
        dialog: RwSignal::new(None),
        confirmation: RwSignal::new(None),
        notices: Notices::expect(),
        changed: retry,
    };
    let list = move || match keys.get() {
        None => view! { <ListSkeleton label=texts::loading() /> }.into_any(),
        Some(Err(error)) => view! { <ErrorState error retry /> }.into_any(),
        Some(Ok(keys)) if keys.is_empty() => view! { <NoKeys actions /> }.into_any(),
        Some(Ok(keys)) => view! { <KeyList keys actions /> }.into_any(),
    };
    view! {
        <PageHead title=common::api_keys() lead=texts::lead()><CreateButton actions /></PageHead>
        {list}
        <KeyDialog actions />
        <ConfirmationDialog target=actions.confirmation />
    }
}

#[component]
fn CreateButton(actions: KeyActions) -> impl IntoView {
    let open = move |()| actions.dialog.set(Some(OpenDialog::Create));
    view! { <Button variant=Variant::Primary symbol=Symbol::Plus hook="create-key" press=open>{texts::create()}</Button> }
}

#[component]
fn NoKeys(actions: KeyActions) -> impl IntoView {
    let open = move |()| actions.dialog.set(Some(OpenDialog::Create));
    view! {
        <EmptyState title=texts::none_yet() text=texts::what_keys_are()>
            <Button symbol=Symbol::Plus press=open>{texts::create()}</Button>
        </EmptyState>
    }
}
