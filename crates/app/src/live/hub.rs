use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use offercast_domain::{Analytics, Day};
use offercast_storage::analytics::OfferAnalyticsRepository;
use offercast_storage::change_feed::{ChangeEvent, ChangeListener};
use offercast_storage::offers::{self, StoredOffer};
use rust_decimal::Decimal;
use tokio::runtime::Handle;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until};

use super::LiveView;
use super::subscriptions::Subscriptions;
use crate::{Clock, Error, OfferView, Pool, StorageError};

/// Subscribers per process: a hundred times the staff of a large company.
const MAX_SUBSCRIBERS: usize = 5_000;

/// Pause before the listener reconnects to a database that cannot be reached.
const RECONNECT: Duration = Duration::from_secs(1);

/// Reads changed offers and publishes them to subscribers. Clones share the subscriptions.
#[derive(Clone)]
pub(crate) struct Hub(Arc<Shared>);

struct Shared {
    pool: Pool,
    clock: Clock,
    /// The hub's tasks run here, because an actix worker may end while other workers still have subscribers.
    main_runtime: Handle,
    subscriptions: Mutex<Subscriptions>,
    /// Wakes the publishing task: what is due may have changed, or the last subscriber may have gone.
    changed: Notify,
    permits: Arc<Semaphore>,
    closed: watch::Sender<bool>,
}

/// A subscription to the updates of one offer.
pub struct Subscription {
    updates: watch::Receiver<Option<Arc<LiveView>>>,
    closed: watch::Receiver<bool>,
    /// Dropped last, after `updates`.
    _permit: SubscriberPermit,
}

struct SubscriberPermit {
    shared: Arc<Shared>,
    _permit: OwnedSemaphorePermit,
}

impl Drop for SubscriberPermit {
    /// This may have been the last subscriber.
    fn drop(&mut self) {
        self.shared.changed.notify_one();
    }
}

impl Subscription {
    /// Returns the current state at first, then the state after each change; states that a newer one has replaced are
    /// skipped. `None` when no more will come: the process stops, or the offer was deleted.
    pub async fn next(&mut self) -> Option<Arc<LiveView>> {
        loop {
            tokio::select! {
                changed = self.updates.changed() => changed.ok()?,
                _ = self.closed.wait_for(|closed| *closed) => return None,
            }
            if let Some(view) = self.updates.borrow_and_update().clone() {
                return Some(view);
            }
        }
    }
}

impl Hub {
    /// Must be called in the runtime that lives as long as the program.
    pub fn new(pool: Pool, clock: Clock) -> Hub {
        Hub(Arc::new(Shared {
            pool,
            clock,
            main_runtime: Handle::current(),
            subscriptions: Mutex::default(),
            changed: Notify::new(),
            permits: Arc::new(Semaphore::new(MAX_SUBSCRIBERS)),
            closed: watch::Sender::new(false),
        }))
    }

    pub fn subscribe(&self, offer_id: i64) -> Result<Subscription, Error> {
        let permit = self.0.permits.clone().try_acquire_owned();
        let permit = permit.map_err(|_| Error::Busy("too many subscribe to live updates"))?;
        let permit = SubscriberPermit { shared: self.0.clone(), _permit: permit };
        let (updates, is_first) = self.0.subscriptions().subscribe(offer_id, Instant::now());
        if is_first {
            self.0.main_runtime.spawn(publish(self.0.clone()));
        }
        self.0.changed.notify_one();
        Ok(Subscription { updates, closed: self.0.closed.subscribe(), _permit: permit })
    }

    pub fn subscribers(&self) -> usize {
        MAX_SUBSCRIBERS - self.0.permits.available_permits()
    }

    /// Ends all subscriptions, including those that are about to start.
    pub fn close(&self) {
        self.0.closed.send_replace(true);
    }
}

/// Runs while there are subscribers.
async fn publish(shared: Arc<Shared>) {
    // Dropping the set ends the listening.
    let mut listening = JoinSet::new();
    listening.spawn(listen(shared.clone()));
    loop {
        let Some(due) = shared.subscriptions().next_due() else { return };
        tokio::select! {
            () = shared.changed.notified() => {}
            () = sleep_until(due) => shared.refresh().await,
        }
    }
}

async fn listen(shared: Arc<Shared>) {
    loop {
        if let Err(error) = shared.follow_changes().await {
            let error = &error as &dyn std::error::Error;
            tracing::warn!(error, "live updates are late: cannot listen for changes");
        }
        sleep(RECONNECT).await;
    }
}

impl Shared {
    /// A panic in another thread cannot leave the subscriptions half changed.
    fn subscriptions(&self) -> MutexGuard<'_, Subscriptions> {
        self.subscriptions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn follow_changes(&self) -> Result<(), StorageError> {
        let mut listener = ChangeListener::connect(&self.pool).await?;
        // Anything may have changed before the listener was connected.
        self.mark_changed(&ChangeEvent::Reconnected);
        loop {
            self.mark_changed(&listener.next().await?);
        }
    }

    fn mark_changed(&self, event: &ChangeEvent) {
        match event {
            ChangeEvent::Changed(offers) => self.subscriptions().mark_changed(offers),
            ChangeEvent::Reconnected => self.subscriptions().mark_all_changed(),
        }
        self.changed.notify_one();
    }

    /// Reads and publishes what is due. After an error it stays due.
    async fn refresh(&self) {
        let due = self.subscriptions().take_due(Instant::now());
        match self.read(&due).await {
            Ok(views) => self.subscriptions().publish(&due, views),
            Err(error) => {
                let error = &error as &dyn std::error::Error;
                tracing::warn!(error, "live updates are late: cannot read offers");
                self.subscriptions().mark_changed(&due);
            }
        }
    }

    /// Reads all offers in one snapshot with two queries, however many there are.
    async fn read(&self, offer_ids: &[i64]) -> Result<Vec<LiveView>, Error> {
        if offer_ids.is_empty() {
            return Ok(Vec::new());
        }
        let mut tx = self.pool.snapshot().await?;
        let now = self.clock.now();
        let offers = offers::find_offers(&mut tx, offer_ids).await?;
        let today = |stored: &StoredOffer| stored.offer.terms.zone.day_of(now);
        let since: Vec<_> = offers.iter().map(|stored| (stored.offer.id, today(stored))).collect();
        let days = OfferAnalyticsRepository::new(&mut tx).days_since(&since).await?;
        tx.commit().await?;
        let days: HashMap<_, _> = days.into_iter().map(|(id, day)| ((id, day.date), day)).collect();
        let view = |stored: StoredOffer| {
            let date = today(&stored);
            let empty = Day { date, redemptions: 0, discount: Decimal::ZERO };
            let day = days.get(&(stored.offer.id, date)).copied().unwrap_or(empty);
            let as_of = stored.offer.terms.zone.at(now);
            let offer = OfferView::at(now, stored);
            let StoredOffer { offer: terms, totals, .. } = &offer.stored;
            let analytics = Analytics { offer: terms, totals: *totals, days: &[], today: date };
            let kpis = analytics.kpis(offer.remaining_budget);
            LiveView { kpis, today: day, as_of, offer }
        };
        Ok(offers.into_iter().map(view).collect())
    }
}
