mod design;
mod not_found;
pub mod offers;

pub use design::DesignPage;
pub use not_found::NotFound;
