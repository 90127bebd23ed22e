use leptos::prelude::*;
use offercast_contract::{User, UserStatus};

use super::actions::PeopleActions;
use crate::browser::now;
use crate::components::{Badge, Menu};
use crate::format::{ago, role_name};
use crate::i18n::{access, common, people as texts};
use crate::sign_in::SignedIn;

#[component]
pub fn PeopleList(people: Vec<User>, actions: PeopleActions) -> impl IntoView {
    let own_id = SignedIn::expect().account().with_untracked(|account| account.id);
    let rows = people.into_iter().map(|user| view! { <Row is_self=user.id == own_id user actions /> });
    view! {
        <div class="card">
            <table class="records" data-testid="people">
                <thead>
                    <tr>
                        <th scope="col">{access::name()}</th>
                        <th scope="col">{texts::role()}</th>
                        <th scope="col">{texts::status()}</th>
                        <th scope="col">{texts::two_step()}</th>
                        <th scope="col">{texts::last_active()}</th>
                        <th scope="col"><span class="visually-hidden">{common::actions()}</span></th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
}

#[component]
fn Row(user: User, is_self: bool, actions: PeopleActions) -> impl IntoView {
    let items = actions.menu(&user, is_self);
    let (tone, status) = status(user.status);
    let last_active = user.last_used_at.map_or_else(|| texts::never().to_owned(), |at| ago(now() - at));
    let two_step = if user.has_second_factor { texts::on() } else { texts::off() };
    let name = if is_self { format!("{} ({})", user.name, texts::you()) } else { user.name.clone() };
    view! {
        <tr data-testid=format!("person-{}", user.email)>
            <th scope="row" class="records-first"><b>{name}</b><small>{user.email.clone()}</small></th>
            <td data-label=texts::role()>{role_name(user.role)}</td>
            <td><Badge tone text=status /></td>
            <td data-label=texts::two_step()>{two_step}</td>
            <td class="records-nowrap" data-label=texts::last_active()>{last_active}</td>
            <td class="records-action">
                <Menu label=common::actions_for(&user.name) hook=format!("menu-{}", user.email) items />
            </td>
        </tr>
    }
}

fn status(status: UserStatus) -> (&'static str, &'static str) {
    match status {
        UserStatus::Invited => ("info", texts::invited()),
        UserStatus::Active => ("good", texts::active()),
        UserStatus::Disabled => ("quiet", texts::disabled()),
    }
}
