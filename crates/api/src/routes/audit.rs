pub mod history;
pub mod list;
