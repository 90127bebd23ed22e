//! The actions of an offer, in the list and on its dashboard.

use leptos::prelude::*;
use leptos::task::spawn_local;
use offercast_contract::{Offer, OfferStatus};

use super::{duplicate_path, edit_path};
use crate::api;
use crate::components::{MenuItem, Notices, Removal, Symbol};
use crate::i18n::common as texts;

/// Performs actions on an offer and offers to undo them.
#[derive(Clone, Copy)]
pub struct OfferActions {
    notices: Notices,
    /// The offer that the confirmation dialog asks about.
    pub deleting: RwSignal<Option<Offer>>,
    navigate: Callback<String>,
    /// Called after each change.
    changed: Callback<()>,
}

impl OfferActions {
    pub fn new(navigate: Callback<String>, changed: Callback<()>) -> Self {
        OfferActions { notices: Notices::expect(), deleting: RwSignal::new(None), navigate, changed }
    }

    pub fn edit(self, offer: &Offer) -> MenuItem {
        let path = edit_path(&offer.code);
        MenuItem::new(Symbol::Pencil, texts::edit(), format!("edit-{}", offer.code), move || {
            self.navigate.run(path.clone());
        })
    }

    /// Opens the form for a copy.
    pub fn duplicate(self, offer: &Offer) -> MenuItem {
        let path = duplicate_path(&offer.code);
        let hook = format!("duplicate-{}", offer.code);
        MenuItem::new(Symbol::Duplicate, texts::duplicate(), hook, move || self.navigate.run(path.clone()))
    }

    /// Pauses an active offer, resumes any other.
    pub fn switch(self, offer: &Offer) -> MenuItem {
        let StatusAction { symbol, key, label, to } = StatusAction::of(offer.status);
        let hook = format!("{key}-{}", offer.code);
        let offer = offer.clone();
        MenuItem::new(symbol, label, hook, move || self.set_status(&offer, to))
    }

    /// Deletes after a confirmation, or archives without one, because that can be undone.
    pub fn removal(self, offer: &Offer) -> Option<MenuItem> {
        let (hook, owned) = (format!("remove-{}", offer.code), offer.clone());
        match Removal::of(offer) {
            Removal::Delete => {
                let ask = move || self.deleting.set(Some(owned.clone()));
                Some(MenuItem::new(Symbol::Trash, texts::delete_after_question(), hook, ask).destructive())
            }
            Removal::Archive => {
                let archive = move || self.set_status(&owned, OfferStatus::Archived);
                Some(MenuItem::new(Symbol::Archive, texts::archive(), hook, archive))
            }
            Removal::Nothing => None,
        }
    }

    pub fn set_status(self, offer: &Offer, to: OfferStatus) {
        let before = offer.clone();
        let undo = move || self.restore(&before);
        let (id, name) = (offer.id, offer.name.clone());
        spawn_local(async move {
            match api::set_status(id, to).await {
                Ok(_) => self.notices.show_with_action(is_now(&name, to), texts::undo(), undo),
                Err(error) => self.notices.show(error.message()),
            }
            self.notify_changed();
        });
    }

    /// Does nothing if the page is gone.
    fn notify_changed(self) {
        let _ = self.changed.try_run(());
    }

    fn restore(self, before: &Offer) {
        let (id, name, status) = (before.id, before.name.clone(), before.status);
        spawn_local(async move {
            match api::set_status(id, status).await {
                Ok(_) => self.notices.show(is_again(&name, status)),
                Err(error) => self.notices.show(error.message()),
            }
            self.notify_changed();
        });
    }
}

fn is_now(name: &str, status: OfferStatus) -> String {
    match status {
        OfferStatus::Active => texts::name_is_active(name),
        OfferStatus::Paused => texts::name_is_paused(name),
        OfferStatus::Archived => texts::name_is_archived(name),
    }
}

fn is_again(name: &str, status: OfferStatus) -> String {
    match status {
        OfferStatus::Active => texts::name_is_active_again(name),
        OfferStatus::Paused => texts::name_is_paused_again(name),
        OfferStatus::Archived => texts::name_is_archived_again(name),
    }
}

/// The action that pauses, resumes or restores an offer.
#[derive(Clone, Copy)]
pub struct StatusAction {
    pub symbol: Symbol,
    /// Part of the test hook.
    pub key: &'static str,
    pub label: &'static str,
    pub to: OfferStatus,
}

impl StatusAction {
    pub fn of(status: OfferStatus) -> StatusAction {
        match status {
            OfferStatus::Active => StatusAction {
                symbol: Symbol::Pause,
                key: "pause",
                label: texts::pause(),
                to: OfferStatus::Paused,
            },
            OfferStatus::Paused => StatusAction {
                symbol: Symbol::Resume,
                key: "resume",
                label: texts::resume(),
                to: OfferStatus::Active,
            },
            OfferStatus::Archived => StatusAction {
                symbol: Symbol::Resume,
                key: "restore",
                label: texts::restore(),
                to: OfferStatus::Active,
            },
        }
    }
}
