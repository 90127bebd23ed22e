use std::sync::Arc;

use leptos::prelude::*;
use leptos_router::components::{FlatRoutes, Redirect, Route, Router};
use leptos_router::{NavigateOptions, PossibleRouteMatch, path};

use crate::browser::focus;
use crate::charts::follow_theme;
use crate::components::{NoticeArea, Notices};
use crate::i18n::common::skip_to_content;
use crate::pages::{DESIGN, EDIT_OFFER, NEW_OFFER, NotFound, OFFER_DASHBOARD, OFFERS, OVERVIEW};
use crate::sidebar::Sidebar;
use crate::theme::ThemeSetting;

/// The whole app.
#[component]
pub fn App() -> impl IntoView {
    Notices::provide();
    ThemeSetting::provide();
    provide_context(follow_theme(ThemeSetting::expect().chosen()));
    view! {
        <Router>
            <a class="skip-link" href="#content" on:click=|_| focus("content")>
                {skip_to_content()}
            </a>
            <Sidebar />
            <main id="content" tabindex="-1">
                <Pages />
            </main>
            <NoticeArea />
        </Router>
    }
}

#[component]
fn Pages() -> impl IntoView {
    view! {
        <FlatRoutes fallback=NotFound>
            <Route path=erased(path!("/")) view=ToOverview />
            <Route path=erased(path!("/admin")) view=OVERVIEW />
            <Route path=erased(path!("/admin/offers")) view=OFFERS />
            <Route path=erased(path!("/admin/offers/new")) view=NEW_OFFER />
            <Route path=erased(path!("/admin/offers/:offer/edit")) view=EDIT_OFFER />
            <Route path=erased(path!("/admin/offers/:offer/dashboard")) view=OFFER_DASHBOARD />
            <Route path=erased(path!("/admin/design")) view=DESIGN />
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
