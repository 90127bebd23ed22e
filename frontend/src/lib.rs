//! The dashboard of Offercast: a client-side rendered app that talks to the public API only.
//!
//! Logic (formatting, queries, validation messages, charts) is in plain functions with unit tests. Components only
//! render it.

mod api;
mod app;
mod audit_words;
mod browser;
mod charts;
mod components;
mod event_stream;
mod format;
mod i18n;
mod language;
mod pages;
mod paging;
mod query_string;
mod sidebar;
mod sign_in;
mod submission;
mod tables;
mod theme;

pub use app::App;
pub use language::apply_saved_language;
