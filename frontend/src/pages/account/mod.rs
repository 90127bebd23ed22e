//! The account of the signed-in person.

mod device;
mod password;
mod qr_code;
mod second_factor;
mod sessions;
mod set_up;

use leptos::prelude::*;

use super::people::AccessOff;
use crate::browser::use_title;
use crate::components::PageHead;
use crate::format::role_name;
use crate::i18n::{access, account as texts, common};
use crate::sign_in::SignedIn;
use password::ChangePassword;
use second_factor::SecondFactor;
use sessions::Sessions;

#[component]
pub fn AccountPage() -> impl IntoView {
    use_title(|| common::account().to_owned());
    if !SignedIn::expect().account().with_untracked(|account| account.access_control) {
        return view! { <AccessOff /> }.into_any();
    }
    view! {
        <PageHead title=common::account() lead=texts::lead() />
        <div class="sections">
            <Profile />
            <ChangePassword />
            <SecondFactor />
            <Sessions />
        </div>
    }
    .into_any()
}

#[component]
fn Profile() -> impl IntoView {
    let account = SignedIn::expect().account().get_untracked();
    view! {
        <Section title=texts::profile() hook="profile">
            <dl class="definitions">
                <dt>{access::name()}</dt>
                <dd>{account.name}</dd>
                <dt>{access::email()}</dt>
                <dd>{account.email}</dd>
                <dt>{texts::role()}</dt>
                <dd>{role_name(account.role)}</dd>
            </dl>
            <p class="hint">{texts::ask_owner()}</p>
        </Section>
    }
}

#[component]
fn Section(title: &'static str, hook: &'static str, children: Children) -> impl IntoView {
    view! {
        <section class="card section" aria-label=title data-testid=hook>
            <h2>{title}</h2>
            {children()}
        </section>
    }
}
