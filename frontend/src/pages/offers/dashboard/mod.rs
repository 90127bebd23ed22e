mod codes;
mod dialogs;
mod empty;
mod head;
mod kpis;
mod latest;
mod live;
mod panel;
mod panels;
mod range;
mod take_back;
mod toolbar;
mod unmet;
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
use crate::components::{ErrorState, MissingOffer, Skeleton};
use crate::live::Connection;
use codes::UniqueCodes;
use empty::NothingRedeemed;
use head::Head;
use kpis::Kpis;
use latest::Latest;
use live::{Kept, kept_live};
use panels::{Budget, Cumulative, Daily, Forecast};
use range::{Range, View};
use toolbar::{Toolbar, to_range};
use unmet::Unmet;
use verdict::VerdictLine;
use what_if::worked_out;
use what_if_panel::{Asked, WhatIfPanel};

/// How an offer does, and where it is heading.
#[component]
pub fn OfferDashboardPage() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    let reference = Memo::new(move |_| params.read().get("offer").unwrap_or_default());
    let view = Memo::new(move |_| View::read(|name| query.read().get(name)));
    // A comparison is worked out of the same answer.
    let range = Memo::new(move |_| view.read().range);
    let answer = api::fetch(move || {
        let (reference, range) = (reference.get(), range.get());
        async move { load(&reference, range).await }
    });
    let busy = answer.busy;
    let reload = Callback::new(move |()| answer.again());
    let loaded: Signal<Option<Dashboard>> = Memo::new(move |_| answer.data()).into();
    let Kept { data, calm, connection } = kept_live(reference, loaded, reload);
    use_title(move || {
        data.with(|data| data.as_ref().map_or_else(|| reference.get(), |data| data.offer.name.clone()))
    });
    // While the kind of the page stays the same, so do its elements: a reload only changes what is drawn.
    let stage = Memo::new(move |_| Stage::of(answer.get().as_ref()));
    move || match stage.get() {
        Stage::Loading => view! { <DashboardSkeleton /> }.into_any(),
        Stage::Missing => view! { <MissingOffer offer=reference.get() /> }.into_any(),
        Stage::Failed(error) => view! { <ErrorState error retry=reload /> }.into_any(),
        Stage::Shown => view! { <Shown data calm connection view busy reload /> }.into_any(),
    }
}

/// The range needs the offer: its zone says which day today is, its dates where the range ends.
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
    calm: Signal<Option<Dashboard>>,
    connection: Signal<Connection>,
    view: Memo<View>,
    busy: RwSignal<bool>,
    reload: Callback<()>,
) -> impl IntoView {
    // Redemptions do not make the head anew: somebody may have its menu open.
    let offer = Memo::new_with_compare(
        move |_| data.with(|data| data.as_ref().map(|data| data.offer.clone())),
        |before, after| head_of(before) != head_of(after),
    );
    let compare = Signal::derive(move || view.read().compare);
    let redeemed = Memo::new(move |_| {
        data.with(|data| data.as_ref().is_some_and(|data| data.kpis.total_redemptions > 0))
    });
    let code = move || offer.with(|offer| offer.as_ref().map(|offer| offer.code.clone()));
    let body = move || {
        if redeemed.get() {
            return view! { <Panels data calm compare reload /> }.into_any();
        }
        (move || code().map(|code| view! { <NothingRedeemed code /> })).into_any()
    };
    let go = to_range(view);
    provide_context(Zoom(Callback::new(move |days| {
        let shown = data.with_untracked(|data| data.as_ref().map(|data| data.range));
        if let Some(range) = shown.and_then(|shown| Range::picked(days, shown)) {
            go.run(range);
        }
    })));
    let codes_open = RwSignal::new(false);
    let id = Memo::new(move |_| offer.with(|offer| offer.as_ref().map(|offer| offer.id)));
    view! {
        {move || offer.get().map(|offer| view! { <Head offer codes_open reload /> })}
        // Stays open whatever becomes of the head.
        {move || id.get().map(|offer| view! { <UniqueCodes open=codes_open offer /> })}
        <VerdictLine data />
        <Toolbar view data connection busy reload />
        <div class="dashboard" class:is-busy=busy aria-busy=move || busy.get().to_string()>
            <Kpis data />
            {body}
        </div>
    }
}

/// What the head shows of an offer.
fn head_of(offer: Option<&Option<Offer>>) -> Option<(i64, OfferState, bool)> {
    let offer = offer?.as_ref()?;
    Some((offer.version, offer.state, offer.totals.redemptions > 0))
}

/// Charts of the offer as it is, or as it would be under the terms that are asked about.
#[component]
fn Panels(
    data: Signal<Option<Dashboard>>,
    calm: Signal<Option<Dashboard>>,
    compare: Signal<bool>,
    reload: Callback<()>,
) -> impl IntoView {
    let asked: Asked = RwSignal::new(None);
    let answer = RwSignal::new(None);
    Effect::new(move |_| {
        let (Some(question), Some(data)) = (asked.get(), data.get()) else {
            answer.set(None);
            return;
        };
        spawn_local(async move {
            // Without the download the charts stay as they are.
            let told = worked_out(question, data).await.ok().flatten();
            // The slider may have moved on, and the page may have been left.
            if asked.try_get_untracked() == Some(Some(question)) {
                answer.set(told);
            }
        });
    });
    let shown: Signal<Option<Dashboard>> = Memo::new(move |_| answer.get().or_else(|| data.get())).into();
    view! {
        <div class="panels">
            <Daily data compare />
            <Budget data=shown />
            <Forecast data=shown reload />
            <WhatIfPanel data shown asked reload />
            <Cumulative data=shown />
            <Latest data=calm reload />
            <Unmet data />
        </div>
    }
}

#[component]
fn DashboardSkeleton() -> impl IntoView {
    let panels = (0..4).map(|_| view! { <div class="skeleton skeleton-panel card"></div> }).collect_view();
    view! {
        <Skeleton label=crate::words::dashboard::loading()>
            <div class="skeleton skeleton-title"></div>
            <div class="skeleton skeleton-kpi kpis"></div>
            <div class="panels">{panels}</div>
        </Skeleton>
    }
}
