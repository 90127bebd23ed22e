mod design;
mod lazy_pages;
mod not_found;
pub mod offers;
mod overview;

pub use lazy_pages::{DESIGN, EDIT_OFFER, NEW_OFFER, OFFER_DASHBOARD, OFFERS, OVERVIEW};
pub use not_found::NotFound;
