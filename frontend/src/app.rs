use std::sync::Arc;

use leptos::prelude::*;
use leptos_router::components::{FlatRoutes, Redirect, Route, Router};
use leptos_router::{NavigateOptions, PossibleRouteMatch, path};

use crate::browser::focus;
use crate::charts::follow_theme;
use crate::components::{NoticeBoard, Notices};
use crate::pages::{DESIGN, EDIT_OFFER, NEW_OFFER, NotFound, OFFER_DASHBOARD, OFFERS, OVERVIEW};
use crate::rail::Rail;
use crate::theme::Themes;
use crate::words::common::skip_to_content;

/// The whole app.
#[component]
pub fn App() -> impl IntoView {
    Notices::provide();
    Themes::provide();
    provide_context(follow_theme(Themes::expect().chosen()));
    view! {
        <Router>
            <a class="skip-link" href="#content" on:click=|_| focus("content")>
                {skip_to_content()}
            </a>
            <Rail />
            <main id="content" tabindex="-1">
                <Pages />
            </main>
            <NoticeBoard />
        </Router>
    }
}

#[component]
fn Pages() -> impl IntoView {
    view! {
        <FlatRoutes fallback=NotFound>
            <Route path=any(path!("/")) view=ToOverview />
            <Route path=any(path!("/admin")) view=OVERVIEW />
            <Route path=any(path!("/admin/offers")) view=OFFERS />
            <Route path=any(path!("/admin/offers/new")) view=NEW_OFFER />
            <Route path=any(path!("/admin/offers/:offer/edit")) view=EDIT_OFFER />
            <Route path=any(path!("/admin/offers/:offer/dashboard")) view=OFFER_DASHBOARD />
            <Route path=any(path!("/admin/design")) view=DESIGN />
        </FlatRoutes>
    }
}

type AnyPath = Arc<dyn PossibleRouteMatch + Send + Sync>;

/// Of one type whatever its segments: the router makes its code anew for each type of path.
fn any(path: impl PossibleRouteMatch + Send + Sync + 'static) -> AnyPath {
    Arc::new(path)
}

#[component]
fn ToOverview() -> impl IntoView {
    let options = NavigateOptions { replace: true, ..Default::default() };
    view! { <Redirect path="/admin" options /> }
}
