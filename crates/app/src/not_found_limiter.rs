use std::net::IpAddr;
use std::num::NonZeroUsize;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use lru::LruCache;

/// Limits the requests of a client for offers and codes that do not exist. Such requests may be attempts to guess
/// codes, and they cost the database useless lookups.
///
/// A token bucket per client, stored as the time at which it is full again. The governor crate does the same, but it
/// checks for a token and takes it in one step. Here the check is before a lookup, and a token is taken only if the
/// lookup finds nothing.
pub(crate) struct NotFoundLimiter(Mutex<LruCache<IpAddr, Instant>>);

/// Size of the bucket: misses that a client may have in a burst.
const BURST: u32 = 1_000;
/// Time until one more miss is allowed.
const INTERVAL: Duration = Duration::from_millis(100);
/// Number of clients kept. The ones whose last miss is oldest are dropped first.
const CLIENTS: NonZeroUsize = NonZeroUsize::new(10_000).expect("not zero");

impl Default for NotFoundLimiter {
    fn default() -> NotFoundLimiter {
        NotFoundLimiter(Mutex::new(LruCache::new(CLIENTS)))
    }
}

impl NotFoundLimiter {
    /// Returns how long the client must wait, if it has no tokens left.
    pub fn wait(&self, client: IpAddr, now: Instant) -> Option<Duration> {
        let full_at = *self.full_at().peek(&client)?;
        let empty = INTERVAL * (BURST - 1);
        full_at.checked_duration_since(now)?.checked_sub(empty).filter(|wait| !wait.is_zero())
    }

    /// Takes a token after a request for something that does not exist.
    pub fn miss(&self, client: IpAddr, now: Instant) {
        let mut full_at = self.full_at();
        let before = full_at.get(&client).map_or(now, |full_at| (*full_at).max(now));
        full_at.put(client, before + INTERVAL);
    }

    fn full_at(&self) -> MutexGuard<'_, LruCache<IpAddr, Instant>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn a_client_may_miss_a_burst_and_then_once_per_interval() {
        let (limiter, client, now) = (NotFoundLimiter::default(), ip("192.0.2.1"), Instant::now());
        for _ in 0..BURST {
            assert_eq!(limiter.wait(client, now), None);
            limiter.miss(client, now);
        }
        assert_eq!(limiter.wait(client, now), Some(INTERVAL));
        assert_eq!(limiter.wait(ip("192.0.2.2"), now), None);
        let later = now + INTERVAL;
        assert_eq!(limiter.wait(client, later), None);
        limiter.miss(client, later);
        assert_eq!(limiter.wait(client, later), Some(INTERVAL));
        let much_later = later + INTERVAL * BURST;
        assert_eq!(limiter.wait(client, much_later), None);
    }
}
