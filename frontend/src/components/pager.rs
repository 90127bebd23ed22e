use leptos::prelude::*;

use super::{Icon, Symbol};
use crate::i18n::list as texts;

/// Links to the previous and the next page, if there is one of them.
#[component]
pub fn Pager(back: Option<String>, forward: Option<String>) -> impl IntoView {
    (back.is_some() || forward.is_some()).then(|| {
        view! {
            <nav class="pager" aria-label=texts::pages()>
                <PagerLink to=back hook="page-previous" label=texts::previous() symbol=Symbol::Back />
                <PagerLink to=forward hook="page-next" label=texts::next() symbol=Symbol::Forward />
            </nav>
        }
    })
}

#[component]
fn PagerLink(to: Option<String>, hook: &'static str, label: &'static str, symbol: Symbol) -> impl IntoView {
    match to {
        Some(href) => view! {
            <a href=href class="button" data-testid=hook><Icon symbol /> {label}</a>
        }
        .into_any(),
        None => {
            view! { <span class="button is-disabled" aria-disabled="true"><Icon symbol /> {label}</span> }
                .into_any()
        }
    }
}
