use std::sync::Arc;

use offercast_domain::HoldLimits;
use tokio::runtime::Handle;
use tokio::sync::{OnceCell, OwnedSemaphorePermit};
use tokio::task::JoinSet;

use crate::access::Access;
use crate::batching::{BatchLimits, Batcher};
use crate::codes::{CodeCiphers, CodeKey};
use crate::concurrency_limit::ConcurrencyLimit;
use crate::live::{ChangeNotifier, Hub};
use crate::not_found_limiter::NotFoundLimiter;
use crate::redemption::{FormerKeys, OfferCache, RedemptionProcessor};
use crate::{Clock, Error, Pool, StorageError};

/// Lookups of whether an offer exists that run at once: few connections, however many unknown offers clients name.
const MAX_LOOKUPS: usize = 4;
/// Forecasts that are computed for requests at once.
const MAX_COMPUTATIONS: usize = 2;
/// Requests that read all offers at once: a part of the connections that are left for reads.
const MAX_SCANS: usize = 4;

/// What every use case works with. Clones share it.
#[derive(Clone)]
pub struct App {
    pub pool: Pool,
    pub clock: Clock,
    pub access: Access,
    pub(crate) former_keys: FormerKeys,
    pub(crate) batcher: Batcher<RedemptionProcessor>,
    pub(crate) hold_limits: HoldLimits,
    pub(crate) not_found: Arc<NotFoundLimiter>,
    pub(crate) lookups: ConcurrencyLimit,
    computations: ConcurrencyLimit,
    scans: ConcurrencyLimit,
    pub(crate) hub: Hub,
    pub(crate) notifier: ChangeNotifier,
    code_keys: Arc<[CodeKey]>,
    code_ciphers: Arc<OnceCell<CodeCiphers>>,
    main_runtime: Handle,
}

/// Limits that an installation sets.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    pub batches: BatchLimits,
    pub holds: HoldLimits,
}

impl Limits {
    pub fn for_connections(connections: usize) -> Limits {
        Limits { batches: BatchLimits::for_connections(connections), holds: HoldLimits::default() }
    }
}

impl App {
    /// Must be called in the runtime that lives as long as the program, where batches are processed.
    pub fn new(pool: Pool, clock: Clock) -> App {
        let limits = Limits::for_connections(pool.max_size());
        App::with_limits(pool, clock, limits)
    }

    pub fn with_limits(pool: Pool, clock: Clock, limits: Limits) -> App {
        let notifier = ChangeNotifier::new(pool.clone());
        let former_keys = FormerKeys::default();
        let processor = RedemptionProcessor {
            pool: pool.clone(),
            clock: clock.clone(),
            cache: OfferCache::new(),
            notifier: notifier.clone(),
            hold_limits: limits.holds,
            former_keys: former_keys.clone(),
        };
        let hub = Hub::new(pool.clone(), clock.clone());
        let batcher = Batcher::new(processor, limits.batches);
        App {
            pool,
            clock,
            access: Access::off(),
            former_keys,
            batcher,
            hold_limits: limits.holds,
            not_found: Arc::default(),
            lookups: ConcurrencyLimit::new(MAX_LOOKUPS, "too many offers are being looked up"),
            computations: ConcurrencyLimit::new(MAX_COMPUTATIONS, "too many forecasts are being computed"),
            scans: ConcurrencyLimit::new(MAX_SCANS, "too many lists are being filtered by state"),
            hub,
            notifier,
            code_keys: Arc::default(),
            code_ciphers: Arc::default(),
            main_runtime: Handle::current(),
        }
    }

    /// Keys of unique codes in addition to the secret in the database. The one with the largest id encrypts new codes.
    #[must_use]
    pub fn with_code_keys(self, keys: Vec<CodeKey>) -> App {
        App { code_keys: keys.into(), code_ciphers: Arc::default(), ..self }
    }

    /// Requires credentials of every request.
    #[must_use]
    pub fn with_access_control(self) -> App {
        App { access: Access::on(self.pool.clone(), self.clock.clone()), ..self }
    }

    /// A turn to read all offers, until the permit is dropped.
    pub(crate) async fn scan(&self) -> Result<OwnedSemaphorePermit, Error> {
        self.scans.acquire().await
    }

    /// Runs a computation of several milliseconds on a blocking thread, a few at a time, so that it does not delay
    /// other requests.
    pub(crate) async fn compute<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Error> {
        let permit = self.computations.acquire().await?;
        let computed = tokio::task::spawn_blocking(move || {
            let computed = work();
            drop(permit);
            computed
        });
        match computed.await {
            Ok(computed) => Ok(computed),
            Err(ended) if ended.is_panic() => std::panic::resume_unwind(ended.into_panic()),
            Err(_) => Err(Error::Busy("the program is stopping")),
        }
    }

    /// Runs the read on the main runtime, so that a busy actix worker cannot delay it: there, each await would queue
    /// behind redemptions. Cancels the read when the future is dropped.
    pub(crate) async fn run_on_main_runtime<T: Send + 'static>(
        &self,
        read: impl Future<Output = Result<T, Error>> + Send + 'static,
    ) -> Result<T, Error> {
        let mut tasks = JoinSet::new();
        tasks.spawn_on(read, &self.main_runtime);
        match tasks.join_next().await {
            Some(Ok(read)) => read,
            Some(Err(ended)) if ended.is_panic() => std::panic::resume_unwind(ended.into_panic()),
            _ => Err(StorageError::Busy("the program is stopping".to_owned()).into()),
        }
    }

    /// Reads the secret of the database at the first call.
    pub(crate) async fn code_ciphers(&self) -> Result<&CodeCiphers, Error> {
        self.code_ciphers.get_or_try_init(|| CodeCiphers::load(&self.pool, &self.code_keys)).await
    }

    /// Open subscriptions to live updates.
    pub fn live_subscribers(&self) -> usize {
        self.hub.subscribers()
    }

    /// Ends all subscriptions, including those that are about to start. Clients reconnect to another process.
    pub fn close_subscriptions(&self) {
        self.hub.close();
    }

    /// Redemption requests that wait for a batch.
    pub fn requests_waiting(&self) -> usize {
        self.batcher.waiting()
    }

    /// Offers that are being redeemed.
    pub fn open_queues(&self) -> usize {
        self.batcher.open_keys()
    }

    /// Checks that the database can be reached and has the tables that this program needs.
    pub async fn check_ready(&self) -> Result<(), Error> {
        let mut tx = self.pool.snapshot().await?;
        offercast_storage::verify::check_schema(&mut tx).await?;
        tx.commit().await?;
        Ok(())
    }
}
