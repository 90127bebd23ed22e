//! What there is only so much of, and who has it.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use actix_web::HttpRequest;
use actix_web::http::StatusCode;

use super::Edge;
use super::client::Client;
use crate::error::ApiError;

/// Bytes of all bodies that are being received. Of each the first few are not counted, so that large ones that come
/// slowly never keep an ordinary order out.
const BODY_BYTES: usize = 24 * 1024 * 1024;
const FREE_BODY_BYTES: usize = 4 * 1024;
/// The same of answers that are being sent.
const ANSWER_BYTES: usize = 64 * 1024 * 1024;
const FREE_ANSWER_BYTES: usize = 16 * 1024;

/// Of a server, shared by its threads.
pub struct Limits {
    pub edge: Edge,
    streams: Arc<Quota>,
    exports: Arc<Quota>,
    bodies: Arc<AtomicUsize>,
    answers: Arc<AtomicUsize>,
}

impl Limits {
    pub fn new(edge: Edge) -> Limits {
        let caps = edge.caps;
        Limits {
            edge,
            // All of a process are limited where they are fed.
            streams: Quota::new(usize::MAX, caps.streams_per_address),
            exports: Quota::new(caps.exports, caps.exports_per_address),
            bodies: Arc::new(AtomicUsize::new(BODY_BYTES)),
            answers: Arc::new(AtomicUsize::new(ANSWER_BYTES)),
        }
    }

    /// One more stream of live figures for the client of a request.
    pub fn stream(&self, request: &HttpRequest) -> Result<Permit, ApiError> {
        let message = "Too many streams of live figures are open from this address: close some of them";
        self.take(&self.streams, request).map_err(|_| rate_limited(message))
    }

    /// One more download of a whole list.
    pub fn export(&self, request: &HttpRequest) -> Result<Permit, ApiError> {
        self.take(&self.exports, request).map_err(|full| {
            rate_limited(match full {
                Full::Client => "Too many downloads are under way from this address: let one of them end",
                Full::All => "Too many downloads are under way: try again when one of them has ended",
            })
        })
    }

    fn take(&self, quota: &Arc<Quota>, request: &HttpRequest) -> Result<Permit, Full> {
        quota.take(Some(self.client(request)))
    }

    /// Whom the limits of a request are counted for.
    pub fn client(&self, request: &HttpRequest) -> Client {
        Client::of(request, &self.edge.trusted_proxies)
    }

    /// Room for a body that is received bit by bit.
    pub fn body(&self) -> Share {
        Share { left: self.bodies.clone(), free: FREE_BODY_BYTES, taken: 0 }
    }

    /// Room for an answer.
    pub fn answer(&self) -> Share {
        Share { left: self.answers.clone(), free: FREE_ANSWER_BYTES, taken: 0 }
    }
}

/// Seconds after which there may be room again.
const RETRY_AFTER: &str = "5";

fn rate_limited(message: &str) -> ApiError {
    ApiError::new(StatusCode::TOO_MANY_REQUESTS, "rate_limited", message)
        .with_header("retry-after", RETRY_AFTER)
}

/// A number that may be had at once, in all and by each client.
pub struct Quota {
    most: usize,
    most_each: usize,
    taken: Mutex<Taken>,
}

#[derive(Default)]
struct Taken {
    all: usize,
    by_client: HashMap<Client, usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Full {
    All,
    Client,
}

impl Quota {
    pub fn new(most: usize, most_each: usize) -> Arc<Quota> {
        Arc::new(Quota { most, most_each, taken: Mutex::default() })
    }

    /// One more, until what is returned is dropped. Without a client it counts in all only.
    pub fn take(self: &Arc<Self>, client: Option<Client>) -> Result<Permit, Full> {
        let mut taken = self.taken();
        if taken.all >= self.most {
            return Err(Full::All);
        }
        if let Some(client) = client {
            let of_client = taken.by_client.entry(client).or_default();
            if *of_client >= self.most_each {
                return Err(Full::Client);
            }
            *of_client += 1;
        }
        taken.all += 1;
        Ok(Permit { quota: self.clone(), client })
    }

    /// Counts are whole also where somebody has panicked beside them.
    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One of a quota; dropping it gives it back.
pub struct Permit {
    quota: Arc<Quota>,
    client: Option<Client>,
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut taken = self.quota.taken();
        taken.all -= 1;
        let Some(client) = self.client else { return };
        if let Some(of_client) = taken.by_client.get_mut(&client) {
            *of_client -= 1;
            if *of_client == 0 {
                taken.by_client.remove(&client);
            }
        }
    }
}

/// A body's part of the bytes that there are for all of them; dropping it gives it back.
pub struct Share {
    left: Arc<AtomicUsize>,
    /// What is not counted.
    free: usize,
    taken: usize,
}

impl Share {
    /// Makes it large enough for a body of this size. False when there is not as much.
    pub fn fits(&mut self, size: usize) -> bool {
        let more = size.saturating_sub(self.free).saturating_sub(self.taken);
        let took =
            self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(more));
        if took.is_ok() {
            self.taken += more;
        }
        took.is_ok()
    }

    pub fn is_free(&self) -> bool {
        self.taken == 0
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.left.fetch_add(self.taken, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(last: u8) -> Option<Client> {
        Some(Client::at([192, 0, 2, last].into()))
    }

    #[test]
    fn a_client_has_its_part_and_all_have_theirs() {
        let quota = Quota::new(3, 2);
        let first = quota.take(client(1)).ok();
        let second = quota.take(client(1)).ok();
        assert_eq!(quota.take(client(1)).err(), Some(Full::Client));
        let third = quota.take(client(2)).ok();
        assert!(first.is_some() && second.is_some() && third.is_some());
        assert_eq!(quota.take(client(3)).err(), Some(Full::All));
        assert_eq!(quota.take(None).err(), Some(Full::All));
        drop(first);
        assert!(quota.take(client(1)).is_ok());
        drop((second, third));
        assert!(quota.taken().by_client.is_empty());
        assert_eq!(quota.taken().all, 0);
    }

    #[test]
    fn small_bodies_always_fit_and_large_ones_while_there_is_room() {
        let limits = Limits::new(Edge::default());
        let mut large = limits.body();
        assert!(large.fits(BODY_BYTES));
        let mut other = limits.body();
        assert!(other.fits(FREE_BODY_BYTES));
        assert!(other.fits(2 * FREE_BODY_BYTES), "what is free was left over by the first");
        assert!(!other.fits(2 * FREE_BODY_BYTES + 1));
        drop(large);
        assert!(other.fits(BODY_BYTES));
        drop(other);
        assert_eq!(limits.bodies.load(Ordering::Relaxed), BODY_BYTES);
    }
}
