//! The navigation: beside every page, above it on phones.

mod account_menu;

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use offercast_contract::Scope;

use crate::components::{Brand, Icon, Symbol};
use crate::i18n::common as texts;
use crate::language::LanguageSwitch;
use crate::sign_in::{SignedIn, may};
use crate::theme::ThemeSwitch;
use account_menu::AccountMenu;

#[component]
pub fn Sidebar() -> impl IntoView {
    let main = [
        Destination { path: "/admin", symbol: Symbol::Overview, name: texts::overview() },
        Destination { path: "/admin/offers", symbol: Symbol::Offer, name: texts::offers() },
    ];
    view! {
        <header class="sidebar">
            <a href="/admin" class="brand" aria-label="Offercast">
                <Brand />
            </a>
            <nav class="sidebar-links" aria-label=texts::main_navigation()>
                {main.map(|page| view! { <SidebarLink page /> })}
                <div class="sidebar-access">{access_pages().into_iter().map(|page| view! { <SidebarLink page /> }).collect_view()}</div>
            </nav>
            <div class="sidebar-foot">
                <a class="sidebar-link" href="/docs" rel="external"><Icon symbol=Symbol::Info />{texts::api_reference()}</a>
                <LanguageSwitch />
                <ThemeSwitch />
                <AccountMenu />
            </div>
        </header>
    }
}

/// A page in the navigation.
#[derive(Clone, Copy)]
struct Destination {
    path: &'static str,
    symbol: Symbol,
    name: &'static str,
}

/// The pages for managing access, if the signed-in person may open them.
fn access_pages() -> Vec<Destination> {
    let people = Destination { path: "/admin/people", symbol: Symbol::People, name: texts::people() };
    let keys = Destination { path: "/admin/keys", symbol: Symbol::Key, name: texts::api_keys() };
    let audit_log = Destination { path: "/admin/audit", symbol: Symbol::AuditLog, name: texts::audit_log() };
    let has_people = SignedIn::expect().account().with_untracked(|account| account.access_control);
    match may(Scope::Admin) {
        true if has_people => vec![people, keys, audit_log],
        true => vec![keys, audit_log],
        false => Vec::new(),
    }
}

/// A link that is current on its page and on the pages below it. The overview is current only on itself.
#[component]
fn SidebarLink(page: Destination) -> impl IntoView {
    let Destination { path: to, symbol, name } = page;
    let path = use_location().pathname;
    let is_current = move |path: &str| if to == "/admin" { path == to } else { path.starts_with(to) };
    let current = move || is_current(&path.read()).then_some("page");
    view! {
        <a href=to class="sidebar-link" aria-current=current>
            <Icon symbol />
            {name}
        </a>
    }
}
