use std::sync::Arc;

use leptos::prelude::*;
use leptos_router::components::{FlatRoutes, Redirect, Route, Router};
use leptos_router::hooks::use_location;
use leptos_router::{NavigateOptions, PossibleRouteMatch, path};

use crate::api;
use crate::browser::focus;
use crate::charts::follow_theme;
use crate::components::{ErrorState, NoticeArea, Notices};
use crate::i18n::common::skip_to_content;
use crate::pages::{LazyPage, NotFound};
use crate::sidebar::Sidebar;
use crate::sign_in::{SignedIn, is_open_page};
use crate::theme::ThemeSetting;

/// The whole app.
#[component]
pub fn App() -> impl IntoView {
    Notices::provide();
    ThemeSetting::provide();
    provide_context(follow_theme(ThemeSetting::expect().chosen()));
    view! {
        <Router>
            <Frame />
            <NoticeArea />
        </Router>
    }
}

/// Pages that anybody may open have no navigation.
#[component]
fn Frame() -> impl IntoView {
    let path = use_location().pathname;
    let is_open = Memo::new(move |_| is_open_page(&path.read()));
    move || {
        if is_open.get() {
            view! { <main id="content"><Pages /></main> }.into_any()
        } else {
            view! { <SignedInFrame /> }.into_any()
        }
    }
}

/// Waits until it is known who is signed in, because pages offer only what that person may do.
#[component]
fn SignedInFrame() -> impl IntoView {
    let account = api::fetch(api::account);
    move || match account.get() {
        None => view! { <div id="starting"></div> }.into_any(),
        Some(Err(error)) => {
            view! { <main><ErrorState error retry=move |()| account.refetch() /></main> }.into_any()
        }
        Some(Ok(account)) => {
            SignedIn::provide(account);
            view! {
                <a class="skip-link" href="#content" on:click=|_| focus("content")>
                    {skip_to_content()}
                </a>
                <Sidebar />
                <main id="content" tabindex="-1">
                    <Pages />
                </main>
            }
            .into_any()
        }
    }
}

#[component]
fn Pages() -> impl IntoView {
    view! {
        <FlatRoutes fallback=NotFound>
            <Route path=erased(path!("/login")) view=LazyPage::SignIn />
            <Route path=erased(path!("/welcome")) view=LazyPage::Welcome />
            <Route path=erased(path!("/")) view=ToOverview />
            <Route path=erased(path!("/admin")) view=LazyPage::Overview />
            <Route path=erased(path!("/admin/offers")) view=LazyPage::Offers />
            <Route path=erased(path!("/admin/offers/new")) view=LazyPage::NewOffer />
            <Route path=erased(path!("/admin/offers/:offer/edit")) view=LazyPage::EditOffer />
            <Route path=erased(path!("/admin/offers/:offer/dashboard")) view=LazyPage::OfferDashboard />
            <Route path=erased(path!("/admin/account")) view=LazyPage::Account />
            <Route path=erased(path!("/admin/people")) view=LazyPage::People />
            <Route path=erased(path!("/admin/keys")) view=LazyPage::Keys />
            <Route path=erased(path!("/admin/audit")) view=LazyPage::AuditLog />
            <Route path=erased(path!("/admin/design")) view=LazyPage::Design />
        </FlatRoutes>
    }
}

type AnyPath = Arc<dyn PossibleRouteMatch + Send + Sync>;

/// Erases the type of a path. The router's code is generated once per type of path.
fn erased(path: impl PossibleRouteMatch + Send + Sync + 'static) -> AnyPath {
    Arc::new(path)
}

#[component]
fn ToOverview() -> impl IntoView {
    let options = NavigateOptions { replace: true, ..Default::default() };
    view! { <Redirect path="/admin" options /> }
}
