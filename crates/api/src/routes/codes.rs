pub mod issue;
pub mod list;
