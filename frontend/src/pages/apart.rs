//! Two downloads beside the start of the app, each fetched when somebody first goes to a page in it: the
//! dashboard of an offer, and all others. `scripts/app.mjs` splits the WASM where these functions begin.

use std::future::Future;
use std::pin::Pin;

use leptos::prelude::*;
use leptos::wasm_split::{SplitLoaderError, wasm_split};
use leptos_router::ChooseView;

use super::design::DesignPage;
use super::offers::{EditOfferPage, NewOfferPage, OfferDashboardPage, OffersPage};
use super::overview::OverviewPage;
use crate::components::MissingPart;

/// A page that has to be fetched. The same type for all: the router makes its code anew for each type of page.
#[derive(Clone, Copy)]
pub struct Apart(fn() -> Pin<Box<dyn Future<Output = AnyView>>>);

impl ChooseView for Apart {
    async fn choose(self) -> AnyView {
        (self.0)().await
    }

    async fn preload(&self) {}
}

/// Page, name of the download, function that is in it, component.
macro_rules! apart {
    ($($apart:ident: $download:ident, $open:ident, $page:ident;)*) => {$(
        pub const $apart: Apart =
            Apart(|| Box::pin(async { $open().await.unwrap_or_else(|_| view! { <MissingPart /> }.into_any()) }));

        #[wasm_split($download, wasm_split_path = leptos::wasm_split, fallible)]
        fn $open() -> Result<AnyView, SplitLoaderError> {
            Ok(view! { <$page /> }.into_any())
        }
    )*};
}

apart! {
    OVERVIEW: others, open_overview, OverviewPage;
    OFFERS: others, open_offers, OffersPage;
    NEW_OFFER: others, open_new_offer, NewOfferPage;
    EDIT_OFFER: others, open_edit_offer, EditOfferPage;
    OFFER_DASHBOARD: dashboard, open_dashboard, OfferDashboardPage;
    DESIGN: others, open_design, DesignPage;
}
