//! Connection and request limits: the accepted hosts, timeouts for slow clients, and quotas per client and in total.

mod client_address;
mod connection;
mod guard;
mod hosts;
mod http_service;
mod limits;
mod raw_responses;
mod request_body;
mod request_tracking;
mod response_limit;

pub use connection::{Admission, close_with_client};
pub use guard::{check, forbidden, misdirected, not_json};
pub use hosts::Hosts;
pub use http_service::serve;
pub use limits::{CallerPermit, Limits};
pub use offercast_domain::Network;
pub use raw_responses::HEAD_TOO_LARGE;
pub use request_body::{Body, BodyReader, body_too_large, body_too_slow};
pub use request_tracking::{SlicedBody, track_request};
pub use response_limit::{SharedBody, limit_response};

use std::num::NonZeroU32;
use std::time::Duration;

/// The configurable limits. The defaults are those of the settings.
#[derive(Debug, Clone, Default)]
pub struct Edge {
    pub hosts: Hosts,
    /// Proxies whose `X-Forwarded-For` header is trusted.
    pub trusted_proxies: Vec<Network>,
    pub deadlines: Deadlines,
    pub caps: Caps,
    /// Whether all clients connect over TLS, through a proxy in front of the server.
    pub behind_tls: bool,
}

/// Timeouts for slow clients.
#[derive(Debug, Clone, Copy)]
pub struct Deadlines {
    /// For the complete request line and headers, from their first byte. For the first request of a connection, from
    /// the start of the connection.
    pub head: Duration,
    /// For a complete body of up to 64 KiB. The larger body of a batch has three times as long.
    pub body: Duration,
    /// For the client to read the next part of a response.
    pub answer: Duration,
    /// For the next request on a kept-alive connection.
    pub idle: Duration,
}

impl Default for Deadlines {
    fn default() -> Deadlines {
        let seconds = Duration::from_secs;
        Deadlines { head: seconds(10), body: seconds(10), answer: seconds(30), idle: seconds(60) }
    }
}

/// Maximum numbers of concurrent connections, event streams and downloads.
#[derive(Debug, Clone, Copy)]
pub struct Caps {
    pub connections: usize,
    pub connections_per_address: usize,
    pub streams_per_address: usize,
    pub streams_per_caller: usize,
    /// Downloads of whole lists as CSV.
    pub exports: usize,
    pub exports_per_address: usize,
    pub exports_per_caller: usize,
    /// Requests of each key and person, with access control.
    pub requests_per_second: NonZeroU32,
}

impl Default for Caps {
    fn default() -> Caps {
        Caps {
            connections: 10_000,
            connections_per_address: 2_000,
            streams_per_address: 100,
            streams_per_caller: 20,
            exports: 8,
            exports_per_address: 2,
            exports_per_caller: 2,
            requests_per_second: NonZeroU32::new(5_000).expect("not zero"),
        }
    }
}
