use std::time::Duration;

use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::query::{Choice, ListQuery, SORTS, STATES};
use crate::components::{Icon, Select, Symbol};
use crate::i18n::list as texts;

/// Searches after this pause in typing.
const DEBOUNCE: Duration = Duration::from_millis(250);

/// Search, status filter and sort order. They change the address, from which the list reads them.
#[component]
pub fn Filters(query: Memo<ListQuery>) -> impl IntoView {
    let navigate = use_navigate();
    let go = Callback::new(move |to: ListQuery| {
        // Typed letters must not become entries of the history.
        let options = NavigateOptions { replace: true, scroll: false, ..Default::default() };
        navigate(&to.address(), options);
    });
    let state = Signal::derive(move || query.read().state.clone());
    let sort = Signal::derive(move || query.read().sort.clone());
    let filter = move |state| go.run(query.read_untracked().with(|query| query.state = state));
    let order = move |sort| go.run(query.read_untracked().with(|query| query.sort = sort));
    view! {
        <form class="filters" role="search" on:submit=move |event| event.prevent_default()>
            <Search query go />
            <Select hook="filter-state" label=texts::status() options=with_texts(STATES) value=state choose=filter />
            <Select hook="filter-sort" label=texts::sort_by() options=with_texts(SORTS) value=sort choose=order />
        </form>
    }
}

/// The options with their texts.
fn with_texts<const N: usize>(options: [Choice; N]) -> Vec<(&'static str, &'static str)> {
    options.map(|(option, text)| (option, text())).to_vec()
}

#[component]
fn Search(query: Memo<ListQuery>, go: Callback<ListQuery>) -> impl IntoView {
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    let cancel = move || waiting.update_value(|waiting| _ = waiting.take().map(|handle| handle.clear()));
    let search = move |text: String| {
        cancel();
        let run = move || go.run(query.read_untracked().with(|query| query.q = text));
        waiting.set_value(set_timeout_with_handle(run, DEBOUNCE).ok());
    };
    on_cleanup(cancel);
    view! {
        <label class="search">
            <span class="visually-hidden">{texts::search()}</span>
            <Icon symbol=Symbol::Search />
            <input
                type="search"
                data-testid="search"
                placeholder=texts::search()
                maxlength="200"
                prop:value=move || query.read().q.clone()
                on:input=move |event| search(event_target_value(&event))
            />
            <kbd title=texts::keys() aria-hidden="true">"/"</kbd>
        </label>
    }
}
