//! Pages are in two downloads, fetched when one of their pages is first opened: the dashboard of an offer, and all
//! others. `scripts/app.mjs` splits the WASM at these functions.

use std::future::Future;
use std::pin::Pin;

use leptos::prelude::*;
use leptos::wasm_split::{SplitLoaderError, wasm_split};
use leptos_router::ChooseView;

use super::design::DesignPage;
use super::offers::{EditOfferPage, NewOfferPage, OfferDashboardPage, OffersPage};
use super::overview::OverviewPage;
use crate::components::DownloadFailed;

/// A page that is downloaded when it is opened. One type for all pages, because the router's code is generated once per
/// type.
#[derive(Clone, Copy)]
pub struct LazyPage(fn() -> Pin<Box<dyn Future<Output = AnyView>>>);

impl ChooseView for LazyPage {
    async fn choose(self) -> AnyView {
        (self.0)().await
    }

    async fn preload(&self) {}
}

/// Constant of the page, name of its download, function that the download contains, component.
macro_rules! lazy_pages {
    ($($constant:ident: $download:ident, $open:ident, $page:ident;)*) => {$(
        pub const $constant: LazyPage =
            LazyPage(|| Box::pin(async { $open().await.unwrap_or_else(|_| view! { <DownloadFailed /> }.into_any()) }));

        #[wasm_split($download, wasm_split_path = leptos::wasm_split, fallible)]
        fn $open() -> Result<AnyView, SplitLoaderError> {
            Ok(view! { <$page /> }.into_any())
        }
    )*};
}

lazy_pages! {
    OVERVIEW: others, open_overview, OverviewPage;
    OFFERS: others, open_offers, OffersPage;
    NEW_OFFER: others, open_new_offer, NewOfferPage;
    EDIT_OFFER: others, open_edit_offer, EditOfferPage;
    OFFER_DASHBOARD: dashboard, open_dashboard, OfferDashboardPage;
    DESIGN: others, open_design, DesignPage;
}
