//! Pages are in four downloads, fetched when one of their pages is first opened: the dashboard of an offer, the pages
//! for signing in, those for managing access, and all others. `scripts/app.mjs` splits the WASM at these functions.

use std::future::Future;
use std::pin::Pin;

use leptos::prelude::*;
use leptos::wasm_split::{SplitLoaderError, wasm_split};
use leptos_router::ChooseView;
use offercast_contract::Scope;

use super::account::AccountPage;
use super::audit::AuditPage;
use super::design::DesignPage;
use super::forbidden::Forbidden;
use super::keys::KeysPage;
use super::offers::{EditOfferPage, NewOfferPage, OfferDashboardPage, OffersPage};
use super::overview::OverviewPage;
use super::people::PeoplePage;
use super::sign_in::{SignInPage, WelcomePage};
use crate::components::DownloadFailed;
use crate::sign_in::may;

/// A page that is downloaded when it is opened. One type for all pages, because the router's code is generated once per
/// type.
#[derive(Clone, Copy)]
pub struct LazyPage {
    /// Who lacks this scope may not open the page.
    needs: Option<Scope>,
    open: fn() -> Pin<Box<dyn Future<Output = AnyView>>>,
}

impl ChooseView for LazyPage {
    async fn choose(self) -> AnyView {
        if self.needs.is_some_and(|scope| !may(scope)) {
            return view! { <Forbidden /> }.into_any();
        }
        (self.open)().await
    }

    async fn preload(&self) {}
}

/// Constant of the page, name of its download, function that the download contains, component, required scope.
macro_rules! lazy_pages {
    ($($constant:ident: $download:ident, $open:ident, $page:ident, $needs:expr;)*) => {$(
        pub const $constant: LazyPage = LazyPage {
            needs: $needs,
            open: || Box::pin(async { $open().await.unwrap_or_else(|_| view! { <DownloadFailed /> }.into_any()) }),
        };

        #[wasm_split($download, wasm_split_path = leptos::wasm_split, fallible)]
        fn $open() -> Result<AnyView, SplitLoaderError> {
            Ok(view! { <$page /> }.into_any())
        }
    )*};
}

lazy_pages! {
    OVERVIEW: others, open_overview, OverviewPage, Some(Scope::ReportsRead);
    OFFERS: others, open_offers, OffersPage, Some(Scope::OffersRead);
    NEW_OFFER: others, open_new_offer, NewOfferPage, Some(Scope::OffersWrite);
    EDIT_OFFER: others, open_edit_offer, EditOfferPage, Some(Scope::OffersWrite);
    OFFER_DASHBOARD: dashboard, open_dashboard, OfferDashboardPage, Some(Scope::ReportsRead);
    DESIGN: others, open_design, DesignPage, None;
    SIGN_IN: sign_in, open_sign_in, SignInPage, None;
    WELCOME: sign_in, open_welcome, WelcomePage, None;
    ACCOUNT: access, open_account, AccountPage, None;
    PEOPLE: access, open_people, PeoplePage, Some(Scope::Admin);
    KEYS: access, open_keys, KeysPage, Some(Scope::Admin);
    AUDIT_LOG: access, open_audit_log, AuditPage, Some(Scope::Admin);
}
