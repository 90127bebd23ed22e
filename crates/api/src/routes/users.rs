pub mod edit;
pub mod end_sessions;
pub mod invite;
pub mod link;
pub mod list;
pub mod remove;
