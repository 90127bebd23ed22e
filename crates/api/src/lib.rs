//! The HTTP server: the API, its documentation and the files of the dashboard.
//!
//! A handler extracts its input, calls one use case of `offercast_app` and converts the result to a type of
//! `offercast_contract`. Every error response has the contract's envelope, including errors of actix-web and unknown
//! paths.

mod access;
mod api_docs;
mod assets;
mod batch_thread;
mod convert;
mod cursor;
mod deprecated_metrics;
mod edge;
mod envelope;
mod error;
mod examples;
mod extract;
mod fallback;
mod middleware;
mod openapi;
pub mod reading;
mod routes;
mod server;
mod sockets;
mod telemetry;

pub use edge::{Caps, Deadlines, Edge, Hosts, Network};
pub use openapi::document as openapi_document;
pub use server::{Server, Serves, Settings, Stopper};
pub use telemetry::install_metrics;
