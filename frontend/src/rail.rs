//! The way around: beside every page, above it on phones.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use crate::components::{Icon, Segment, Segments, Symbol};
use crate::language::LanguageSwitch;
use crate::theme::{Theme, Themes};
use crate::words::common as words;

#[component]
pub fn Rail() -> impl IntoView {
    view! {
        <header class="rail">
            <a href="/admin" class="brand" aria-label="Offercast">
                <svg class="brand-mark" viewBox="0 0 24 24" aria-hidden="true">
                    <rect width="24" height="24" rx="6"></rect>
                    <path d="M5 16.5l4-4.5 3.5 3L16 9"></path>
                    <path class="brand-dashes" d="M16 9l3.5-3"></path>
                </svg>
                <span class="brand-name">"Offercast"</span>
            </a>
            <nav class="rail-links" aria-label=words::main_navigation()>
                <RailLink to="/admin" symbol=Symbol::Overview text=words::overview() />
                <RailLink to="/admin/offers" symbol=Symbol::Offer text=words::offers() />
            </nav>
            <div class="rail-foot">
                <a class="rail-link" href="/docs" rel="external"><Icon symbol=Symbol::Info />{words::api_reference()}</a>
                <LanguageSwitch />
                <ThemeSwitch />
            </div>
        </header>
    }
}

/// Current on the page itself and on those below it. All pages are below the overview, which is current alone.
#[component]
fn RailLink(to: &'static str, symbol: Symbol, text: &'static str) -> impl IntoView {
    let path = use_location().pathname;
    let is_current = move |path: &str| if to == "/admin" { path == to } else { path.starts_with(to) };
    let current = move || is_current(&path.read()).then_some("page");
    view! {
        <a href=to class="rail-link" aria-current=current>
            <Icon symbol />
            {text}
        </a>
    }
}

#[component]
fn ThemeSwitch() -> impl IntoView {
    let themes = Themes::expect();
    let option =
        |value: Theme, label, symbol| Segment { value, word: value.word(), label, symbol: Some(symbol) };
    let options = vec![
        option(Theme::System, words::theme_system(), Symbol::System),
        option(Theme::Light, words::theme_light(), Symbol::Light),
        option(Theme::Dark, words::theme_dark(), Symbol::Dark),
    ];
    let choose = move |theme| themes.choose(theme);
    view! { <Segments name="theme" label=words::theme() options value=themes.chosen() choose /> }
}
