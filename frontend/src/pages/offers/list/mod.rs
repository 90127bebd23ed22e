mod filters;
mod query;
mod row;
mod table;

use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_query_map;
use offercast_contract::{ListedOffer, Page};

use super::actions::OfferActions;
use crate::api::{self, ApiError};
use crate::browser::{to_address, use_title};
use crate::components::{EmptyState, ErrorState, Icon, RemovalDialog, Symbol};
use filters::Filters;
use query::ListQuery;
use table::{OffersTable, TableSkeleton};

/// All offers: searched, filtered, sorted and paged by the address of the page.
#[component]
pub fn OffersPage() -> impl IntoView {
    use_title(|| "Offers".to_owned());
    let params = use_query_map();
    let query = Memo::new(move |_| ListQuery::read(|name| params.read().get(name)));
    let page = LocalResource::new(move || {
        let call = query.read().call();
        async move { api::list_offers(&call).await }
    });
    let busy = RwSignal::new(false);
    let retry = Callback::new(move |()| page.refetch());
    let actions = OfferActions::new(to_address(), retry);
    view! {
        <div class="page-head">
            <h1>"Offers"</h1>
            <NewOffer />
        </div>
        <Filters query />
        <div class="list" class:is-busy=busy aria-busy=move || busy.get().to_string()>
            <Transition fallback=TableSkeleton set_pending=busy>
                {move || page.get().map(|answer| view! { <Answer answer query actions retry /> })}
            </Transition>
        </div>
        <RemovalDialog target=actions.deleting done=retry />
    }
}

#[component]
fn NewOffer() -> impl IntoView {
    view! {
        <A href="/admin/offers/new" attr:class="button button-primary" attr:data-testid="new-offer">
            <Icon symbol=Symbol::Plus />
            "New offer"
        </A>
    }
}

#[component]
fn Answer(
    answer: Result<Page<ListedOffer>, ApiError>,
    query: Memo<ListQuery>,
    actions: OfferActions,
    retry: Callback<()>,
) -> impl IntoView {
    match answer {
        Err(error) => view! { <ErrorState error retry /> }.into_any(),
        Ok(page) if page.data.is_empty() && query.read_untracked().is_first_page() => {
            view! { <Nothing filtered=query.read_untracked().is_filtered() /> }.into_any()
        }
        Ok(page) => view! {
            <OffersTable offers=page.data actions />
            <Pager query next=page.meta.next_cursor />
        }
        .into_any(),
    }
}

#[component]
fn Nothing(filtered: bool) -> impl IntoView {
    if filtered {
        view! {
            <EmptyState title="No offer matches" text="Try another word or another state.">
                <A href="/admin/offers" attr:class="button" attr:data-testid="clear-filters">"Clear the filters"</A>
            </EmptyState>
        }
    } else {
        view! {
            <EmptyState
                title="No offers yet"
                text="An offer is a discount with a code, a period and, if you like, a budget. Setting one up takes a minute."
            >
                <A href="/admin/offers/new" attr:class="button button-primary">"Create the first offer"</A>
            </EmptyState>
        }
    }
}

#[component]
fn Pager(query: Memo<ListQuery>, next: Option<String>) -> impl IntoView {
    let here = query.get_untracked();
    let back = (!here.is_first_page()).then(|| here.previous().address());
    let forward = next.map(|cursor| here.next(cursor).address());
    (back.is_some() || forward.is_some()).then(|| {
        view! {
            <nav class="pager" aria-label="Pages">
                <Step to=back label="Previous" symbol=Symbol::Back />
                <Step to=forward label="Next" symbol=Symbol::Forward />
            </nav>
        }
    })
}

#[component]
fn Step(to: Option<String>, label: &'static str, symbol: Symbol) -> impl IntoView {
    let hook = format!("page-{}", label.to_lowercase());
    match to {
        Some(href) => view! {
            <A href=href attr:class="button" attr:data-testid=hook><Icon symbol /> {label}</A>
        }
        .into_any(),
        None => {
            view! { <span class="button is-disabled" aria-disabled="true"><Icon symbol /> {label}</span> }
                .into_any()
        }
    }
}
