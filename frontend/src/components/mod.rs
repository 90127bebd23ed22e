//! Components that several pages share. `/admin/design` shows all of them.

mod badge;
mod button;
mod change;
mod copy_text;
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
pub use button::{Button, IconButton, Variant};
pub use change::{Change, ChangeChip};
pub use copy_text::CopyText;
pub use date_range::DateRangePicker;
pub use dialog::Dialog;
pub use field::Field;
pub use icon::{Icon, Symbol};
pub use menu::{Menu, MenuItem};
pub use notice::{NoticeArea, Notices};
pub use progress::Progress;
pub use removal::{Removal, RemovalDialog};
pub use segments::{Segment, Segments};
pub use select::Select;
pub use skeleton::Skeleton;
pub use sparkline::Sparkline;
pub use states::{DownloadFailed, EmptyState, ErrorState, OfferNotFound};
