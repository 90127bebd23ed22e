//! The dashboard of Offercast: a client-side rendered app that talks to the public API only.
//!
//! What decides anything (formats, the list's query, the form's messages, the charts) is in plain
//! functions with ordinary tests; components put it on the page.

mod api;
mod app;
mod browser;
mod charts;
mod components;
mod format;
mod language;
mod live;
mod pages;
mod query;
mod rail;
mod tables;
mod theme;
mod words;

pub use app::App;
pub use language::speak_as_chosen;
