mod apart;
mod design;
mod not_found;
pub mod offers;
mod overview;

pub use apart::{DESIGN, EDIT_OFFER, NEW_OFFER, OFFER_DASHBOARD, OFFERS, OVERVIEW};
pub use not_found::NotFound;
