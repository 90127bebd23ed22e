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
use crate::sign_in::{SignedIn, may};

/// A page that is downloaded when it is opened. One type for all pages, because the router's code is generated once per
/// type.
#[derive(Clone, Copy)]
pub struct LazyPage {
    needs: Needs,
    open: fn() -> Pin<Box<dyn Future<Output = AnyView>>>,
}

/// What is needed to open a page.
#[derive(Clone, Copy)]
enum Needs {
    Nothing,
    /// Somebody is signed in.
    Person,
    /// The signed-in person may do this.
    Scope(Scope),
}

impl ChooseView for LazyPage {
    async fn choose(self) -> AnyView {
        let is_signed_in = use_context::<SignedIn>().is_some();
        match self.needs {
            // Right after signing in, until the frame of the page has changed.
            Needs::Person | Needs::Scope(_) if !is_signed_in => ().into_any(),
            Needs::Scope(scope) if !may(scope) => view! { <Forbidden /> }.into_any(),
            Needs::Nothing | Needs::Person | Needs::Scope(_) => (self.open)().await,
        }
    }

    async fn preload(&self) {}
}

/// Constant of the page, name of its download, function that the download contains, component, what is needed to open it.
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
    OVERVIEW: others, open_overview, OverviewPage, Needs::Scope(Scope::ReportsRead);
    OFFERS: others, open_offers, OffersPage, Needs::Scope(Scope::OffersRead);
    NEW_OFFER: others, open_new_offer, NewOfferPage, Needs::Scope(Scope::OffersWrite);
    EDIT_OFFER: others, open_edit_offer, EditOfferPage, Needs::Scope(Scope::OffersWrite);
    OFFER_DASHBOARD: dashboard, open_dashboard, OfferDashboardPage, Needs::Scope(Scope::ReportsRead);
    DESIGN: others, open_design, DesignPage, Needs::Person;
    SIGN_IN: sign_in, open_sign_in, SignInPage, Needs::Nothing;
    WELCOME: sign_in, open_welcome, WelcomePage, Needs::Nothing;
    ACCOUNT: access, open_account, AccountPage, Needs::Person;
    PEOPLE: access, open_people, PeoplePage, Needs::Scope(Scope::Admin);
    KEYS: access, open_keys, KeysPage, Needs::Scope(Scope::Admin);
    AUDIT_LOG: access, open_audit_log, AuditPage, Needs::Scope(Scope::Admin);
}
