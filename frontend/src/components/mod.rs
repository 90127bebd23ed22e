//! What more than one page uses. `/admin/design` shows all of it.

mod badge;
mod button;
mod change;
mod copy;
mod date_range;
mod dialog;
mod field;
mod icon;
mod menu;
mod notice;
mod progress;
mod removal;
mod segments;
mod select;
mod skeleton;
mod sparkline;
mod states;

pub use badge::{Badge, StateBadge};
pub use button::{Button, IconButton, Weight};
pub use change::{Change, ChangeChip};
pub use copy::CopyText;
pub use date_range::DateRangePicker;
pub use dialog::Dialog;
pub use field::Field;
pub use icon::{Icon, Symbol};
pub use menu::{Menu, MenuItem};
pub use notice::{NoticeBoard, Notices};
pub use progress::Progress;
pub use removal::{Removal, RemovalDialog};
pub use segments::{Segment, Segments};
pub use select::Select;
pub use skeleton::Skeleton;
pub use sparkline::Sparkline;
pub use states::{EmptyState, ErrorState, MissingOffer, MissingPart};
