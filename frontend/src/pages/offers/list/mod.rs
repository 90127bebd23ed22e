mod filters;
mod query;
mod row;
mod shortcuts;
mod table;

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use offercast_contract::{ListedOffer, Page};

use super::actions::OfferActions;
use crate::api::{self, ApiError};
use crate::browser::{use_navigate_to, use_title};
use crate::components::{EmptyState, ErrorState, Icon, RemovalDialog, Symbol};
use crate::i18n::{common, list as texts};
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
            <NewOffer />
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
        Ok(page) if page.data.is_empty() && query.read_untracked().is_first_page() => {
            view! { <NoOffers filtered=query.read_untracked().is_filtered() /> }.into_any()
        }
        Ok(page) => view! {
            <OffersTable offers=page.data actions />
            <Pager query next=page.meta.next_cursor />
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
                <a href="/admin/offers/new" class="button button-primary">{texts::create_first()}</a>
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
            <nav class="pager" aria-label=texts::pages()>
                <PagerLink to=back hook="page-previous" label=texts::previous() symbol=Symbol::Back />
                <PagerLink to=forward hook="page-next" label=texts::next() symbol=Symbol::Forward />
            </nav>
        }
    })
}

#[component]
fn PagerLink(to: Option<String>, hook: &'static str, label: &'static str, symbol: Symbol) -> impl IntoView {
    match to {
        Some(href) => view! {
            <a href=href class="button" data-testid=hook><Icon symbol /> {label}</a>
        }
        .into_any(),
        None => {
            view! { <span class="button is-disabled" aria-disabled="true"><Icon symbol /> {label}</span> }
                .into_any()
        }
    }
}
