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
pub enum LazyPage {
    Overview,
    Offers,
    NewOffer,
    EditOffer,
    OfferDashboard,
    SignIn,
    Welcome,
    Account,
    People,
    Keys,
    AuditLog,
    Design,
}

/// What is needed to open a page.
enum Needs {
    Nothing,
    /// Somebody is signed in.
    Person,
    /// The signed-in person may do this.
    Scope(Scope),
}

impl LazyPage {
    fn needs(self) -> Needs {
        match self {
            LazyPage::SignIn | LazyPage::Welcome => Needs::Nothing,
            LazyPage::Account | LazyPage::Design => Needs::Person,
            LazyPage::Overview | LazyPage::OfferDashboard => Needs::Scope(Scope::ReportsRead),
            LazyPage::Offers => Needs::Scope(Scope::OffersRead),
            LazyPage::NewOffer | LazyPage::EditOffer => Needs::Scope(Scope::OffersWrite),
            LazyPage::People | LazyPage::Keys | LazyPage::AuditLog => Needs::Scope(Scope::Admin),
        }
    }
}

impl ChooseView for LazyPage {
    async fn choose(self) -> AnyView {
        let is_signed_in = use_context::<SignedIn>().is_some();
        match self.needs() {
            // Right after signing in, until the frame of the page has changed.
            Needs::Person | Needs::Scope(_) if !is_signed_in => ().into_any(),
            Needs::Scope(scope) if !may(scope) => view! { <Forbidden /> }.into_any(),
            Needs::Nothing | Needs::Person | Needs::Scope(_) => {
                download(self).await.unwrap_or_else(|_| view! { <DownloadFailed /> }.into_any())
            }
        }
    }

    async fn preload(&self) {}
}

/// Boxed, because the state of an awaited future is copied into each function that awaits it.
type Download = Pin<Box<dyn Future<Output = Result<AnyView, SplitLoaderError>>>>;

/// Name of a download, the function that it contains, and its pages. One function per download: each costs a kilobyte
/// of code around it.
macro_rules! downloads {
    ($($name:ident, $open:ident: { $($page:ident: $component:ident,)* })*) => {
        $(#[wasm_split($name, wasm_split_path = leptos::wasm_split, fallible)]
        fn $open(page: LazyPage) -> Result<AnyView, SplitLoaderError> {
            Ok(match page {
                $(LazyPage::$page => view! { <$component /> }.into_any(),)*
                _ => ().into_any(),
            })
        })*

        fn download(page: LazyPage) -> Download {
            match page {
                $($(LazyPage::$page)|* => Box::pin($open(page)),)*
            }
        }
    };
}

downloads! {
    dashboard, open_dashboard: {
        OfferDashboard: OfferDashboardPage,
    }
    others, open_others: {
        Overview: OverviewPage,
        Offers: OffersPage,
        NewOffer: NewOfferPage,
        EditOffer: EditOfferPage,
        Design: DesignPage,
    }
    sign_in, open_sign_in: {
        SignIn: SignInPage,
        Welcome: WelcomePage,
    }
    access, open_access: {
        Account: AccountPage,
        People: PeoplePage,
        Keys: KeysPage,
        AuditLog: AuditPage,
    }
}
