//! The use cases: each loads, lets the rules decide, writes, and commits, in one transaction.

mod analytics;
mod clock;
mod codes;
pub mod csv_file;
mod error;
mod forecast_jobs;
mod forecasts;
pub mod import;
mod kept;
mod lanes;
mod ledger;
mod live;
mod misses;
mod offers;
mod overview;
mod quote;
mod redeem;
mod retries;

pub use analytics::{DashboardView, ForecastView, dashboard, forecast, what_if};
pub use clock::Clock;
pub use codes::{CodeCounts, CodesAnswer, IssuedCodes, ListedCode, codes_between, count_codes, issue_codes};
pub use error::Error;
pub use forecast_jobs::{
    ComputeOfferForecast, ForecastChunk, NightlyForecasts, compute_offer_forecast, job_counts, purge_jobs,
    request_forecast, run_chunk, run_nightly, schedule_nightly,
};
pub use kept::{Kept, Keyed, answer_once};
pub use ledger::{LedgerPage, ledger_after, ledger_page};
pub use live::{LiveView, Watch, watch_offer};
pub use offers::{
    ListedOffer, OfferPage, OfferQuery, OfferView, Removal, create_offer, list_offers, remove_offer,
    show_offer, update_offer,
};
pub use overview::{OverviewView, States, TopOffer, overview};
pub use quote::{Quote, quote};
pub use redeem::{
    Answer, ORDER_ALREADY_REDEEMED, Outcome, Redemption, Released, Reserved, Reversed, Sender, confirm,
    expire_reservations, redeem, redeem_by_code, release, reserve, reverse,
};
pub use retries::purge_keys;

pub use lanes::LaneLimits;
pub use offercast_domain::{HoldLimits, MAX_HOLD_SECONDS};
pub use offercast_storage::Error as StorageError;
pub use offercast_storage::jobs::{CHUNK_QUEUE, FORECAST_QUEUE, NIGHTLY_QUEUE};
pub use offercast_storage::{
    CodeUse, Difference, KeptAnswer, LedgerRow, OfferSort, Pool, PoolStatus, StoredOffer, Tx, job_pool,
    verify,
};

use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::{OnceCell, OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio::time::timeout;

use codes::Seal;
use lanes::Lanes;
use live::{Live, News};
use misses::MissLimiter;
use redeem::{Memory, Redeemer};

/// Looks whether an offer exists that go on at once: a few connections, however many offers are named.
const MAX_LOOKUPS: usize = 4;
/// Forecasts that are computed for requests at once.
const MAX_COMPUTING: usize = 2;
/// Requests that may read all offers at once: a part of the connections that are left for reads.
const MAX_SCANS: usize = 4;
/// How long a request waits for its turn to do such work.
const TURN_WAIT: Duration = Duration::from_secs(10);

/// What every use case works with.
#[derive(Clone)]
pub struct App {
    pub pool: Pool,
    pub clock: Clock,
    lanes: Lanes<Redeemer>,
    hold_limits: HoldLimits,
    misses: Arc<MissLimiter>,
    lookups: Arc<Semaphore>,
    computing: Arc<Semaphore>,
    scanning: Arc<Semaphore>,
    live: Live,
    news: News,
    seal: Arc<OnceCell<Seal>>,
    runtime: Handle,
}

/// The bounds that an installation sets.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    pub lanes: LaneLimits,
    pub holds: HoldLimits,
}

impl Limits {
    pub fn for_connections(connections: usize) -> Limits {
        Limits { lanes: LaneLimits::for_connections(connections), holds: HoldLimits::default() }
    }
}

impl App {
    /// Wants to be made in the runtime that lives as long as the program: the lanes work there.
    pub fn new(pool: Pool, clock: Clock) -> App {
        let limits = Limits::for_connections(pool.max_size());
        App::with_limits(pool, clock, limits)
    }

    pub fn with_limits(pool: Pool, clock: Clock, limits: Limits) -> App {
        let news = News::new(pool.clone());
        let redeemer = Redeemer {
            pool: pool.clone(),
            clock: clock.clone(),
            memory: Memory::new(),
            news: news.clone(),
            hold_limits: limits.holds,
        };
        let live = Live::new(pool.clone(), clock.clone());
        let lanes = Lanes::new(redeemer, limits.lanes);
        App {
            pool,
            clock,
            lanes,
            hold_limits: limits.holds,
            misses: Arc::default(),
            lookups: Arc::new(Semaphore::new(MAX_LOOKUPS)),
            computing: Arc::new(Semaphore::new(MAX_COMPUTING)),
            scanning: Arc::new(Semaphore::new(MAX_SCANS)),
            live,
            news,
            seal: Arc::default(),
            runtime: Handle::current(),
        }
    }

    /// A turn to read all offers, until it is dropped.
    async fn scan(&self) -> Result<OwnedSemaphorePermit, Error> {
        let permit = timeout(TURN_WAIT, self.scanning.clone().acquire_owned()).await;
        permit.ok().and_then(Result::ok).ok_or(Error::Busy("too many lists are filtered by state"))
    }

    /// Runs what takes a core for milliseconds beside the threads that answer requests, a few at a time.
    async fn compute<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Error> {
        let permit = timeout(TURN_WAIT, self.computing.clone().acquire_owned()).await;
        let Ok(Ok(permit)) = permit else { return Err(Error::Busy("too many forecasts are being computed")) };
        let computed = tokio::task::spawn_blocking(move || {
            let computed = work();
            drop(permit);
            computed
        });
        match computed.await {
            Ok(computed) => Ok(computed),
            Err(ended) if ended.is_panic() => std::panic::resume_unwind(ended.into_panic()),
            Err(_) => Err(Error::Busy("the program is about to end")),
        }
    }

    /// Reads where the lanes work. A web server's worker that is busy with redemptions comes back to a reader only after
    /// all of those, and would do so after each of its statements. Ends when nobody waits for it any more.
    async fn aside<T: Send + 'static>(
        &self,
        reading: impl Future<Output = Result<T, Error>> + Send + 'static,
    ) -> Result<T, Error> {
        let mut tasks = JoinSet::new();
        tasks.spawn_on(reading, &self.runtime);
        match tasks.join_next().await {
            Some(Ok(read)) => read,
            Some(Err(ended)) if ended.is_panic() => std::panic::resume_unwind(ended.into_panic()),
            _ => Err(StorageError::Busy("the program is about to end".to_owned()).into()),
        }
    }

    /// Made of a secret that never changes, when it is needed first.
    async fn seal(&self) -> Result<&Seal, Error> {
        let read = async || {
            let mut tx = self.pool.snapshot().await?;
            let secret = offercast_storage::code_secret(&mut tx).await?;
            tx.commit().await?;
            Ok(Seal::new(&secret))
        };
        self.seal.get_or_try_init(read).await
    }

    /// Those who watch an offer right now.
    pub fn live_watchers(&self) -> usize {
        self.live.watchers()
    }

    /// Ends all watches, those that are still to begin too: who watches elsewhere goes on there.
    pub fn end_watches(&self) {
        self.live.close();
    }

    /// Requests about offers that wait for a batch.
    pub fn requests_waiting(&self) -> usize {
        self.lanes.waiting()
    }

    /// Offers that are being redeemed right now.
    pub fn lanes_open(&self) -> usize {
        self.lanes.open()
    }

    /// Whether the database is there and has the tables that this program works with.
    pub async fn check_ready(&self) -> Result<(), Error> {
        let mut tx = self.pool.snapshot().await?;
        offercast_storage::check_schema(&mut tx).await?;
        tx.commit().await?;
        Ok(())
    }
}
