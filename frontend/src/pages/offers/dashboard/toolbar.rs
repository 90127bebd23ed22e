use leptos::prelude::*;
use leptos_router::hooks::use_location;
use offercast_contract::{Dashboard, DateRange};

use super::range::{PRESETS, Range, View};
use crate::browser::use_navigate_to;
use crate::components::{DateRangePicker, IconButton, Symbol};
use crate::event_stream::{Connection, LiveBadge};
use crate::i18n::{common, dashboard as texts};

/// Range, comparison and reload. The address contains range and comparison.
#[component]
pub fn Toolbar(
    view: Memo<View>,
    data: Signal<Option<Dashboard>>,
    connection: Signal<Connection>,
    busy: RwSignal<bool>,
    reload: Callback<()>,
) -> impl IntoView {
    view! {
        <div class="toolbar" class:is-busy=busy>
            <div class="toolbar-side">
                <Presets view />
                <Custom view data />
            </div>
            <div class="toolbar-side">
                <LiveBadge connection />
                <Compare view />
                <IconButton symbol=Symbol::Reload label=common::reload() hook="reload" press=reload />
            </div>
        </div>
    }
}

#[component]
fn Presets(view: Memo<View>) -> impl IntoView {
    let path = use_location().pathname;
    let presets = PRESETS.into_iter().map(move |preset| {
        let href = move || format!("{}{}", path.read(), View { range: preset, ..view.get() }.query());
        let current = move || (view.read().range == preset).then_some("true");
        let hook = format!("range-{}", preset.key());
        view! {
            <a href=href data-noscroll="" aria-current=current data-testid=hook>{preset.label()}</a>
        }
    });
    view! { <nav class="segments" aria-label=common::range()>{presets.collect_view()}</nav> }
}

#[component]
fn Custom(view: Memo<View>, data: Signal<Option<Dashboard>>) -> impl IntoView {
    let custom = move || matches!(view.read().range, Range::Custom(_));
    let label = move || if custom() { view.read().range.label() } else { common::custom().to_owned() };
    let value = Signal::derive(move || {
        let shown = data.with(|data| data.as_ref().map(|data| data.range));
        shown.unwrap_or(DateRange { from: Default::default(), to: Default::default() })
    });
    let go = use_range_navigation(view);
    let choose = move |days| go.run(Range::Custom(days));
    view! {
        <DateRangePicker label=Signal::derive(label) current=Signal::derive(custom) value hint=common::or_drag_across() choose />
    }
}

/// Returns a callback that navigates to another range.
pub fn use_range_navigation(view: Memo<View>) -> Callback<Range> {
    let (path, go) = (use_location().pathname, use_navigate_to());
    Callback::new(move |range| {
        let query = View { range, ..view.get_untracked() }.query();
        go.run(format!("{}{query}", path.read_untracked()));
    })
}

/// The switch that shows the previous period.
#[component]
fn Compare(view: Memo<View>) -> impl IntoView {
    let path = use_location().pathname;
    let href = move || {
        let View { range, compare } = view.get();
        format!("{}{}", path.read(), View { range, compare: !compare }.query())
    };
    let on = move || view.read().compare;
    view! {
        <a href=href data-noscroll="" class="button" role="switch" aria-checked=move || on().to_string() data-testid="compare">
            {texts::compare()}
            <span class="switch" class:is-on=on aria-hidden="true"></span>
        </a>
    }
}
