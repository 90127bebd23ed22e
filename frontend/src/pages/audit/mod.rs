//! The audit log.

mod filters;
mod list;
mod query;

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use offercast_contract::{AuditEntry, Page};

use crate::api::{self, ApiError};
use crate::browser::use_title;
use crate::components::{EmptyState, ErrorState, Icon, ListSkeleton, PageHead, Pager, Symbol};
use crate::i18n::{audit as texts, common};
use filters::Filters;
use list::Entries;
use query::AuditQuery;

/// Who changed what. Filters and page are in the address.
#[component]
pub fn AuditPage() -> impl IntoView {
    use_title(|| common::audit_log().to_owned());
    let parameters = use_query_map();
    let query = Memo::new(move |_| AuditQuery::read(|name| parameters.read().get(name)));
    let page = api::fetch(move || {
        let call = query.read().api_query();
        async move { api::audit_log(&call).await }
    });
    let (busy, retry) = (page.busy, Callback::new(move |()| page.refetch()));
    let answer = move || match page.get() {
        None => view! { <ListSkeleton label=texts::loading() /> }.into_any(),
        Some(answer) => view! { <Answer answer query retry /> }.into_any(),
    };
    let csv = move || query.read().csv_address();
    view! {
        <PageHead title=common::audit_log() lead=texts::lead()>
            // `rel="external"`: the browser downloads it, the router must not handle it.
            <a class="button" href=csv rel="external" download="" data-testid="audit-csv">
                <Icon symbol=Symbol::Download />
                "CSV"
                <span class="visually-hidden">{texts::download_csv()}</span>
            </a>
        </PageHead>
        <Filters query />
        <div class:is-busy=busy aria-busy=move || busy.get().to_string()>{answer}</div>
    }
}

#[component]
fn Answer(
    answer: Result<Page<AuditEntry>, ApiError>,
    query: Memo<AuditQuery>,
    retry: Callback<()>,
) -> impl IntoView {
    match answer {
        // Also if the filter names an unknown offer.
        Err(error) if error.is_not_found() => view! { <NoEntries /> }.into_any(),
        Err(error) => view! { <ErrorState error retry /> }.into_any(),
        Ok(page) if page.data.is_empty() => view! { <NoEntries /> }.into_any(),
        Ok(page) => {
            let here = query.read_untracked();
            view! {
                <Entries entries=page.data />
                <Pager back=here.previous_address() forward=here.next_address(page.meta.next_cursor) />
            }
            .into_any()
        }
    }
}

#[component]
fn NoEntries() -> impl IntoView {
    view! {
        <EmptyState title=texts::nothing_found() text=texts::try_other_filters()>
            <a href=AuditQuery::default().address() class="button">{texts::clear_filters()}</a>
        </EmptyState>
    }
}
