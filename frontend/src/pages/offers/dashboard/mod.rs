mod chart_panel;
mod chart_panels;
mod codes_dialog;
mod declined;
mod dialogs;
mod header;
mod history;
mod key_metrics;
mod latest_redemptions;
mod live_data;
mod no_redemptions;
mod range;
mod reverse_dialog;
mod toolbar;
mod verdict;
mod what_if;
mod what_if_panel;

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::{use_params_map, use_query_map};
use offercast_contract::{Dashboard, Offer, OfferState};

use crate::api::{self, ApiError};
use crate::browser::{today_in, use_title};
use crate::charts::Zoom;
use crate::components::{ErrorState, OfferNotFound, Skeleton};
use crate::event_stream::Connection;
use chart_panels::{Budget, Cumulative, Daily, Forecast};
use codes_dialog::CodesDialog;
use declined::Declined;
use header::Header;
use history::History;
use key_metrics::KeyMetrics;
use latest_redemptions::LatestRedemptions;
use live_data::{LiveDashboard, use_live_dashboard};
use no_redemptions::NoRedemptions;
use range::{Range, View};
use toolbar::{Toolbar, use_range_navigation};
use verdict::VerdictLine;
use what_if::evaluate;
use what_if_panel::{ScenarioSignal, WhatIfPanel};

/// The figures, charts and forecast of an offer.
#[component]
pub fn OfferDashboardPage() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    let reference = Memo::new(move |_| params.read().get("offer").unwrap_or_default());
    let view = Memo::new(move |_| View::read(|name| query.read().get(name)));
    // Only the range needs a request: the comparison uses the same response.
    let range = Memo::new(move |_| view.read().range);
    let answer = api::fetch(move || {
        let (reference, range) = (reference.get(), range.get());
        async move { load(&reference, range).await }
    });
    let busy = answer.busy;
    let reload = Callback::new(move |()| answer.refetch());
    let loaded: Signal<Option<Dashboard>> = Memo::new(move |_| answer.data()).into();
    let LiveDashboard { data, throttled, connection } = use_live_dashboard(reference, loaded, reload);
    use_title(move || {
        data.with(|data| data.as_ref().map_or_else(|| reference.get(), |data| data.offer.name.clone()))
    });
    // The elements stay while the stage stays the same: a reload only changes their contents.
    let stage = Memo::new(move |_| Stage::of(answer.get().as_ref()));
    move || match stage.get() {
        Stage::Loading => view! { <DashboardSkeleton /> }.into_any(),
        Stage::Missing => view! { <OfferNotFound offer=reference.get() /> }.into_any(),
        Stage::Failed(error) => view! { <ErrorState error retry=reload /> }.into_any(),
        Stage::Shown => view! { <Shown data throttled connection view busy reload /> }.into_any(),
    }
}

/// Loads the offer first: its time zone determines today, its dates the end of the range.
async fn load(reference: &str, range: Range) -> Result<Dashboard, ApiError> {
    let offer = api::offer(reference).await?;
    let today = today_in(&offer.timezone).unwrap_or(offer.end_date);
    api::dashboard(reference, range.days(&offer, today)).await
}

#[derive(Clone, PartialEq)]
enum Stage {
    Loading,
    Missing,
    Failed(ApiError),
    Shown,
}

impl Stage {
    fn of(answer: Option<&Result<Dashboard, ApiError>>) -> Self {
        match answer {
            None => Stage::Loading,
            Some(Err(error)) if error.is_not_found() => Stage::Missing,
            Some(Err(error)) => Stage::Failed(error.clone()),
            Some(Ok(_)) => Stage::Shown,
        }
    }
}

#[component]
fn Shown(
    data: Signal<Option<Dashboard>>,
    throttled: Signal<Option<Dashboard>>,
    connection: Signal<Connection>,
    view: Memo<View>,
    busy: RwSignal<bool>,
    reload: Callback<()>,
) -> impl IntoView {
    // Redemptions must not render the header again: its menu may be open.
    let offer = Memo::new_with_compare(
        move |_| data.with(|data| data.as_ref().map(|data| data.offer.clone())),
        |before, after| header_key(before) != header_key(after),
    );
    let compare = Signal::derive(move || view.read().compare);
    let redeemed = Memo::new(move |_| {
        data.with(|data| data.as_ref().is_some_and(|data| data.kpis.total_redemptions > 0))
    });
    let code = move || offer.with(|offer| offer.as_ref().map(|offer| offer.code.clone()));
    let body = move || {
        if redeemed.get() {
            return view! { <Panels data throttled compare reload /> }.into_any();
        }
        (move || code().map(|code| view! { <NoRedemptions code /> })).into_any()
    };
    let go = use_range_navigation(view);
    provide_context(Zoom(Callback::new(move |days| {
        let shown = data.with_untracked(|data| data.as_ref().map(|data| data.range));
        if let Some(range) = shown.and_then(|shown| Range::picked(days, shown)) {
            go.run(range);
        }
    })));
    let codes_open = RwSignal::new(false);
    let id = Memo::new(move |_| offer.with(|offer| offer.as_ref().map(|offer| offer.id)));
    view! {
        {move || offer.get().map(|offer| view! { <Header offer codes_open reload /> })}
        // Outside of the header, so that it stays open when the header is rendered again.
        {move || id.get().map(|offer| view! { <CodesDialog open=codes_open offer /> })}
        <VerdictLine data />
        <Toolbar view data connection busy reload />
        <div class="dashboard" class:is-busy=busy aria-busy=move || busy.get().to_string()>
            <KeyMetrics data />
            {body}
            {move || id.get().map(|offer| view! { <History offer /> })}
        </div>
    }
}

/// The parts of an offer that the header shows.
fn header_key(offer: Option<&Option<Offer>>) -> Option<(i64, OfferState, bool)> {
    let offer = offer?.as_ref()?;
    Some((offer.version, offer.state, offer.totals.redemptions > 0))
}

/// The charts, of the offer as it is or of the what-if scenario.
#[component]
fn Panels(
    data: Signal<Option<Dashboard>>,
    throttled: Signal<Option<Dashboard>>,
    compare: Signal<bool>,
    reload: Callback<()>,
) -> impl IntoView {
    let chosen: ScenarioSignal = RwSignal::new(None);
    let result = RwSignal::new(None);
    Effect::new(move |_| {
        let (Some(scenario), Some(data)) = (chosen.get(), data.get()) else {
            result.set(None);
            return;
        };
        spawn_local(async move {
            // If the download fails, the charts stay as they are.
            let evaluated = evaluate(scenario, data).await.ok().flatten();
            // The slider may have moved meanwhile, or the page may be gone.
            if chosen.try_get_untracked() == Some(Some(scenario)) {
                result.set(evaluated);
            }
        });
    });
    let shown: Signal<Option<Dashboard>> = Memo::new(move |_| result.get().or_else(|| data.get())).into();
    view! {
        <div class="panels">
            <Daily data compare />
            <Budget data=shown />
            <Forecast data=shown reload />
            <WhatIfPanel data shown chosen reload />
            <Cumulative data=shown />
            <LatestRedemptions data=throttled reload />
            <Declined data />
        </div>
    }
}

#[component]
fn DashboardSkeleton() -> impl IntoView {
    let panels = (0..4).map(|_| view! { <div class="skeleton skeleton-panel card"></div> }).collect_view();
    view! {
        <Skeleton label=crate::i18n::dashboard::loading()>
            <div class="skeleton skeleton-title"></div>
            <div class="skeleton skeleton-kpi kpis"></div>
            <div class="panels">{panels}</div>
        </Skeleton>
    }
}
