//! The people who may sign in.

mod actions;
mod dialogs;
mod list;

use leptos::prelude::*;

use crate::api;
use crate::browser::use_title;
use crate::components::{Button, ConfirmationDialog, ErrorState, ListSkeleton, PageHead, Symbol, Variant};
use crate::i18n::{common, people as texts};
use crate::sign_in::SignedIn;
use actions::{OpenDialog, PeopleActions};
use dialogs::PersonDialog;
use list::PeopleList;

#[component]
pub fn PeoplePage() -> impl IntoView {
    use_title(|| common::people().to_owned());
    if !SignedIn::expect().account().with_untracked(|account| account.access_control) {
        return view! { <AccessOff /> }.into_any();
    }
    let people = api::fetch(api::people);
    let retry = Callback::new(move |()| people.refetch());
    let actions = PeopleActions::new(retry);
    let list = move || match people.get() {
        None => view! { <ListSkeleton label=texts::loading() /> }.into_any(),
        Some(Err(error)) => view! { <ErrorState error retry /> }.into_any(),
        Some(Ok(people)) => view! { <PeopleList people actions /> }.into_any(),
    };
    let invite = move |()| actions.dialog.set(Some(OpenDialog::Invite));
    view! {
        <PageHead title=common::people() lead=texts::lead()>
            <Button variant=Variant::Primary symbol=Symbol::Plus hook="invite" press=invite>{texts::invite()}</Button>
        </PageHead>
        {list}
        <PersonDialog actions />
        <ConfirmationDialog target=actions.confirmation />
    }
    .into_any()
}

/// Shown by the pages about people if the server runs without access control.
#[component]
pub fn AccessOff() -> impl IntoView {
    view! {
        <section class="state" data-testid="access-off">
            <h1>{texts::access_off()}</h1>
            <p>{texts::access_off_note()}</p>
        </section>
    }
}
