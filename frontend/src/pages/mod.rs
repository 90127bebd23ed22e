mod apart;
mod design;
mod not_found;
pub mod offers;
mod overview;

pub use apart::{Design, EditOffer, NewOffer, OfferDashboard, Offers, Overview};
pub use not_found::NotFound;
