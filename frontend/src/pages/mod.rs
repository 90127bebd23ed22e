mod account;
mod audit;
mod design;
mod forbidden;
mod keys;
mod lazy_pages;
mod not_found;
pub mod offers;
mod overview;
mod people;
mod sign_in;

pub use lazy_pages::{
    ACCOUNT, AUDIT_LOG, DESIGN, EDIT_OFFER, KEYS, NEW_OFFER, OFFER_DASHBOARD, OFFERS, OVERVIEW, PEOPLE,
    SIGN_IN, WELCOME,
};
pub use not_found::NotFound;
