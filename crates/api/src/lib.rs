//! The HTTP API and the delivery of the dashboard.
//!
//! A handler extracts, calls a use case of `app`, and maps the answer. Every answer is in the envelope of
//! the contract, errors of the framework and unknown routes included.

mod assets;
mod batch_thread;
mod convert;
mod cursor;
mod docs;
mod edge;
mod envelope;
mod error;
mod examples;
mod extract;
mod fallback;
mod observe;
mod openapi;
#[cfg(test)]
mod patterns;
pub mod reading;
mod routes;
mod server;
mod sockets;

pub use edge::{Caps, Deadlines, Edge, Hosts, Network};
pub use observe::install_metrics;
pub use openapi::document as openapi_document;
pub use server::{Server, Serves, Settings, Stopper};
