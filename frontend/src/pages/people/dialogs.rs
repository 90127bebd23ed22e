use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use offercast_contract::{InviteRequest, Role, User, UserLink, UserPatch};

use super::actions::{OpenDialog, PeopleActions};
use crate::api;
use crate::browser::{in_local_zone, origin};
use crate::components::{Button, Check, CopyText, Dialog, FormActions, TextField};
use crate::format::{moment, role_name};
use crate::i18n::{access, common, people as texts};
use crate::submission::Submission;

const ROLES: [Role; 3] = [Role::Analyst, Role::Manager, Role::Owner];

/// The dialog that is open, if one is.
#[component]
pub fn PersonDialog(actions: PeopleActions) -> impl IntoView {
    let body = move || {
        actions.dialog.get().map(|dialog| match dialog {
            OpenDialog::Invite => view! { <Invite actions /> }.into_any(),
            OpenDialog::Role(user) => view! { <ChangeRole user actions /> }.into_any(),
            OpenDialog::Link(link) => view! { <ShownLink link actions /> }.into_any(),
        })
    };
    view! {
        <Dialog
            open=Signal::derive(move || actions.dialog.with(Option::is_some))
            closed=move |()| actions.dialog.set(None)
            titled_by="person-dialog"
        >
            {body}
        </Dialog>
    }
}

#[component]
fn Invite(actions: PeopleActions) -> impl IntoView {
    let (name, email) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (role, submission) = (RwSignal::new(Role::Analyst), Submission::new());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let request = InviteRequest {
            email: Some(email.get_untracked()),
            name: Some(name.get_untracked()),
            role: Some(role.get_untracked()),
        };
        submission.send(async move { api::invite(&request).await }, move |link| actions.show_link(link));
    };
    view! {
        <h2 id="person-dialog">{texts::invite()}</h2>
        <form class="stack" novalidate on:submit=submit>
            <TextField name="name" label=access::name() problem=submission.problem("name", access::name()) value=name />
            <TextField name="email" label=access::email() kind="email" problem=submission.problem("email", access::email()) value=email />
            <Roles role />
            <FormActions submission label=texts::invite_send() cancel=move |()| actions.dialog.set(None) />
        </form>
    }
}

#[component]
fn ChangeRole(user: User, actions: PeopleActions) -> impl IntoView {
    let (role, submission) = (RwSignal::new(user.role), Submission::new());
    let (id, name) = (user.id, user.name.clone());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let patch = UserPatch { role: Some(role.get_untracked()), ..UserPatch::default() };
        let done = texts::role_changed(&name, role_name(role.get_untracked()));
        submission.send(async move { api::change_person(id, &patch).await }, move |_| actions.done(done));
    };
    view! {
        <h2 id="person-dialog">{texts::change_role_of(&user.name)}</h2>
        <form class="stack" novalidate on:submit=submit>
            <Roles role />
            <FormActions submission label=texts::save() cancel=move |()| actions.dialog.set(None) />
        </form>
    }
}

/// The choice of a role, with what it allows.
#[component]
fn Roles(role: RwSignal<Role>) -> impl IntoView {
    let option = |value: Role| {
        view! {
            <Check
                kind="radio"
                name="role"
                hook=format!("role-option-{}", role_key(value))
                label=role_name(value)
                hint=may(value)
                checked=Signal::derive(move || role.get() == value)
                change=move |_| role.set(value)
            />
        }
    };
    view! { <fieldset class="checks"><legend>{texts::role()}</legend>{ROLES.map(option)}</fieldset> }
}

fn role_key(role: Role) -> &'static str {
    match role {
        Role::Owner => "owner",
        Role::Manager => "manager",
        Role::Analyst => "analyst",
    }
}

fn may(role: Role) -> &'static str {
    match role {
        Role::Owner => texts::owner_may(),
        Role::Manager => texts::manager_may(),
        Role::Analyst => texts::analyst_may(),
    }
}

/// The link of an invitation or of a password reset. It is shown only once.
#[component]
fn ShownLink(link: UserLink, actions: PeopleActions) -> impl IntoView {
    let until = moment(in_local_zone(link.expires_at));
    view! {
        <h2 id="person-dialog">{texts::link_for(&link.user.name)}</h2>
        <div class="secret">
            <p>{texts::send_link(&link.user.name, &until)}</p>
            <CopyText text=format!("{}{}", origin(), link.path) hook="person-link" />
        </div>
        <div class="dialog-actions">
            <Button hook="close-link" press=move |()| actions.dialog.set(None)>{common::close()}</Button>
        </div>
    }
}
