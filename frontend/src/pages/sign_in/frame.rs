use leptos::prelude::*;

use crate::components::Brand;
use crate::language::LanguageSwitch;
use crate::theme::ThemeSwitch;

/// A card in the middle of the page, with the choice of language and theme below.
#[component]
pub fn OpenPage(title: &'static str, children: Children) -> impl IntoView {
    view! {
        <div class="open-page">
            <div class="brand"><Brand /></div>
            <section class="card open-card" aria-labelledby="open-title">
                <h1 id="open-title">{title}</h1>
                {children()}
            </section>
            <div class="open-foot">
                <LanguageSwitch />
                <ThemeSwitch />
            </div>
        </div>
    }
}
