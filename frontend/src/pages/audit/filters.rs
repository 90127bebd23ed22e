use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::query::{ACTIONS, AuditQuery};
use crate::i18n::audit as texts;

/// The filters. They change the address, from which the page reads them.
#[component]
pub fn Filters(query: Memo<AuditQuery>) -> impl IntoView {
    let navigate = use_navigate();
    let go = Callback::new(move |change: Box<dyn FnOnce(&mut AuditQuery)>| {
        let options = NavigateOptions { replace: true, scroll: false, ..Default::default() };
        navigate(&query.read_untracked().with(change).address(), options);
    });
    let actions = ACTIONS.map(|(action, name)| {
        view! { <option value=action selected=move || query.read().action == action>{name()}</option> }
    });
    let value = move |read: fn(&AuditQuery) -> &String| {
        Signal::derive(move || query.with(|query| read(query).clone()))
    };
    view! {
        <form class="filters audit-filters" role="search" on:submit=move |event| event.prevent_default()>
            <Filter name="actor" label=texts::who() placeholder=texts::who_example() value=value(|query| &query.actor)
                change=move |text| go.run(Box::new(move |query| query.actor = text)) />
            <label class="filter">
                <span>{texts::action()}</span>
                <select data-testid="filter-action" on:change=move |event| {
                    let action = event_target_value(&event);
                    go.run(Box::new(move |query| query.action = action));
                }>{actions}</select>
            </label>
            <Filter name="offer" label=texts::offer() placeholder=texts::offer_example() value=value(|query| &query.offer)
                change=move |text| go.run(Box::new(move |query| query.offer = text)) />
            <Filter name="from" kind="date" label=texts::from() value=value(|query| &query.from)
                change=move |text| go.run(Box::new(move |query| query.from = text)) />
            <Filter name="to" kind="date" label=texts::to() value=value(|query| &query.to)
                change=move |text| go.run(Box::new(move |query| query.to = text)) />
        </form>
    }
}

/// An input that filters when it is left or Enter is pressed.
#[component]
fn Filter(
    name: &'static str,
    label: &'static str,
    #[prop(default = "text")] kind: &'static str,
    #[prop(optional)] placeholder: &'static str,
    value: Signal<String>,
    #[prop(into)] change: Callback<String>,
) -> impl IntoView {
    view! {
        <label class="filter">
            <span>{label}</span>
            <input
                type=kind
                placeholder=placeholder
                maxlength="200"
                data-testid=format!("filter-{name}")
                prop:value=value
                on:change=move |event| change.run(event_target_value(&event))
            />
        </label>
    }
}
