mod actions;
mod dashboard;
mod form;
mod list;

pub use dashboard::OfferDashboardPage;
pub use form::{EditOfferPage, NewOfferPage};
pub use list::OffersPage;

/// The address of an offer's dashboard. Codes contain only characters that need no escaping.
pub fn dashboard_path(code: &str) -> String {
    format!("/admin/offers/{code}/dashboard")
}

/// The address of the form for a copy of an offer.
fn duplicate_path(code: &str) -> String {
    format!("/admin/offers/new?from={code}")
}

fn edit_path(code: &str) -> String {
    format!("/admin/offers/{code}/edit")
}
