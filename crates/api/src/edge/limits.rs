//! Quotas per client and in total, and memory limits for request and response bodies.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use actix_web::HttpRequest;
use actix_web::http::StatusCode;

use super::Edge;
use super::client_address::{self, Client};
use crate::error::ApiError;

/// Maximum bytes of all request bodies in memory.
const BODY_BYTES: usize = 24 * 1024 * 1024;
/// The first bytes of each request body, which do not count: slow large bodies must not block ordinary orders.
const UNCOUNTED_BODY_BYTES: usize = 4 * 1024;
/// Maximum bytes of all response bodies in memory.
const RESPONSE_BYTES: usize = 64 * 1024 * 1024;
/// The first bytes of each response body, which do not count.
const UNCOUNTED_RESPONSE_BYTES: usize = 16 * 1024;

/// The limits of a server, shared by its threads.
pub struct Limits {
    pub edge: Edge,
    streams: Arc<Quota>,
    exports: Arc<Quota>,
    free_body_bytes: Arc<AtomicUsize>,
    free_response_bytes: Arc<AtomicUsize>,
}

impl Limits {
    pub fn new(edge: Edge) -> Limits {
        let caps = edge.caps;
        Limits {
            edge,
            // The total of a process is limited in offercast_app.
            streams: Quota::new(usize::MAX, caps.streams_per_address),
            exports: Quota::new(caps.exports, caps.exports_per_address),
            free_body_bytes: Arc::new(AtomicUsize::new(BODY_BYTES)),
            free_response_bytes: Arc::new(AtomicUsize::new(RESPONSE_BYTES)),
        }
    }

    /// Permits one more event stream for the client of a request. 429 if it has too many.
    pub fn stream(&self, request: &HttpRequest) -> Result<Permit, ApiError> {
        let message = "Too many event streams are open from this address; close one of them first";
        self.acquire(&self.streams, request).map_err(|_| rate_limited(message))
    }

    /// Permits one more download of a whole list. 429 if the client, or all clients together, have too many.
    pub fn export(&self, request: &HttpRequest) -> Result<Permit, ApiError> {
        self.acquire(&self.exports, request).map_err(|full| {
            rate_limited(match full {
                Full::Client => "Too many downloads are running from this address; wait until one ends",
                Full::Total => "Too many downloads are running; wait until one ends",
            })
        })
    }

    fn acquire(&self, quota: &Arc<Quota>, request: &HttpRequest) -> Result<Permit, Full> {
        quota.acquire(Some(self.client(request)))
    }

    /// The client that a request counts for.
    pub fn client(&self, request: &HttpRequest) -> Client {
        Client::of(request, &self.edge.trusted_proxies)
    }

    /// The exact address of the client.
    pub fn address(&self, request: &HttpRequest) -> IpAddr {
        client_address::address_of(request, &self.edge.trusted_proxies)
    }

    /// An empty reservation for a request body, to grow as the body arrives.
    pub fn body_bytes(&self) -> ReservedBytes {
        let free = self.free_body_bytes.clone();
        ReservedBytes { free, uncounted: UNCOUNTED_BODY_BYTES, reserved: 0 }
    }

    /// An empty reservation for a response body.
    pub fn response_bytes(&self) -> ReservedBytes {
        let free = self.free_response_bytes.clone();
        ReservedBytes { free, uncounted: UNCOUNTED_RESPONSE_BYTES, reserved: 0 }
    }
}

/// `Retry-After` of 429 responses, in seconds.
const RETRY_AFTER: &str = "5";

fn rate_limited(message: &str) -> ApiError {
    ApiError::new(StatusCode::TOO_MANY_REQUESTS, "rate_limited", message)
        .with_header("retry-after", RETRY_AFTER)
}

/// A limit of concurrent uses, in total and per client.
pub struct Quota {
    max_total: usize,
    max_per_client: usize,
    uses: Mutex<Uses>,
}

#[derive(Default)]
struct Uses {
    total: usize,
    by_client: HashMap<Client, usize>,
}

/// The limit of a quota that is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Full {
    Total,
    Client,
}

impl Quota {
    pub fn new(max_total: usize, max_per_client: usize) -> Arc<Quota> {
        Arc::new(Quota { max_total, max_per_client, uses: Mutex::default() })
    }

    /// Counts one more use until the permit is dropped. Without a client, only the total is limited.
    pub fn acquire(self: &Arc<Self>, client: Option<Client>) -> Result<Permit, Full> {
        let mut uses = self.uses();
        if uses.total >= self.max_total {
            return Err(Full::Total);
        }
        if let Some(client) = client {
            let of_client = uses.by_client.entry(client).or_default();
            if *of_client >= self.max_per_client {
                return Err(Full::Client);
            }
            *of_client += 1;
        }
        uses.total += 1;
        Ok(Permit { quota: self.clone(), client })
    }

    /// Ignores poisoning: a panic cannot leave the counts inconsistent.
    fn uses(&self) -> MutexGuard<'_, Uses> {
        self.uses.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One use of a quota. Dropping it frees the use.
pub struct Permit {
    quota: Arc<Quota>,
    client: Option<Client>,
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut uses = self.quota.uses();
        uses.total -= 1;
        let Some(client) = self.client else { return };
        if let Some(of_client) = uses.by_client.get_mut(&client) {
            *of_client -= 1;
            if *of_client == 0 {
                uses.by_client.remove(&client);
            }
        }
    }
}

/// Bytes reserved for one body. Dropping it frees them.
pub struct ReservedBytes {
    /// The free bytes of all bodies.
    free: Arc<AtomicUsize>,
    /// The first bytes of the body, which do not count.
    uncounted: usize,
    reserved: usize,
}

impl ReservedBytes {
    /// Reserves enough for a body of `size` bytes. Returns false and changes nothing if not enough bytes are free.
    pub fn grow_to(&mut self, size: usize) -> bool {
        let more = size.saturating_sub(self.uncounted).saturating_sub(self.reserved);
        let reserved =
            self.free.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |free| free.checked_sub(more));
        if reserved.is_ok() {
            self.reserved += more;
        }
        reserved.is_ok()
    }
}

impl Drop for ReservedBytes {
    fn drop(&mut self) {
        self.free.fetch_add(self.reserved, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(last: u8) -> Option<Client> {
        Some(Client::at([192, 0, 2, last].into()))
    }

    #[test]
    fn uses_are_limited_per_client_and_in_total() {
        let quota = Quota::new(3, 2);
        let first = quota.acquire(client(1)).ok();
        let second = quota.acquire(client(1)).ok();
        assert_eq!(quota.acquire(client(1)).err(), Some(Full::Client));
        let third = quota.acquire(client(2)).ok();
        assert!(first.is_some() && second.is_some() && third.is_some());
        assert_eq!(quota.acquire(client(3)).err(), Some(Full::Total));
        assert_eq!(quota.acquire(None).err(), Some(Full::Total));
        drop(first);
        assert!(quota.acquire(client(1)).is_ok());
        drop((second, third));
        assert!(quota.uses().by_client.is_empty());
        assert_eq!(quota.uses().total, 0);
    }

    #[test]
    fn small_bodies_always_fit_and_large_ones_while_bytes_are_free() {
        let limits = Limits::new(Edge::default());
        let mut large = limits.body_bytes();
        assert!(large.grow_to(BODY_BYTES));
        let mut other = limits.body_bytes();
        assert!(other.grow_to(UNCOUNTED_BODY_BYTES));
        assert!(
            other.grow_to(2 * UNCOUNTED_BODY_BYTES),
            "the uncounted bytes of the first body are still free"
        );
        assert!(!other.grow_to(2 * UNCOUNTED_BODY_BYTES + 1));
        drop(large);
        assert!(other.grow_to(BODY_BYTES));
        drop(other);
        assert_eq!(limits.free_body_bytes.load(Ordering::Relaxed), BODY_BYTES);
    }
}
