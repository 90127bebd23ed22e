mod not_found;
pub mod offers;

pub use not_found::NotFound;
