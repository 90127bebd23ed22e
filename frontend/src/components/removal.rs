use leptos::prelude::*;
use leptos::task::spawn_local;
use offercast_contract::{Offer, OfferStatus};

use super::{Button, Dialog, Notices, Weight};
use crate::api::{self, ApiError};
use crate::words::common as words;

/// Which of the two a removal will be: what was redeemed is never lost.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Removal {
    Delete,
    Archive,
    /// Archived already, and its history keeps it from being deleted.
    Nothing,
}

impl Removal {
    pub fn of(offer: &Offer) -> Self {
        match (offer.totals.redemptions, offer.status) {
            (0, _) => Removal::Delete,
            (_, OfferStatus::Archived) => Removal::Nothing,
            _ => Removal::Archive,
        }
    }
}

/// Asks before deleting the offer in `target`; open while there is one. Archiving needs no question: it can be
/// taken back.
#[component]
pub fn RemovalDialog(target: RwSignal<Option<Offer>>, #[prop(into)] done: Callback<()>) -> impl IntoView {
    view! {
        <Dialog
            open=Signal::derive(move || target.with(Option::is_some))
            closed=move |()| target.set(None)
            titled_by="removal-title"
        >
            {move || target.get().map(|offer| view! { <Question offer target done /> })}
        </Dialog>
    }
}

#[component]
fn Question(offer: Offer, target: RwSignal<Option<Offer>>, done: Callback<()>) -> impl IntoView {
    let busy = RwSignal::new(false);
    let failure = RwSignal::new(None::<ApiError>);
    let title = words::delete_name(&offer.name);
    let confirm = move |()| remove(offer.clone(), target, failure, busy, done);
    view! {
        <h2 id="removal-title">{title}</h2>
        <p>{words::gone_for_good()}</p>
        <p class="field-error" role="alert">{move || failure.get().map(|error| error.message())}</p>
        <div class="dialog-actions">
            <Button hook="cancel-removal" press=move |()| target.set(None)>{words::cancel()}</Button>
            <Button weight=Weight::Danger hook="confirm-removal" disabled=busy press=confirm>{words::delete()}</Button>
        </div>
    }
}

fn remove(
    offer: Offer,
    target: RwSignal<Option<Offer>>,
    failure: RwSignal<Option<ApiError>>,
    busy: RwSignal<bool>,
    done: Callback<()>,
) {
    let notices = Notices::expect();
    busy.set(true);
    spawn_local(async move {
        match api::remove_offer(offer.id).await {
            Ok(_) => {
                notices.say(words::name_was_deleted(&offer.name));
                target.set(None);
                done.run(());
            }
            Err(error) => {
                failure.set(Some(error));
                busy.set(false);
            }
        }
    });
}
