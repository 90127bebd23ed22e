//! The navigation: beside every page, above it on phones.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use crate::components::{Icon, Segment, Segments, Symbol};
use crate::i18n::common as texts;
use crate::language::LanguageSwitch;
use crate::theme::{Theme, ThemeSetting};

#[component]
pub fn Sidebar() -> impl IntoView {
    view! {
        <header class="sidebar">
            <a href="/admin" class="brand" aria-label="Offercast">
                <svg class="brand-mark" viewBox="0 0 24 24" aria-hidden="true">
                    <rect width="24" height="24" rx="6"></rect>
                    <path d="M5 16.5l4-4.5 3.5 3L16 9"></path>
                    <path class="brand-dashes" d="M16 9l3.5-3"></path>
                </svg>
                <span class="brand-name">"Offercast"</span>
            </a>
            <nav class="sidebar-links" aria-label=texts::main_navigation()>
                <SidebarLink to="/admin" symbol=Symbol::Overview text=texts::overview() />
                <SidebarLink to="/admin/offers" symbol=Symbol::Offer text=texts::offers() />
            </nav>
            <div class="sidebar-foot">
                <a class="sidebar-link" href="/docs" rel="external"><Icon symbol=Symbol::Info />{texts::api_reference()}</a>
                <LanguageSwitch />
                <ThemeSwitch />
            </div>
        </header>
    }
}

/// A link that is current on its page and on the pages below it. The overview is current only on itself.
#[component]
fn SidebarLink(to: &'static str, symbol: Symbol, text: &'static str) -> impl IntoView {
    let path = use_location().pathname;
    let is_current = move |path: &str| if to == "/admin" { path == to } else { path.starts_with(to) };
    let current = move || is_current(&path.read()).then_some("page");
    view! {
        <a href=to class="sidebar-link" aria-current=current>
            <Icon symbol />
            {text}
        </a>
    }
}

#[component]
fn ThemeSwitch() -> impl IntoView {
    let setting = ThemeSetting::expect();
    let option =
        |value: Theme, label, symbol| Segment { value, key: value.name(), label, symbol: Some(symbol) };
    let options = vec![
        option(Theme::System, texts::theme_system(), Symbol::System),
        option(Theme::Light, texts::theme_light(), Symbol::Light),
        option(Theme::Dark, texts::theme_dark(), Symbol::Dark),
    ];
    let choose = move |theme| setting.choose(theme);
    view! { <Segments name="theme" label=texts::theme() options value=setting.chosen() choose /> }
}
