mod attention;
mod daily_panel;
mod key_metrics;
mod range;
mod top_offers;

use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_query_map;
use offercast_contract::{Overview, Scope};

use crate::api::{self, ApiError};
use crate::browser::{today_in, use_title};
use crate::components::{EmptyState, ErrorState, Skeleton};
use crate::format::count;
use crate::i18n::{common, overview as texts};
use crate::sign_in::may;
use attention::NeedsAttention;
use daily_panel::DailyPanel;
use key_metrics::KeyMetrics;
use range::{RANGES, Range};
use top_offers::TopOffers;

type Data = Signal<Option<Overview>>;

/// The overview of all offers: redemptions, discounts, and offers that need attention.
#[component]
pub fn OverviewPage() -> impl IntoView {
    use_title(|| common::overview().to_owned());
    let query = use_query_map();
    let range = Memo::new(move |_| Range::read(query.read().get("range").as_deref()));
    let answer = api::fetch(move || api::overview(range.get().until(today_in("UTC"))));
    let busy = answer.busy;
    let retry = Callback::new(move |()| answer.refetch());
    let data: Data = Memo::new(move |_| answer.data()).into();
    // The elements stay while the stage stays the same: another range only changes their contents.
    let stage = Memo::new(move |_| Stage::of(answer.get().as_ref()));
    view! {
        <div class="page-head">
            <div>
                <h1>{common::overview()}</h1>
                <p class="page-lead">{move || data.with(|data| data.as_ref().map(lead))}</p>
            </div>
            <Ranges range />
        </div>
        {move || match stage.get() {
            Stage::Loading => view! { <OverviewSkeleton /> }.into_any(),
            Stage::Failed(error) => view! { <ErrorState error retry /> }.into_any(),
            Stage::Empty => view! { <NoOffers /> }.into_any(),
            Stage::Shown => view! { <Shown data busy /> }.into_any(),
        }}
    }
}

#[derive(Clone, PartialEq)]
enum Stage {
    Loading,
    Failed(ApiError),
    /// No open offers and no redemptions.
    Empty,
    Shown,
}

impl Stage {
    fn of(answer: Option<&Result<Overview, ApiError>>) -> Self {
        match answer {
            None => Stage::Loading,
            Some(Err(error)) => Stage::Failed(error.clone()),
            Some(Ok(data)) if open(data) == 0 && data.redemptions.total == 0 => Stage::Empty,
            Some(Ok(_)) => Stage::Shown,
        }
    }
}

fn open(data: &Overview) -> u64 {
    data.offers.active + data.offers.scheduled + data.offers.exhausted
}

/// The line below the title: `12 active offers · 3 scheduled`.
fn lead(data: &Overview) -> String {
    let whole = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let active = texts::active_offers(whole(data.offers.active));
    let part = |number: u64, text: fn(&str) -> String| {
        if number > 0 { format!(" · {}", text(&count(whole(number)))) } else { String::new() }
    };
    active + &part(data.offers.scheduled, texts::scheduled) + &part(data.offers.exhausted, texts::used_up)
}

#[component]
fn Ranges(range: Memo<Range>) -> impl IntoView {
    let links = RANGES.map(|option| {
        let current = move || (range.get() == option).then_some("true");
        let hook = format!("range-{}", option.key());
        view! {
            <A href=option.address() scroll=false attr:aria-current=current attr:data-testid=hook>{option.label()}</A>
        }
    });
    view! { <nav class="segments" aria-label=common::range()>{links.collect_view()}</nav> }
}

#[component]
fn Shown(data: Data, busy: RwSignal<bool>) -> impl IntoView {
    view! {
        <div class="overview" class:is-busy=busy aria-busy=move || busy.get().to_string()>
            <KeyMetrics data />
            <div class="overview-parts">
                <DailyPanel data />
                <NeedsAttention data />
                <TopOffers data />
            </div>
        </div>
    }
}

#[component]
fn NoOffers() -> impl IntoView {
    view! {
        <EmptyState
            title=texts::no_active_offers()
            text=texts::once_active()
        >
            {may(Scope::OffersWrite).then(|| view! {
                <A href="/admin/offers/new" attr:class="button button-primary">{texts::create_offer()}</A>
            })}
            <A href="/admin/offers" attr:class="button">{common::all_offers()}</A>
        </EmptyState>
    }
}

#[component]
fn OverviewSkeleton() -> impl IntoView {
    let panels = (0..3).map(|_| view! { <div class="skeleton skeleton-panel card"></div> }).collect_view();
    view! {
        <Skeleton label=texts::loading()>
            <div class="skeleton skeleton-kpi kpis"></div>
            <div class="overview-parts">{panels}</div>
        </Skeleton>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::sample_overview;

    #[test]
    fn the_lead_counts_offers_by_state() {
        let mut data = sample_overview();
        assert_eq!(lead(&data), "12 active offers · 3 scheduled · 1 used up");
        (data.offers.active, data.offers.scheduled, data.offers.exhausted) = (1, 0, 0);
        assert_eq!(lead(&data), "1 active offer");
    }

    #[test]
    fn without_offers_and_redemptions_the_page_is_empty() {
        let mut data = sample_overview();
        assert!(Stage::of(Some(&Ok(data.clone()))) == Stage::Shown);
        (data.offers.active, data.offers.scheduled, data.offers.exhausted) = (0, 0, 0);
        // Redemptions are shown even if no offer is open any more.
        assert!(Stage::of(Some(&Ok(data.clone()))) == Stage::Shown);
        data.redemptions.total = 0;
        assert!(Stage::of(Some(&Ok(data))) == Stage::Empty);
    }
}
