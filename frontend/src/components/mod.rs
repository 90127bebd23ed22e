//! What more than one page uses.

mod badge;
mod icon;
mod notice;
mod progress;
mod removal;
mod states;

pub use badge::StateBadge;
pub use icon::{Icon, Symbol};
pub use notice::{NoticeBoard, Notices};
pub use progress::Progress;
pub use removal::{Removal, RemovalDialog};
pub use states::{EmptyState, ErrorState, MissingOffer};
