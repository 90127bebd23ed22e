//! What stands between the network and the API: the hosts it answers to, how long it waits for a client, and how much of
//! it a client may use.

mod answers;
mod body;
mod client;
mod connection;
mod guard;
mod hosts;
mod limits;
mod pace;
mod refusal;
mod serve;

pub use answers::Shared;
pub use body::{Body, BodyReader};
pub use client::Network;
pub use connection::{Admission, end_with_client};
pub use guard::{forbidden, guard, misdirected, not_json};
pub use hosts::Hosts;
pub use limits::{Limits, Permit};
pub use pace::pace;
pub use serve::serve;

use std::time::Duration;

/// What whoever runs the server may set. The defaults are those of the settings.
#[derive(Debug, Clone, Default)]
pub struct Edge {
    pub hosts: Hosts,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<Network>,
    pub deadlines: Deadlines,
    pub caps: Caps,
}

/// How long a client is waited for.
#[derive(Debug, Clone, Copy)]
pub struct Deadlines {
    /// For the whole head of a request, from its first byte; of the first request, from the connection.
    pub head: Duration,
    /// For a whole body of 64 KiB; the larger one of a batch has three times as long.
    pub body: Duration,
    /// For the client to take the next part of an answer.
    pub answer: Duration,
    /// For the next request on a connection that is kept open.
    pub idle: Duration,
}

impl Default for Deadlines {
    fn default() -> Deadlines {
        let seconds = Duration::from_secs;
        Deadlines { head: seconds(10), body: seconds(10), answer: seconds(30), idle: seconds(60) }
    }
}

/// How much there is at once.
#[derive(Debug, Clone, Copy)]
pub struct Caps {
    pub connections: usize,
    pub connections_per_address: usize,
    pub streams_per_address: usize,
    pub exports: usize,
    pub exports_per_address: usize,
}

impl Default for Caps {
    fn default() -> Caps {
        Caps {
            connections: 10_000,
            connections_per_address: 2_000,
            streams_per_address: 100,
            exports: 8,
            exports_per_address: 2,
        }
    }
}
