mod design;
mod not_found;
pub mod offers;
mod overview;

pub use design::DesignPage;
pub use not_found::NotFound;
pub use overview::OverviewPage;
