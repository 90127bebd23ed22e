//! Quotas per client and in total, and memory limits for request and response bodies.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use actix_web::HttpRequest;
use actix_web::http::StatusCode;

use offercast_app::access::Principal;
use offercast_domain::access::Actor;

use super::Edge;
use super::client_address::{self, Client};
use crate::access::RateLimits;
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
    pub rates: RateLimits,
    streams: Arc<Quota<Client>>,
    streams_of_callers: Arc<Quota<Actor>>,
    exports: Arc<Quota<Client>>,
    exports_of_callers: Arc<Quota<Actor>>,
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
            streams_of_callers: Quota::new(usize::MAX, caps.streams_per_caller),
            exports: Quota::new(caps.exports, caps.exports_per_address),
            exports_of_callers: Quota::new(usize::MAX, caps.exports_per_caller),
            rates: RateLimits::new(caps.requests_per_second),
            free_body_bytes: Arc::new(AtomicUsize::new(BODY_BYTES)),
            free_response_bytes: Arc::new(AtomicUsize::new(RESPONSE_BYTES)),
        }
    }

    /// Permits one more event stream for the client of a request, and for the caller. 429 if one of them has too many.
    pub fn stream(&self, request: &HttpRequest, caller: &Principal) -> Result<CallerPermit, ApiError> {
        let message = "Too many event streams are open from this address; close one of them first";
        let of_client =
            self.streams.acquire(Some(self.client(request))).map_err(|_| rate_limited(message))?;
        let message = "Too many of your event streams are open; close one of them first";
        let of_caller =
            self.streams_of_callers.acquire(limited(caller)).map_err(|_| rate_limited(message))?;
        Ok(CallerPermit { _of_client: of_client, _of_caller: of_caller })
    }

    /// Permits one more download of a whole list. 429 if the client, the caller, or all clients together have too many.
    pub fn export(&self, request: &HttpRequest, caller: &Principal) -> Result<CallerPermit, ApiError> {
        let of_client = self.exports.acquire(Some(self.client(request))).map_err(|full| {
            rate_limited(match full {
                Full::Holder => "Too many downloads are running from this address; wait until one ends",
                Full::Total => "Too many downloads are running; wait until one ends",
            })
        })?;
        let message = "Too many of your downloads are running; wait until one ends";
        let of_caller =
            self.exports_of_callers.acquire(limited(caller)).map_err(|_| rate_limited(message))?;
        Ok(CallerPermit { _of_client: of_client, _of_caller: of_caller })
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

/// The actor that a limit counts for. Without access control, everybody would share one limit.
fn limited(caller: &Principal) -> Option<Actor> {
    Some(caller.actor()).filter(|actor| *actor != Actor::Anonymous)
}

/// One use by a client and a caller. Dropping it frees both.
pub struct CallerPermit {
    _of_client: Permit<Client>,
    _of_caller: Permit<Actor>,
}

/// `Retry-After` of 429 responses, in seconds.
const RETRY_AFTER: &str = "5";

fn rate_limited(message: &str) -> ApiError {
    ApiError::new(StatusCode::TOO_MANY_REQUESTS, "rate_limited", message)
        .with_header("retry-after", RETRY_AFTER)
}

/// A limit of concurrent uses, in total and per holder, such as a client.
pub struct Quota<H> {
    max_total: usize,
    max_per_holder: usize,
    uses: Mutex<Uses<H>>,
}

struct Uses<H> {
    total: usize,
    by_holder: HashMap<H, usize>,
}

/// The limit of a quota that is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Full {
    Total,
    Holder,
}

impl<H: Copy + Eq + Hash> Quota<H> {
    pub fn new(max_total: usize, max_per_holder: usize) -> Arc<Quota<H>> {
        let uses = Uses { total: 0, by_holder: HashMap::new() };
        Arc::new(Quota { max_total, max_per_holder, uses: Mutex::new(uses) })
    }

    /// Counts one more use until the permit is dropped. Without a holder, only the total is limited.
    pub fn acquire(self: &Arc<Self>, holder: Option<H>) -> Result<Permit<H>, Full> {
        let mut uses = self.uses();
        if uses.total >= self.max_total {
            return Err(Full::Total);
        }
        if let Some(holder) = holder {
            let of_holder = uses.by_holder.entry(holder).or_default();
            if *of_holder >= self.max_per_holder {
                return Err(Full::Holder);
            }
            *of_holder += 1;
        }
        uses.total += 1;
        Ok(Permit { quota: self.clone(), holder })
    }

    /// Ignores poisoning: a panic cannot leave the counts inconsistent.
    fn uses(&self) -> MutexGuard<'_, Uses<H>> {
        self.uses.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One use of a quota. Dropping it frees the use.
pub struct Permit<H: Copy + Eq + Hash> {
    quota: Arc<Quota<H>>,
    holder: Option<H>,
}

impl<H: Copy + Eq + Hash> Drop for Permit<H> {
    fn drop(&mut self) {
        let mut uses = self.quota.uses();
        uses.total -= 1;
        let Some(holder) = self.holder else { return };
        if let Some(of_holder) = uses.by_holder.get_mut(&holder) {
            *of_holder -= 1;
            if *of_holder == 0 {
                uses.by_holder.remove(&holder);
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
        assert_eq!(quota.acquire(client(1)).err(), Some(Full::Holder));
        let third = quota.acquire(client(2)).ok();
        assert!(first.is_some() && second.is_some() && third.is_some());
        assert_eq!(quota.acquire(client(3)).err(), Some(Full::Total));
        assert_eq!(quota.acquire(None).err(), Some(Full::Total));
        drop(first);
        assert!(quota.acquire(client(1)).is_ok());
        drop((second, third));
        assert!(quota.uses().by_holder.is_empty());
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
