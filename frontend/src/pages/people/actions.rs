use std::future::Future;

use leptos::prelude::*;
use leptos::task::spawn_local;
use offercast_contract::{User, UserLink, UserPatch, UserStatus};

use crate::api::{self, ApiError};
use crate::components::{Confirmation, MenuItem, Notices, Symbol};
use crate::i18n::people as texts;

/// The dialog that is open.
#[derive(Clone)]
pub enum OpenDialog {
    Invite,
    Role(User),
    Link(UserLink),
}

/// Performs actions on people.
#[derive(Clone, Copy)]
pub struct PeopleActions {
    pub dialog: RwSignal<Option<OpenDialog>>,
    pub confirmation: RwSignal<Option<Confirmation>>,
    notices: Notices,
    /// Called after each change.
    changed: Callback<()>,
}

impl PeopleActions {
    pub fn new(changed: Callback<()>) -> Self {
        PeopleActions {
            dialog: RwSignal::new(None),
            confirmation: RwSignal::new(None),
            notices: Notices::expect(),
            changed,
        }
    }

    /// Closes the dialogs after a change, and says what was done.
    pub fn done(self, text: String) {
        self.dialog.set(None);
        self.notices.show(text);
        self.notify_changed();
    }

    pub fn show_link(self, link: UserLink) {
        self.dialog.set(Some(OpenDialog::Link(link)));
        self.notify_changed();
    }

    /// Does nothing if the page is gone.
    fn notify_changed(self) {
        let _ = self.changed.try_run(());
    }

    /// The menu of a person. Nobody is offered to lock themselves out.
    pub fn menu(self, user: &User, is_self: bool) -> Vec<MenuItem> {
        let mut items = vec![self.change_role(user), self.new_link(user), self.end_sessions(user)];
        if !is_self {
            items.extend([self.switch(user), self.remove(user)]);
        }
        items
    }

    fn change_role(self, user: &User) -> MenuItem {
        let owned = user.clone();
        let open = move || self.dialog.set(Some(OpenDialog::Role(owned.clone())));
        MenuItem::new(Symbol::Pencil, texts::change_role(), hook("role", user), open)
    }

    fn new_link(self, user: &User) -> MenuItem {
        let id = user.id;
        let question = Confirmation::new(
            texts::new_link_for(&user.name),
            texts::new_link_note(),
            texts::create_link(),
            move || async move { api::new_link(id).await.map(|link| self.show_link(link)) },
        )
        .harmless();
        self.ask(Symbol::Key, texts::new_link(), hook("link", user), question)
    }

    fn end_sessions(self, user: &User) -> MenuItem {
        let (id, done) = (user.id, texts::sessions_ended(&user.name));
        let question = Confirmation::new(
            texts::end_sessions_of(&user.name),
            texts::end_sessions_note(),
            texts::end_sessions_now(),
            move || self.finish(api::end_sessions_of(id), done.clone()),
        );
        self.ask(Symbol::SignOut, texts::end_sessions(), hook("sessions", user), question)
    }

    /// Disables or enables.
    fn switch(self, user: &User) -> MenuItem {
        let id = user.id;
        if user.status == UserStatus::Disabled {
            let done = texts::name_enabled(&user.name);
            let enable = move || self.enable(id, done.clone());
            return MenuItem::new(Symbol::Resume, texts::enable(), hook("enable", user), enable);
        }
        let done = texts::name_disabled(&user.name);
        let question = Confirmation::new(
            texts::disable_name(&user.name),
            texts::disable_note(),
            texts::disable_now(),
            move || self.finish(set_disabled(id, true), done.clone()),
        );
        self.ask(Symbol::Pause, texts::disable(), hook("disable", user), question)
    }

    fn enable(self, id: i64, done: String) {
        spawn_local(async move {
            if let Err(error) = self.finish(set_disabled(id, false), done).await {
                self.notices.show(error.message());
            }
        });
    }

    fn remove(self, user: &User) -> MenuItem {
        let (id, done) = (user.id, texts::name_removed(&user.name));
        let question = Confirmation::new(
            texts::remove_name(&user.name),
            texts::remove_note(),
            texts::remove_now(),
            move || self.finish(api::remove_person(id), done.clone()),
        );
        self.ask(Symbol::Trash, texts::remove(), hook("remove", user), question).destructive()
    }

    fn ask(self, symbol: Symbol, label: &'static str, hook: String, question: Confirmation) -> MenuItem {
        MenuItem::new(symbol, label, hook, move || self.confirmation.set(Some(question.clone())))
    }

    async fn finish<T>(
        self,
        request: impl Future<Output = Result<T, ApiError>>,
        done: String,
    ) -> Result<(), ApiError> {
        request.await?;
        self.done(done);
        Ok(())
    }
}

async fn set_disabled(id: i64, disabled: bool) -> Result<User, ApiError> {
    api::change_person(id, &UserPatch { disabled: Some(disabled), ..UserPatch::default() }).await
}

fn hook(action: &str, user: &User) -> String {
    format!("{action}-{}", user.email)
}
