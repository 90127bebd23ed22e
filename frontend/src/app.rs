use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::components::{Redirect, Route, Router, Routes};
use leptos_router::path;

use crate::browser::focus;
use crate::charts::follow_theme;
use crate::components::{NoticeBoard, Notices};
use crate::pages::offers::{EditOfferPage, NewOfferPage, OfferDashboardPage, OffersPage};
use crate::pages::{DesignPage, NotFound, OverviewPage};
use crate::rail::Rail;
use crate::theme::Themes;

/// The whole app.
#[component]
pub fn App() -> impl IntoView {
    Notices::provide();
    Themes::provide();
    provide_context(follow_theme(Themes::expect().chosen()));
    view! {
        <Router>
            <a class="skip-link" href="#content" on:click=|_| focus("content")>
                "Skip to content"
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
        <Routes fallback=NotFound>
            <Route path=path!("/") view=ToOverview />
            <Route path=path!("/admin") view=OverviewPage />
            <Route path=path!("/admin/offers") view=OffersPage />
            <Route path=path!("/admin/offers/new") view=NewOfferPage />
            <Route path=path!("/admin/offers/:offer/edit") view=EditOfferPage />
            <Route path=path!("/admin/offers/:offer/dashboard") view=OfferDashboardPage />
            <Route path=path!("/admin/design") view=DesignPage />
        </Routes>
    }
}

#[component]
fn ToOverview() -> impl IntoView {
    let options = NavigateOptions { replace: true, ..Default::default() };
    view! { <Redirect path="/admin" options /> }
}
