use std::net::IpAddr;
use std::num::NonZeroUsize;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use lru::LruCache;

/// Limits how often a client names offers and codes that do not exist: guesses of codes, and work for the database that
/// leads to nothing.
///
/// A token bucket for each client, kept as the moment at which it is full again. governor, which does the same, can only
/// take a token while it asks for one; here a token is taken when a look-up has found nothing, and a client without
/// tokens is refused before the next look-up.
pub(crate) struct MissLimiter(Mutex<LruCache<IpAddr, Instant>>);

/// Misses that a client may have at once.
const BURST: u32 = 1_000;
/// The time in which one more is allowed.
const INTERVAL: Duration = Duration::from_millis(100);
/// Clients that are remembered; those whose last miss is longest ago are forgotten first.
const CLIENTS: NonZeroUsize = NonZeroUsize::new(10_000).expect("not zero");

impl Default for MissLimiter {
    fn default() -> MissLimiter {
        MissLimiter(Mutex::new(LruCache::new(CLIENTS)))
    }
}

impl MissLimiter {
    /// How long the client has to wait before it may miss again, if it has no tokens left.
    pub fn wait(&self, client: IpAddr, now: Instant) -> Option<Duration> {
        let full_at = *self.full_at().peek(&client)?;
        let empty = INTERVAL * (BURST - 1);
        full_at.checked_duration_since(now)?.checked_sub(empty).filter(|wait| !wait.is_zero())
    }

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
    fn a_client_misses_so_often_and_then_once_an_interval() {
        let (limiter, client, now) = (MissLimiter::default(), ip("192.0.2.1"), Instant::now());
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
