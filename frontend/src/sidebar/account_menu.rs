use leptos::prelude::*;
use leptos::task::spawn_local;
use offercast_contract::Account;

use super::{Destination, access_pages};
use crate::api;
use crate::browser::use_navigate_to;
use crate::components::{Menu, MenuItem, Notices, Symbol};
use crate::format::role_name;
use crate::i18n::common as texts;
use crate::sign_in::{self, SignedIn};

/// Name and role of the signed-in person, and a menu. Without access control, the menu only has the pages that a
/// narrow bar has no room for.
#[component]
pub fn AccountMenu() -> impl IntoView {
    let account = SignedIn::expect().account().get_untracked();
    let open = use_navigate_to();
    let item = |Destination { path, symbol, name }| {
        let hook = format!("open-{}", path.trim_start_matches("/admin/"));
        MenuItem::new(symbol, name, hook, move || open.run(path.to_owned()))
    };
    let mut items: Vec<MenuItem> = access_pages().into_iter().map(|page| item(page).for_narrow()).collect();
    if !account.access_control {
        return view! { <div class="for-narrow"><Menu label=texts::more() hook="menu-more" items /></div> }
            .into_any();
    }
    let own = Destination { path: "/admin/account", symbol: Symbol::Account, name: texts::account() };
    let notices = Notices::expect();
    let leave = move || sign_out(notices);
    items.extend([item(own), MenuItem::new(Symbol::SignOut, texts::sign_out(), "sign-out", leave)]);
    view! {
        <div class="account-menu">
            <Menu label=texts::account() hook="account-menu" class="account-button" items face=face(&account) />
        </div>
    }
    .into_any()
}

fn face(account: &Account) -> AnyView {
    view! {
        // Drawn by the style sheet: they are not part of the button's name.
        <span class="account-initials" data-initials=initials(&account.name)></span>
        <span class="account-name">
            <b>{account.name.clone()} " "</b>
            <span>{role_name(account.role)}</span>
        </span>
    }
    .into_any()
}

/// The first letters of the first and the last word.
fn initials(name: &str) -> String {
    let mut letters = name.split_whitespace().filter_map(|word| word.chars().next());
    let (first, last) = (letters.next(), letters.next_back());
    first.into_iter().chain(last).flat_map(char::to_uppercase).collect()
}

fn sign_out(notices: Notices) {
    spawn_local(async move {
        match api::sign_out().await {
            Ok(_) => sign_in::go("/login"),
            Err(error) => notices.show(error.message()),
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_of_the_first_and_last_word() {
        for (name, letters) in [("Ada Lovelace", "AL"), ("ada", "A"), ("Ana de la Ölm", "AÖ"), ("", "")] {
            assert_eq!(initials(name), letters);
        }
    }
}
