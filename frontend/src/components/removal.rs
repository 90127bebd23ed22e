use leptos::html::Dialog;
use leptos::prelude::*;
use leptos::task::spawn_local;
use offercast_contract::{Offer, OfferStatus, Removal as Outcome};

use super::Notices;
use crate::api::{self, ApiError};
use crate::format::plural;

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

    pub fn verb(self) -> &'static str {
        if self == Removal::Delete { "Delete" } else { "Archive" }
    }
}

fn consequence(offer: &Offer) -> String {
    match Removal::of(offer) {
        Removal::Delete => {
            "It was never redeemed, so it will be gone for good, and its code is free again.".to_owned()
        }
        _ => format!(
            "It has {}, so its history is kept. It stops redeeming at once; you can bring it back by editing its status.",
            plural(offer.totals.redemptions, "redemption", "redemptions")
        ),
    }
}

/// Asks before removing the offer in `target`; open while there is one.
#[component]
pub fn RemovalDialog(
    target: RwSignal<Option<Offer>>,
    #[prop(into)] done: Callback<Outcome>,
) -> impl IntoView {
    let dialog = NodeRef::<Dialog>::new();
    let failure = RwSignal::new(None::<ApiError>);
    // A dialog is opened by a call, not by an attribute.
    Effect::new(move |_| {
        let Some(dialog) = dialog.get() else { return };
        if target.with(Option::is_some) {
            failure.set(None);
            _ = dialog.show_modal();
        } else {
            dialog.close();
        }
    });
    view! {
        <dialog class="dialog" aria-labelledby="removal-title" node_ref=dialog on:close=move |_| target.set(None)>
            {move || target.get().map(|offer| view! { <Question offer target failure done /> })}
        </dialog>
    }
}

#[component]
fn Question(
    offer: Offer,
    target: RwSignal<Option<Offer>>,
    failure: RwSignal<Option<ApiError>>,
    done: Callback<Outcome>,
) -> impl IntoView {
    let busy = RwSignal::new(false);
    let verb = Removal::of(&offer).verb();
    let title = format!("{verb} “{}”?", offer.name);
    let text = consequence(&offer);
    let confirm = move |_| remove(offer.clone(), target, failure, busy, done);
    view! {
        <h2 id="removal-title">{title}</h2>
        <p>{text}</p>
        <p class="field-error" role="alert">{move || failure.get().map(|error| error.message())}</p>
        <div class="dialog-actions">
            <button type="button" class="button" data-testid="cancel-removal" on:click=move |_| target.set(None)>
                "Cancel"
            </button>
            <button type="button" class="button button-danger" data-testid="confirm-removal" disabled=busy on:click=confirm>
                {verb}
            </button>
        </div>
    }
}

fn remove(
    offer: Offer,
    target: RwSignal<Option<Offer>>,
    failure: RwSignal<Option<ApiError>>,
    busy: RwSignal<bool>,
    done: Callback<Outcome>,
) {
    let notices = Notices::expect();
    busy.set(true);
    spawn_local(async move {
        match api::remove_offer(offer.id).await {
            Ok(removed) => {
                notices.say(format!("{} {}.", offer.name, past(removed.result)));
                target.set(None);
                done.run(removed.result);
            }
            Err(error) => {
                failure.set(Some(error));
                busy.set(false);
            }
        }
    });
}

fn past(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Deleted => "was deleted",
        Outcome::Archived => "was archived",
    }
}
