use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use lru::LruCache;
use offercast_domain::{Offer, OfferRef};
use offercast_storage::Counters;

/// Offers that are remembered; those that were redeemed longest ago are forgotten first.
const MOST: NonZeroUsize = NonZeroUsize::new(10_000).expect("not zero");

/// What a batch is decided on.
#[derive(Debug, Clone)]
pub(super) struct Facts {
    pub offer: Arc<Offer>,
    pub counters: Counters,
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
