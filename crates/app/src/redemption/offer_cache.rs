use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use lru::LruCache;
use offercast_domain::{Held, Offer, OfferRef};
use offercast_storage::redemption::commit_batch::Counters;

use super::forecast_throttle::ForecastThrottle;

/// Cached offers. The least recently redeemed are evicted.
const CAPACITY: NonZeroUsize = NonZeroUsize::new(10_000).expect("not zero");

/// The state of an offer that a batch is decided on.
#[derive(Debug, Clone)]
pub(super) struct OfferSnapshot {
    pub offer: Arc<Offer>,
    pub counters: Counters,
    pub forecast: ForecastThrottle,
}

impl OfferSnapshot {
    /// Whether redemptions can be decided without reading anything else: the offer has no open holds and does not
    /// limit redemptions per customer.
    pub fn can_combine(&self) -> bool {
        self.counters.totals.held == Held::default()
            && self.offer.terms.max_redemptions_per_customer.is_none()
    }
}

#[derive(Debug, Clone)]
struct CachedOffer {
    snapshot: OfferSnapshot,
    /// Whether no other process changed the offer between its last two batches.
    is_sole_user: bool,
}

/// Offers as they were after their last batches. The cache alone never decides: what is decided on a cached offer is
/// written only if its counter row is unchanged.
pub(crate) struct OfferCache(Mutex<LruCache<OfferRef, CachedOffer>>);

impl OfferCache {
    pub fn new() -> OfferCache {
        OfferCache(Mutex::new(LruCache::new(CAPACITY)))
    }

    /// The offer, if this process is probably the only one that redeems it, so that the cached state is current.
    pub(super) fn get_if_sole_user(&self, offer: &OfferRef) -> Option<OfferSnapshot> {
        self.lock().get(offer).filter(|cached| cached.is_sole_user).map(|cached| cached.snapshot.clone())
    }

    pub fn contains(&self, offer: &OfferRef) -> bool {
        self.lock().contains(offer)
    }

    pub(super) fn get(&self, offer: &OfferRef) -> Option<OfferSnapshot> {
        self.lock().get(offer).map(|cached| cached.snapshot.clone())
    }

    pub(super) fn insert(&self, offer: &OfferRef, snapshot: OfferSnapshot, is_sole_user: bool) {
        self.lock().put(offer.clone(), CachedOffer { snapshot, is_sole_user });
    }

    pub(super) fn remove(&self, offer: &OfferRef) {
        self.lock().pop(offer);
    }

    fn lock(&self) -> MutexGuard<'_, LruCache<OfferRef, CachedOffer>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
