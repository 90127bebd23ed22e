//! Who is signed in, and the way to the sign-in page and back.

use leptos::prelude::*;
use offercast_contract::{Account, Scope};

use crate::api::ApiError;
use crate::query_string::query_string;

/// The pages for which nobody needs to be signed in. `scripts/head.mjs` names them too.
const OPEN_PAGES: [&str; 2] = ["/login", "/welcome"];
/// The parameter of the sign-in page with the address to return to.
pub const RETURN: &str = "return";

pub fn is_open_page(path: &str) -> bool {
    OPEN_PAGES.contains(&path)
}

/// The signed-in person, provided as a context.
#[derive(Clone, Copy)]
pub struct SignedIn(RwSignal<Account>);

impl SignedIn {
    pub fn provide(account: Account) {
        provide_context(SignedIn(RwSignal::new(account)));
    }

    pub fn expect() -> Self {
        expect_context()
    }

    pub fn account(self) -> Signal<Account> {
        self.0.into()
    }

    pub fn update(self, change: impl FnOnce(&mut Account)) {
        self.0.update(change);
    }
}

/// Whether the signed-in person may do this. What a person may not do is not offered.
pub fn may(scope: Scope) -> bool {
    use_context::<SignedIn>()
        .is_some_and(|SignedIn(account)| account.with_untracked(|account| account.scopes.contains(&scope)))
}

/// Opens the sign-in page if the API responded that nobody is signed in.
pub fn go_if_signed_out(error: &ApiError) {
    let here = window().location();
    let path = here.pathname().unwrap_or_default();
    if error.is("unauthenticated") && !is_open_page(&path) {
        go(&sign_in_address(&path, &here.search().unwrap_or_default()));
    }
}

/// Opens an address with a new document, so that nothing of the person who was signed in is left in memory.
pub fn go(address: &str) {
    // Fails if the user stays to keep unsaved changes.
    let _ = window().location().assign(address);
}

/// The address of the sign-in page that returns to this page.
fn sign_in_address(path: &str, search: &str) -> String {
    format!("/login{}", query_string([(RETURN, format!("{path}{search}"))]))
}

/// Where to go after signing in: the page that asked for it if it is one of ours, otherwise the overview.
pub fn address_after_sign_in(asked: Option<String>) -> String {
    asked.filter(|address| is_ours(address)).unwrap_or_else(|| "/admin".to_owned())
}

fn is_ours(address: &str) -> bool {
    let rest = address.strip_prefix("/admin");
    let is_below = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']));
    // Browsers read a backslash as a slash, and drop line breaks and tabs.
    let is_plain = !address.contains(|character: char| character == '\\' || character.is_control());
    let path = address.split('?').next().unwrap_or_default();
    is_below && is_plain && !path.contains("//") && !path.split('/').any(is_dots)
}

/// Whether browsers read this part of a path as the folder itself or the one above.
fn is_dots(part: &str) -> bool {
    matches!(part.to_ascii_lowercase().replace("%2e", ".").as_str(), "." | "..")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(address: &str) -> String {
        address_after_sign_in(Some(address.to_owned()))
    }

    #[test]
    fn signing_in_returns_to_the_page_that_asked() {
        for address in ["/admin", "/admin/offers?q=sale%20%26&cursor=a", "/admin/offers/SUMMER-10/dashboard"]
        {
            assert_eq!(after(address), address);
        }
        assert_eq!(address_after_sign_in(None), "/admin");
    }

    #[test]
    fn addresses_that_are_not_ours_lead_to_the_overview() {
        for address in [
            "",
            "https://example.com/admin",
            "//example.com/admin",
            "/\\example.com",
            "/administrator",
            "/admin.example.com",
            "/admin@example.com",
            "/admin/\\example.com",
            "/admin//example.com",
            "/admin/../docs",
            "/admin/%2E%2e/docs",
            "/admin/offers\n",
            "javascript:alert(1)",
            "/docs",
        ] {
            assert_eq!(after(address), "/admin", "{address:?}");
        }
    }

    #[test]
    fn the_sign_in_page_gets_the_whole_address() {
        let address = sign_in_address("/admin/offers", "?q=a&sort=name");
        assert_eq!(address, "/login?return=%2Fadmin%2Foffers%3Fq%3Da%26sort%3Dname");
        assert!(is_open_page("/login") && !is_open_page("/admin"));
    }
}
