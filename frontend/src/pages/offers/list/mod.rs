mod filters;
mod keys;
mod query;
mod row;
mod table;

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use offercast_contract::{ListedOffer, Page};

use super::actions::OfferActions;
use crate::api::{self, ApiError};
use crate::browser::{to_address, use_title};
use crate::components::{EmptyState, ErrorState, Icon, RemovalDialog, Symbol};
use crate::words::{common, list as words};
use filters::Filters;
use query::ListQuery;
use table::{OffersTable, TableSkeleton};

/// All offers: searched, filtered, sorted and paged by the address of the page.
#[component]
pub fn OffersPage() -> impl IntoView {
    use_title(|| common::offers().to_owned());
    let params = use_query_map();
    let query = Memo::new(move |_| ListQuery::read(|name| params.read().get(name)));
    let page = api::fetch(move || {
        let call = query.read().call();
        async move { api::list_offers(&call).await }
    });
    let busy = page.busy;
    let retry = Callback::new(move |()| page.again());
    let navigate = to_address();
    keys::listen(navigate);
    let actions = OfferActions::new(navigate, retry);
    let answer = move || match page.get() {
        None => view! { <TableSkeleton /> }.into_any(),
        Some(answer) => view! { <Answer answer query actions retry /> }.into_any(),
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
            {words::new_offer()}
        </a>
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
            <EmptyState title=words::no_match() text=words::another_word()>
                <a href="/admin/offers" class="button" data-testid="clear-filters">{words::clear_filters()}</a>
            </EmptyState>
        }
    } else {
        view! {
            <EmptyState
                title=words::no_offers()
                text=words::what_an_offer_is()
            >
                <a href="/admin/offers/new" class="button button-primary">{words::create_first()}</a>
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
            <nav class="pager" aria-label=words::pages()>
                <Step to=back hook="page-previous" label=words::previous() symbol=Symbol::Back />
                <Step to=forward hook="page-next" label=words::next() symbol=Symbol::Forward />
            </nav>
        }
    })
}

#[component]
fn Step(to: Option<String>, hook: &'static str, label: &'static str, symbol: Symbol) -> impl IntoView {
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
