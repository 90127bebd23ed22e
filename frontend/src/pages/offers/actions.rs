//! What can be done to an offer, from the list and from its dashboard.

use leptos::prelude::*;
use leptos::task::spawn_local;
use offercast_contract::{Offer, OfferStatus};

use super::{duplicate_path, edit_path};
use crate::api;
use crate::components::{MenuItem, Notices, Removal, Symbol};
use crate::words::common as words;

/// Does to an offer what staff ask for, and offers to take it back.
#[derive(Clone, Copy)]
pub struct OfferActions {
    notices: Notices,
    /// The offer that is to be deleted, for the dialog that asks first.
    pub deleting: RwSignal<Option<Offer>>,
    navigate: Callback<String>,
    /// After each change.
    changed: Callback<()>,
}

impl OfferActions {
    pub fn new(navigate: Callback<String>, changed: Callback<()>) -> Self {
        OfferActions { notices: Notices::expect(), deleting: RwSignal::new(None), navigate, changed }
    }

    pub fn edit(self, offer: &Offer) -> MenuItem {
        let path = edit_path(&offer.code);
        MenuItem::new(Symbol::Pencil, words::edit(), format!("edit-{}", offer.code), move || {
            self.navigate.run(path.clone());
        })
    }

    /// To a new offer that starts from this one.
    pub fn duplicate(self, offer: &Offer) -> MenuItem {
        let path = duplicate_path(&offer.code);
        let hook = format!("duplicate-{}", offer.code);
        MenuItem::new(Symbol::Duplicate, words::duplicate(), hook, move || self.navigate.run(path.clone()))
    }

    /// Pauses what is active, resumes what is not.
    pub fn switch(self, offer: &Offer) -> MenuItem {
        let Switch { symbol, word, label, to } = Switch::of(offer.status);
        let hook = format!("{word}-{}", offer.code);
        let offer = offer.clone();
        MenuItem::new(symbol, label, hook, move || self.set_status(&offer, to))
    }

    /// Deletes after a question, archives at once: that can be taken back.
    pub fn removal(self, offer: &Offer) -> Option<MenuItem> {
        let (hook, owned) = (format!("remove-{}", offer.code), offer.clone());
        match Removal::of(offer) {
            Removal::Delete => {
                let ask = move || self.deleting.set(Some(owned.clone()));
                Some(MenuItem::new(Symbol::Trash, words::delete_after_question(), hook, ask).bad())
            }
            Removal::Archive => {
                let archive = move || self.set_status(&owned, OfferStatus::Archived);
                Some(MenuItem::new(Symbol::Archive, words::archive(), hook, archive))
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
                Ok(_) => self.notices.offer(is_now(&name, to), words::undo(), undo),
                Err(error) => self.notices.say(error.message()),
            }
            self.renew();
        });
    }

    /// The page that shows the offer may have been left meanwhile.
    fn renew(self) {
        let _ = self.changed.try_run(());
    }

    fn restore(self, before: &Offer) {
        let (id, name, status) = (before.id, before.name.clone(), before.status);
        spawn_local(async move {
            match api::set_status(id, status).await {
                Ok(_) => self.notices.say(is_again(&name, status)),
                Err(error) => self.notices.say(error.message()),
            }
            self.renew();
        });
    }
}

fn is_now(name: &str, status: OfferStatus) -> String {
    match status {
        OfferStatus::Active => words::name_is_active(name),
        OfferStatus::Paused => words::name_is_paused(name),
        OfferStatus::Archived => words::name_is_archived(name),
    }
}

fn is_again(name: &str, status: OfferStatus) -> String {
    match status {
        OfferStatus::Active => words::name_is_active_again(name),
        OfferStatus::Paused => words::name_is_paused_again(name),
        OfferStatus::Archived => words::name_is_archived_again(name),
    }
}

/// The other way round of what staff have decided.
#[derive(Clone, Copy)]
pub struct Switch {
    pub symbol: Symbol,
    /// In the hook of the browser tests.
    pub word: &'static str,
    pub label: &'static str,
    pub to: OfferStatus,
}

impl Switch {
    pub fn of(status: OfferStatus) -> Switch {
        match status {
            OfferStatus::Active => Switch {
                symbol: Symbol::Pause,
                word: "pause",
                label: words::pause(),
                to: OfferStatus::Paused,
            },
            OfferStatus::Paused => Switch {
                symbol: Symbol::Resume,
                word: "resume",
                label: words::resume(),
                to: OfferStatus::Active,
            },
            OfferStatus::Archived => Switch {
                symbol: Symbol::Resume,
                word: "restore",
                label: words::restore(),
                to: OfferStatus::Active,
            },
        }
    }
}
