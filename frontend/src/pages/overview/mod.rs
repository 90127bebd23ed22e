mod attention;
mod days;
mod figures;
mod range;
mod top;

use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_query_map;
use offercast_contract::Overview;

use crate::api::{self, ApiError};
use crate::browser::{today_in, use_title};
use crate::components::{EmptyState, ErrorState, Skeleton};
use crate::format::count;
use crate::words::{common, overview as words};
use attention::NeedsAttention;
use days::Days;
use figures::Figures;
use range::{RANGES, Range};
use top::TopOffers;

type Data = Signal<Option<Overview>>;

/// All offers at a glance: what they bring, what they cost, and where to look first.
#[component]
pub fn OverviewPage() -> impl IntoView {
    use_title(|| common::overview().to_owned());
    let query = use_query_map();
    let range = Memo::new(move |_| Range::read(query.read().get("range").as_deref()));
    let answer = api::fetch(move || api::overview(range.get().until(today_in("UTC"))));
    let busy = answer.busy;
    let retry = Callback::new(move |()| answer.again());
    let data: Data = Memo::new(move |_| answer.data()).into();
    // While the kind of the page stays the same, so do its elements: another range only changes what is drawn.
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
    /// Nothing is on offer, and nothing was redeemed.
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

/// `12 active offers · 3 scheduled`.
fn lead(data: &Overview) -> String {
    let whole = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let active = words::active_offers(whole(data.offers.active));
    let told = |number: u64, told: fn(&str) -> String| {
        if number > 0 { format!(" · {}", told(&count(whole(number)))) } else { String::new() }
    };
    active + &told(data.offers.scheduled, words::scheduled) + &told(data.offers.exhausted, words::used_up)
}

#[component]
fn Ranges(range: Memo<Range>) -> impl IntoView {
    let links = RANGES.map(|option| {
        let current = move || (range.get() == option).then_some("true");
        let hook = format!("range-{}", option.word());
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
            <Figures data />
            <div class="overview-parts">
                <Days data />
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
            title=words::nothing_on_offer()
            text=words::once_active()
        >
            <A href="/admin/offers/new" attr:class="button button-primary">{words::create_offer()}</A>
            <A href="/admin/offers" attr:class="button">{common::all_offers()}</A>
        </EmptyState>
    }
}

#[component]
fn OverviewSkeleton() -> impl IntoView {
    let panels = (0..3).map(|_| view! { <div class="skeleton skeleton-panel card"></div> }).collect_view();
    view! {
        <Skeleton label=words::loading()>
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
    fn the_lead_counts_what_there_is() {
        let mut data = sample_overview();
        assert_eq!(lead(&data), "12 active offers · 3 scheduled · 1 used up");
        (data.offers.active, data.offers.scheduled, data.offers.exhausted) = (1, 0, 0);
        assert_eq!(lead(&data), "1 active offer");
    }

    #[test]
    fn a_house_without_offers_is_told_what_to_do() {
        let mut data = sample_overview();
        assert!(Stage::of(Some(&Ok(data.clone()))) == Stage::Shown);
        (data.offers.active, data.offers.scheduled, data.offers.exhausted) = (0, 0, 0);
        // What was redeemed is worth seeing, also when nothing is on offer any more.
        assert!(Stage::of(Some(&Ok(data.clone()))) == Stage::Shown);
        data.redemptions.total = 0;
        assert!(Stage::of(Some(&Ok(data))) == Stage::Empty);
    }
}
