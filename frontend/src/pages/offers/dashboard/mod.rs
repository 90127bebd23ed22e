mod empty;
mod head;
mod kpis;
mod live;
mod panel;
mod panels;
mod range;

use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use offercast_contract::Dashboard;

use crate::api::{self, ApiError};
use crate::browser::{today_in, use_title};
use crate::components::{ErrorState, MissingOffer, Skeleton};
use empty::NothingRedeemed;
use head::{Head, Toolbar};
use kpis::Kpis;
use live::kept_live;
use panels::Panels;
use range::Range;

/// How an offer does, and where it is heading.
#[component]
pub fn OfferDashboardPage() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    let reference = Memo::new(move |_| params.read().get("offer").unwrap_or_default());
    let range = Memo::new(move |_| Range::read(|name| query.read().get(name)));
    let busy = RwSignal::new(true);
    let answer = LocalResource::new(move || {
        let (reference, range) = (reference.get(), range.get());
        busy.set(true);
        async move {
            let answer = load(&reference, range).await;
            busy.set(false);
            answer
        }
    });
    let reload = Callback::new(move |()| answer.refetch());
    let loaded: Signal<Option<Dashboard>> = Memo::new(move |_| answer.get().and_then(Result::ok)).into();
    let (data, connection) = kept_live(reference, loaded, reload);
    use_title(move || {
        data.with(|data| data.as_ref().map_or_else(|| reference.get(), |data| data.offer.name.clone()))
    });
    // While the kind of the page stays the same, so do its elements: a reload only changes what is drawn.
    let stage = Memo::new(move |_| Stage::of(answer.get().as_ref()));
    move || match stage.get() {
        Stage::Loading => view! { <DashboardSkeleton /> }.into_any(),
        Stage::Missing => view! { <MissingOffer offer=reference.get() /> }.into_any(),
        Stage::Failed(error) => view! { <ErrorState error retry=reload /> }.into_any(),
        Stage::Shown { redeemed } => view! { <Shown data range redeemed busy reload /> }.into_any(),
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
    Shown { redeemed: bool },
}

impl Stage {
    fn of(answer: Option<&Result<Dashboard, ApiError>>) -> Self {
        match answer {
            None => Stage::Loading,
            Some(Err(error)) if error.is_not_found() => Stage::Missing,
            Some(Err(error)) => Stage::Failed(error.clone()),
            Some(Ok(data)) => Stage::Shown { redeemed: data.kpis.total_redemptions > 0 },
        }
    }
}

#[component]
fn Shown(
    data: Signal<Option<Dashboard>>,
    range: Memo<Range>,
    redeemed: bool,
    busy: RwSignal<bool>,
    reload: Callback<()>,
) -> impl IntoView {
    let offer = Memo::new(move |_| data.with(|data| data.as_ref().map(|data| data.offer.clone())));
    let code = move || offer.with(|offer| offer.as_ref().map(|offer| offer.code.clone()));
    let body = if redeemed {
        view! { <Panels data /> }.into_any()
    } else {
        (move || code().map(|code| view! { <NothingRedeemed code /> })).into_any()
    };
    view! {
        {move || offer.get().map(|offer| view! { <Head offer reload /> })}
        <Toolbar range busy reload />
        <div class="dashboard" class:is-busy=busy aria-busy=move || busy.get().to_string()>
            <Kpis data />
            {body}
        </div>
    }
}

#[component]
fn DashboardSkeleton() -> impl IntoView {
    let panels = (0..4).map(|_| view! { <div class="skeleton skeleton-panel card"></div> }).collect_view();
    view! {
        <Skeleton label="Loading the dashboard">
            <div class="skeleton skeleton-title"></div>
            <div class="skeleton skeleton-kpi kpis"></div>
            <div class="panels">{panels}</div>
        </Skeleton>
    }
}
