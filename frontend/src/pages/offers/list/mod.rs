mod filters;
mod query;
mod row;
mod shortcuts;
mod table;

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use offercast_contract::{ListedOffer, Page, Scope};

use super::actions::OfferActions;
use crate::api::{self, ApiError};
use crate::browser::{use_navigate_to, use_title};
use crate::components::{EmptyState, ErrorState, Icon, Pager, RemovalDialog, Symbol};
use crate::i18n::{common, list as texts};
use crate::sign_in::may;
use filters::Filters;
use query::ListQuery;
use table::{OffersTable, TableSkeleton};

/// The list of offers. Search, filter, order and page are in the address.
#[component]
pub fn OffersPage() -> impl IntoView {
    use_title(|| common::offers().to_owned());
    let params = use_query_map();
    let query = Memo::new(move |_| ListQuery::read(|name| params.read().get(name)));
    let page = api::fetch(move || {
        let call = query.read().api_query();
        async move { api::list_offers(&call).await }
    });
    let busy = page.busy;
    let retry = Callback::new(move |()| page.refetch());
    let navigate = use_navigate_to();
    shortcuts::listen(navigate);
    let actions = OfferActions::new(navigate, retry);
    let answer = move || match page.get() {
        None => view! { <TableSkeleton /> }.into_any(),
        Some(answer) => view! { <ListResult answer query actions retry /> }.into_any(),
    };
    view! {
        <div class="page-head">
            <h1>{common::offers()}</h1>
            {may(Scope::OffersWrite).then(|| view! { <NewOffer /> })}
        </div>
        <Filters query />
        <div class="list" class:is-busy=busy aria-busy=move || busy.get().to_string()>
            {answer}
        </div>
        <RemovalDialog target=actions.deleting done=retry />
    }
}

#[component]
fn NewOffer() -> impl IntoView {
    view! {
        <a href="/admin/offers/new" class="button button-primary" data-testid="new-offer">
            <Icon symbol=Symbol::Plus />
            {texts::new_offer()}
        </a>
    }
}

#[component]
fn ListResult(
    answer: Result<Page<ListedOffer>, ApiError>,
    query: Memo<ListQuery>,
    actions: OfferActions,
    retry: Callback<()>,
) -> impl IntoView {
    match answer {
        Err(error) => view! { <ErrorState error retry /> }.into_any(),
        Ok(page) if page.data.is_empty() && query.read_untracked().page.is_first() => {
            view! { <NoOffers filtered=query.read_untracked().is_filtered() /> }.into_any()
        }
        Ok(page) => view! {
            <OffersTable offers=page.data actions />
            <Pager back=query.read_untracked().previous_address() forward=query.read_untracked().next_address(page.meta.next_cursor) />
        }
        .into_any(),
    }
}

#[component]
fn NoOffers(filtered: bool) -> impl IntoView {
    if filtered {
        view! {
            <EmptyState title=texts::no_match() text=texts::another_search()>
                <a href="/admin/offers" class="button" data-testid="clear-filters">{texts::clear_filters()}</a>
            </EmptyState>
        }
    } else {
        view! {
            <EmptyState
                title=texts::no_offers()
                text=texts::what_an_offer_is()
            >
                {may(Scope::OffersWrite).then(|| view! {
                    <a href="/admin/offers/new" class="button button-primary">{texts::create_first()}</a>
                })}
            </EmptyState>
        }
    }
}
