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

pub use lazy_pages::LazyPage;
pub use not_found::NotFound;
