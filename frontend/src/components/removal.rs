use leptos::prelude::*;
use leptos::task::spawn_local;
use offercast_contract::{Offer, OfferStatus};

use super::{Button, Dialog, Notices, Variant};
use crate::api::{self, ApiError};
use crate::i18n::common as texts;

/// How an offer can be removed. Offers with redemptions are archived, never deleted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Removal {
    Delete,
    Archive,
    /// Archived already, and not deletable because it has redemptions.
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

/// Asks for confirmation before deleting the offer in `target`. Open while there is one. Archiving needs no
/// confirmation because it can be undone.
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
    let title = texts::delete_name(&offer.name);
    let confirm = move |()| remove(offer.clone(), target, failure, busy, done);
    view! {
        <h2 id="removal-title">{title}</h2>
        <p>{texts::delete_is_permanent()}</p>
        <p class="field-error" role="alert">{move || failure.get().map(|error| error.message())}</p>
        <div class="dialog-actions">
            <Button hook="cancel-removal" press=move |()| target.set(None)>{texts::cancel()}</Button>
            <Button variant=Variant::Danger hook="confirm-removal" disabled=busy press=confirm>{texts::delete()}</Button>
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
                notices.show(texts::name_deleted(&offer.name));
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
