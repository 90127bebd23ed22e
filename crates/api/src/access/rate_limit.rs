use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};
use offercast_domain::access::Actor;

use crate::error::ApiError;

type Limiter = RateLimiter<Actor, DashMapStateStore<Actor>, DefaultClock, StateInformationMiddleware>;

/// Limits the requests of each key and person; a batch counts with its rows. A rotated key and all sessions of a person
/// share one limit. The limit is one second of requests at once, and then as many each second.
pub struct RateLimits {
    per_second: NonZeroU32,
    limiter: Limiter,
    checks: AtomicU32,
}

/// What a client may still send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Remaining {
    per_second: u32,
    remaining: u32,
}

/// Checks between two removals of actors that have not sent anything for long.
const CLEAN_UP: u32 = 1 << 16;

const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const LIMIT: HeaderName = HeaderName::from_static("ratelimit");

impl RateLimits {
    pub fn new(per_second: NonZeroU32) -> RateLimits {
        let limiter = RateLimiter::dashmap(Quota::per_second(per_second)).with_middleware();
        RateLimits { per_second, limiter, checks: AtomicU32::new(0) }
    }

    /// Counts one request.
    pub fn check(&self, actor: Actor) -> Result<Remaining, ApiError> {
        if self.checks.fetch_add(1, Ordering::Relaxed) % CLEAN_UP == CLEAN_UP - 1 {
            self.limiter.retain_recent();
        }
        match self.limiter.check_key(&actor) {
            Ok(state) => Ok(self.remaining(state.remaining_burst_capacity())),
            Err(full) => Err(self.rejection(full.wait_time_from(DefaultClock::default().now()))),
        }
    }

    /// Counts the rows of a batch, of which the request itself counted as the first.
    pub fn check_rows(&self, actor: Actor, rows: usize) -> Result<(), ApiError> {
        let more = u32::try_from(rows.saturating_sub(1)).ok().and_then(NonZeroU32::new);
        let Some(more) = more else { return Ok(()) };
        match self.limiter.check_key_n(&actor, more) {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(full)) => Err(self.rejection(full.wait_time_from(DefaultClock::default().now()))),
            // More than ever fit: a retry would not work.
            Err(_) => {
                let most = self.per_second;
                let message =
                    format!("must have at most {most} rows, the requests that are accepted each second");
                Err(ApiError::field("body", "out_of_range", message))
            }
        }
    }

    fn remaining(&self, remaining: u32) -> Remaining {
        Remaining { per_second: self.per_second.get(), remaining }
    }

    fn rejection(&self, wait: Duration) -> ApiError {
        let seconds = wait.as_secs() + 1;
        let message = format!(
            "Too many requests: {} are accepted each second from a key or person; try again in {seconds} s",
            self.per_second
        );
        let state = self.remaining(0);
        ApiError::new(StatusCode::TOO_MANY_REQUESTS, "rate_limited", message)
            .with_header("retry-after", seconds.to_string())
            .with_header("ratelimit-policy", state.policy())
            .with_header("ratelimit", state.limit())
    }
}

impl Remaining {
    fn policy(self) -> String {
        format!("\"default\";q={};w=1", self.per_second)
    }

    fn limit(self) -> String {
        format!("\"default\";r={};t=1", self.remaining)
    }

    /// Adds the headers of draft-ietf-httpapi-ratelimit-headers.
    pub fn add_to(self, headers: &mut HeaderMap) {
        for (name, value) in [(POLICY, self.policy()), (LIMIT, self.limit())] {
            if let Ok(value) = HeaderValue::try_from(value) {
                headers.insert(name, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(per_second: u32) -> RateLimits {
        RateLimits::new(NonZeroU32::new(per_second).unwrap())
    }

    #[test]
    fn each_actor_has_a_limit_of_its_own() {
        let limits = limits(2);
        let (one, other) = (Actor::Key(1), Actor::User(1));
        assert_eq!(limits.check(one).unwrap().remaining, 1);
        assert_eq!(limits.check(one).unwrap().limit(), "\"default\";r=0;t=1");
        let full = limits.check(one).unwrap_err();
        assert_eq!((full.status.as_u16(), full.code), (429, "rate_limited"));
        assert!(full.headers.iter().any(|(name, value)| *name == "retry-after" && value == "1"));
        assert!(limits.check(other).is_ok());
    }

    #[test]
    fn the_rows_of_a_batch_count() {
        let limits = limits(10);
        limits.check(Actor::Key(1)).unwrap();
        assert!(limits.check_rows(Actor::Key(1), 10).is_ok());
        assert!(limits.check_rows(Actor::Key(1), 2).is_err());
        assert!(limits.check_rows(Actor::Key(2), 1).is_ok());
        assert!(limits.check_rows(Actor::Key(2), 12).is_err(), "more than ever fit");
    }
}
