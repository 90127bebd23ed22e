use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use lru::LruCache;
use offercast_domain::{Offer, OfferRef};
use offercast_storage::jobs::FORECAST_DELAY;
use offercast_storage::{Counters, FORECAST_MARGIN};

/// Offers that are remembered; those that were redeemed longest ago are forgotten first.
const MOST: NonZeroUsize = NonZeroUsize::new(10_000).expect("not zero");

/// What a batch is decided on.
#[derive(Debug, Clone)]
pub(super) struct Facts {
    pub offer: Arc<Offer>,
    pub counters: Counters,
    pub forecast: Upkeep,
}

/// How the forecast of an offer follows its redemptions: some seconds after the first, and while more of them come, not
/// again and again.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Upkeep {
    /// When the last one is or was made that we know of.
    at: Option<Instant>,
}

/// Between two forecasts of an offer that is being redeemed, and what may come to it: offers that were redeemed first at
/// the same time come apart.
const EVERY: Duration = Duration::from_secs(30);
const APART_MS: u64 = 10_000;

impl Upkeep {
    pub fn at(at: Instant) -> Upkeep {
        Upkeep { at: Some(at) }
    }

    /// In what time one of this offer is wanted that sees what is redeemed now; None if one that waits will see it.
    pub fn wanted_in(self, offer_id: i64, now: Instant) -> Option<Duration> {
        let Some(at) = self.at else { return Some(FORECAST_DELAY) };
        let does_wait = at > now + FORECAST_MARGIN;
        let apart = Duration::from_millis(offer_id.unsigned_abs() % APART_MS * 7_919 % APART_MS);
        let next = at + EVERY + apart;
        (!does_wait).then(|| next.saturating_duration_since(now).max(FORECAST_DELAY))
    }
}

#[derive(Debug, Clone)]
struct Known {
    facts: Facts,
    is_settled: bool,
}

/// How offers stood after their last batches. Nothing is decided by it alone: what is decided on remembered
/// facts is written only if they still hold.
pub(crate) struct Memory(Mutex<LruCache<OfferRef, Known>>);

impl Memory {
    pub fn new() -> Memory {
        Memory(Mutex::new(LruCache::new(MOST)))
    }

    /// If nobody else was at the offer between its last two batches, so that it is likely to be still so.
    pub(super) fn settled(&self, offer: &OfferRef) -> Option<Facts> {
        self.known().get(offer).filter(|known| known.is_settled).map(|known| known.facts.clone())
    }

    pub fn knows(&self, offer: &OfferRef) -> bool {
        self.known().contains(offer)
    }

    pub(super) fn get(&self, offer: &OfferRef) -> Option<Facts> {
        self.known().get(offer).map(|known| known.facts.clone())
    }

    pub(super) fn keep(&self, offer: &OfferRef, facts: Facts, is_settled: bool) {
        self.known().put(offer.clone(), Known { facts, is_settled });
    }

    pub(super) fn forget(&self, offer: &OfferRef) {
        self.known().pop(offer);
    }

    fn known(&self) -> MutexGuard<'_, LruCache<OfferRef, Known>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forecast_follows_soon_and_the_next_one_not_at_once() {
        let now = Instant::now();
        let wanted = |upkeep: Upkeep, now| upkeep.wanted_in(0, now);
        assert_eq!(wanted(Upkeep::default(), now), Some(FORECAST_DELAY));
        let waits = Upkeep::at(now + FORECAST_DELAY);
        assert_eq!(wanted(waits, now), None);
        // Too late to be seen by that one for certain.
        let late = now + FORECAST_DELAY - FORECAST_MARGIN;
        assert_eq!(wanted(waits, late), Some(FORECAST_MARGIN + EVERY));
        let soon_after = now + FORECAST_DELAY + Duration::from_secs(10);
        assert_eq!(wanted(waits, soon_after), Some(EVERY - Duration::from_secs(10)));
        let long_after = now + FORECAST_DELAY + EVERY;
        assert_eq!(wanted(waits, long_after), Some(FORECAST_DELAY));
        for other in [1, i64::MAX] {
            assert!(
                waits.wanted_in(other, soon_after) > wanted(waits, soon_after),
                "others come apart from it"
            );
        }
    }
}
