//! Two downloads beside the start of the app, each fetched when somebody first goes to a page in it: the
//! dashboard of an offer, and all others. `scripts/app.mjs` splits the WASM where these functions begin.

use leptos::prelude::*;
use leptos::wasm_split::{SplitLoaderError, wasm_split};
use leptos_router::LazyRoute;

use super::design::DesignPage;
use super::offers::{EditOfferPage, NewOfferPage, OfferDashboardPage, OffersPage};
use super::overview::OverviewPage;
use crate::api::ApiError;
use crate::components::ErrorState;

/// Route, name of the download, function that is in it, page.
macro_rules! apart {
    ($($route:ident: $download:ident, $open:ident, $page:ident;)*) => {$(
        pub struct $route;

        #[wasm_split($download, wasm_split_path = leptos::wasm_split, fallible)]
        fn $open() -> Result<AnyView, SplitLoaderError> {
            Ok(view! { <$page /> }.into_any())
        }

        impl LazyRoute for $route {
            fn data() -> Self {
                $route
            }

            async fn view(_: Self) -> AnyView {
                $open().await.unwrap_or_else(|_| not_loaded())
            }
        }
    )*};
}

apart! {
    Overview: others, open_overview, OverviewPage;
    Offers: others, open_offers, OffersPage;
    NewOffer: others, open_new_offer, NewOfferPage;
    EditOffer: others, open_edit_offer, EditOfferPage;
    OfferDashboard: dashboard, open_dashboard, OfferDashboardPage;
    Design: others, open_design, DesignPage;
}

/// The connection broke, or the server has a newer page than this one: the page as a whole is asked for again.
fn not_loaded() -> AnyView {
    let again = |()| {
        // Fails where the reader stays with what they typed.
        _ = window().location().reload();
    };
    view! { <ErrorState error=ApiError::Network retry=again /> }.into_any()
}
