//! Live figures: what open dashboards are told as redemptions come in.
//!
//! What is told is a state, never a difference, so nobody misses anything by missing something. A process that
//! changes an offer says so by NOTIFY ([`News`]); every process that has watchers hears it, reads the offers
//! that are watched, all of them in one go, and hands each to whoever watches it. What NOTIFY should lose is
//! made good by reading again every now and then.

mod board;
mod news;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, FixedOffset};
use offercast_domain::{Analytics, Day, Kpis, OfferRef};
use offercast_storage::{ChangeListener, Heard, OfferAnalyticsRepository, StoredOffer};
use rust_decimal::Decimal;
use tokio::runtime::Handle;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until};

use crate::{App, Clock, Error, OfferView, Pool, StorageError};
use board::Board;
pub(crate) use news::News;

/// Watchers that a process has at most; a hundred times as many as a house has staff.
const MOST_WATCHERS: usize = 5_000;

/// How long the listener rests before it tries a database that is away again.
const RECONNECT: Duration = Duration::from_secs(1);

/// An offer as it stands, for whoever watches it.
#[derive(Debug, Clone, PartialEq)]
pub struct LiveView {
    pub offer: OfferView,
    /// With the offset of the offer's zone.
    pub as_of: DateTime<FixedOffset>,
    pub kpis: Kpis,
    pub today: Day,
}

impl LiveView {
    /// Whether there is nothing new to see.
    fn shows_the_same_as(&self, other: &LiveView) -> bool {
        LiveView { as_of: other.as_of, ..self.clone() } == *other
    }
}

/// The live figures of a process. Clones share them.
#[derive(Clone)]
pub(crate) struct Live(Arc<Hub>);

struct Hub {
    pool: Pool,
    clock: Clock,
    /// Where it works: a web server's worker may end before the watchers of others do.
    runtime: Handle,
    board: Mutex<Board>,
    /// What is due on the board, or whether anybody watches, may have changed.
    changed: Notify,
    places: Arc<Semaphore>,
    closed: watch::Sender<bool>,
}

/// Somebody's view of an offer.
pub struct Watch {
    updates: watch::Receiver<Option<Arc<LiveView>>>,
    closed: watch::Receiver<bool>,
    /// Given back last, behind the updates.
    _place: Place,
}

struct Place {
    hub: Arc<Hub>,
    _permit: OwnedSemaphorePermit,
}

impl Drop for Place {
    /// Nobody may be left who watches.
    fn drop(&mut self) {
        self.hub.changed.notify_one();
    }
}

impl Watch {
    /// The offer as it stands at first, then each time that it has changed, skipping what was overtaken. None
    /// when there is nothing more to come: the process stops, or the offer is gone.
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

/// Watches an offer until the watch is dropped.
pub async fn watch_offer(app: &App, offer: &OfferRef) -> Result<Watch, Error> {
    let view = crate::show_offer(app, offer).await?;
    app.live.watch(view.stored.offer.id)
}

impl Live {
    /// Wants to be made in the runtime that lives as long as the program.
    pub fn new(pool: Pool, clock: Clock) -> Live {
        Live(Arc::new(Hub {
            pool,
            clock,
            runtime: Handle::current(),
            board: Mutex::default(),
            changed: Notify::new(),
            places: Arc::new(Semaphore::new(MOST_WATCHERS)),
            closed: watch::Sender::new(false),
        }))
    }

    fn watch(&self, offer_id: i64) -> Result<Watch, Error> {
        let permit = self.0.places.clone().try_acquire_owned();
        let permit = permit.map_err(|_| Error::Busy("too many watch offers live"))?;
        let place = Place { hub: self.0.clone(), _permit: permit };
        let (updates, is_first) = self.0.board().join(offer_id, Instant::now());
        if is_first {
            self.0.runtime.spawn(serve(self.0.clone()));
        }
        self.0.changed.notify_one();
        Ok(Watch { updates, closed: self.0.closed.subscribe(), _place: place })
    }

    pub fn watchers(&self) -> usize {
        MOST_WATCHERS - self.0.places.available_permits()
    }

    /// Ends all watches, those that are still to begin too.
    pub fn close(&self) {
        self.0.closed.send_replace(true);
    }
}

/// Works for as long as anybody watches.
async fn serve(hub: Arc<Hub>) {
    // Dropped, it ends the listening.
    let mut listening = JoinSet::new();
    listening.spawn(listen(hub.clone()));
    loop {
        let Some(due) = hub.board().next_due() else { return };
        tokio::select! {
            () = hub.changed.notified() => {}
            () = sleep_until(due) => hub.refresh().await,
        }
    }
}

async fn listen(hub: Arc<Hub>) {
    loop {
        if let Err(error) = hub.follow_changes().await {
            let error = &error as &dyn std::error::Error;
            tracing::warn!(error, "live figures are late: changes cannot be heard");
        }
        sleep(RECONNECT).await;
    }
}

impl Hub {
    /// A panic of another thread leaves the board as it was before or after a step, never within one.
    fn board(&self) -> MutexGuard<'_, Board> {
        self.board.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn follow_changes(&self) -> Result<(), StorageError> {
        let mut listener = ChangeListener::connect(&self.pool).await?;
        // What has changed while nobody listened.
        self.mark(&Heard::Gap);
        loop {
            self.mark(&listener.next().await?);
        }
    }

    fn mark(&self, heard: &Heard) {
        match heard {
            Heard::Changed(offers) => self.board().mark(offers),
            Heard::Gap => self.board().mark_all(),
        }
        self.changed.notify_one();
    }

    /// Reads what is due. What cannot be read now stays due.
    async fn refresh(&self) {
        let due = self.board().take_due(Instant::now());
        match self.read(&due).await {
            Ok(views) => self.board().publish(&due, views),
            Err(error) => {
                let error = &error as &dyn std::error::Error;
                tracing::warn!(error, "live figures are late: offers cannot be read");
                self.board().mark(&due);
            }
        }
    }

    /// All of them from one snapshot, in two queries however many they are.
    async fn read(&self, offer_ids: &[i64]) -> Result<Vec<LiveView>, Error> {
        if offer_ids.is_empty() {
            return Ok(Vec::new());
        }
        let mut tx = self.pool.snapshot().await?;
        let now = self.clock.now();
        let offers = offercast_storage::find_offers(&mut tx, offer_ids).await?;
        let today = |stored: &StoredOffer| stored.offer.terms.zone.day_of(now);
        let since: Vec<_> = offers.iter().map(|stored| (stored.offer.id, today(stored))).collect();
        let days = OfferAnalyticsRepository::new(&mut tx).days_since(&since).await?;
        tx.commit().await?;
        let days: HashMap<_, _> = days.into_iter().map(|(id, day)| ((id, day.date), day)).collect();
        let view = |stored: StoredOffer| {
            let date = today(&stored);
            let nothing = Day { date, redemptions: 0, discount: Decimal::ZERO };
            let day = days.get(&(stored.offer.id, date)).copied().unwrap_or(nothing);
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
