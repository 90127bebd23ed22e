use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::components::{A, Redirect, Route, Router, Routes};
use leptos_router::path;

use crate::browser::focus;
use crate::charts::follow_theme;
use crate::components::{NoticeBoard, Notices};
use crate::pages::NotFound;
use crate::pages::offers::{EditOfferPage, NewOfferPage, OfferDashboardPage, OffersPage};

/// The whole app.
#[component]
pub fn App() -> impl IntoView {
    Notices::provide();
    provide_context(follow_theme());
    view! {
        <Router>
            <a class="skip-link" href="#content" on:click=|_| focus("content")>
                "Skip to content"
            </a>
            <TopBar />
            <main id="content" tabindex="-1">
                <Pages />
            </main>
            <NoticeBoard />
        </Router>
    }
}

#[component]
fn TopBar() -> impl IntoView {
    view! {
        <header class="top-bar">
            <div class="top-bar-inner">
                <A href="/admin/offers" attr:class="brand">
                    <svg class="brand-mark" viewBox="0 0 24 24" aria-hidden="true">
                        <rect width="24" height="24" rx="6"></rect>
                        <path d="M5 16.5l4-4.5 3.5 3L16 9"></path>
                        <path class="brand-dashes" d="M16 9l3.5-3"></path>
                    </svg>
                    "Offercast"
                </A>
                <nav aria-label="Main">
                    <A href="/admin/offers">"Offers"</A>
                    <a href="/docs" rel="external">"API"</a>
                </nav>
            </div>
        </header>
    }
}

#[component]
fn Pages() -> impl IntoView {
    view! {
        <Routes fallback=NotFound>
            <Route path=path!("/") view=ToOffers />
            <Route path=path!("/admin") view=ToOffers />
            <Route path=path!("/admin/offers") view=OffersPage />
            <Route path=path!("/admin/offers/new") view=NewOfferPage />
            <Route path=path!("/admin/offers/:offer/edit") view=EditOfferPage />
            <Route path=path!("/admin/offers/:offer/dashboard") view=OfferDashboardPage />
        </Routes>
    }
}

#[component]
fn ToOffers() -> impl IntoView {
    let options = NavigateOptions { replace: true, ..Default::default() };
    view! { <Redirect path="/admin/offers" options /> }
}
