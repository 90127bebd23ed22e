use leptos::prelude::*;
use leptos_router::components::{Redirect, Route, Router, Routes};
use leptos_router::path;
use leptos_router::{Lazy, NavigateOptions};

use crate::browser::focus;
use crate::charts::follow_theme;
use crate::components::{NoticeBoard, Notices};
use crate::pages::{Design, EditOffer, NewOffer, NotFound, OfferDashboard, Offers, Overview};
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
        <Routes fallback=NotFound>
            <Route path=path!("/") view=ToOverview />
            <Route path=path!("/admin") view={Lazy::<Overview>::new()} />
            <Route path=path!("/admin/offers") view={Lazy::<Offers>::new()} />
            <Route path=path!("/admin/offers/new") view={Lazy::<NewOffer>::new()} />
            <Route path=path!("/admin/offers/:offer/edit") view={Lazy::<EditOffer>::new()} />
            <Route path=path!("/admin/offers/:offer/dashboard") view={Lazy::<OfferDashboard>::new()} />
            <Route path=path!("/admin/design") view={Lazy::<Design>::new()} />
        </Routes>
    }
}

#[component]
fn ToOverview() -> impl IntoView {
    let options = NavigateOptions { replace: true, ..Default::default() };
    view! { <Redirect path="/admin" options /> }
}
