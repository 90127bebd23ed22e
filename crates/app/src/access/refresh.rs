//! Keeps the keys and sessions in memory current.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;
use chrono::{DateTime, TimeDelta, Utc};
use offercast_storage::access::versions::{self, AccessListener};
use offercast_storage::access::{TokenHash, keys, sessions};
use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::time::sleep;

use super::caller::Principal;
use super::snapshot::Snapshot;
use crate::{Clock, Error, Pool, StorageError};

/// How often the versions are read. A notification comes earlier.
const INTERVAL: Duration = Duration::from_millis(500);
/// A snapshot that could not be confirmed for this long is not used: a revoked key must not work for longer.
const MAX_AGE: Duration = Duration::from_secs(2);
/// Pause before the next attempt to reach a database that could not be reached.
const RECONNECT: Duration = Duration::from_millis(200);
/// How often sessions are read again although none has changed: the times of last use that other processes have written
/// are not a change.
const READ_AGAIN: Duration = Duration::from_secs(10 * 60);
/// How often the times of last use are written.
const WRITE_USES: Duration = Duration::from_secs(60);

/// Clones share the snapshot. When the last one is dropped, the reading ends.
#[derive(Clone)]
pub struct Refresher(Arc<Shared>);

struct Shared {
    pool: Pool,
    clock: Clock,
    started: Instant,
    snapshot: ArcSwap<Snapshot>,
    /// When the snapshot was known to be current, in milliseconds since `started`.
    confirmed: AtomicU64,
    /// Notifies of each new snapshot.
    renewed: watch::Sender<()>,
}

impl Refresher {
    pub fn start(pool: Pool, clock: Clock) -> Refresher {
        let refresher = Refresher(Arc::new(Shared {
            pool,
            clock,
            started: Instant::now(),
            snapshot: ArcSwap::default(),
            confirmed: AtomicU64::new(0),
            renewed: watch::Sender::new(()),
        }));
        Handle::current().spawn(run(Arc::downgrade(&refresher.0)));
        refresher
    }

    pub fn key(&self, hash: &TokenHash) -> Result<Option<Principal>, Error> {
        self.0.check_confirmed()?;
        Ok(self.0.snapshot.load().keys.get(hash).cloned())
    }

    pub fn session(&self, hash: &TokenHash) -> Result<Option<Principal>, Error> {
        self.0.check_confirmed()?;
        Ok(self.0.snapshot.load().sessions.get(hash).cloned())
    }

    /// Reads the keys and sessions now. An error is only logged: the next regular reading follows.
    pub async fn refresh(&self) {
        let read = async {
            let mut tx = self.0.pool.snapshot().await?;
            let renewed = self.0.renew(&mut tx).await;
            drop(tx);
            renewed
        };
        if let Err(error) = read.await {
            warn(&error);
        }
    }

    /// Waits for the first reading.
    pub async fn ready(&self) {
        let mut renewals = self.0.renewed.subscribe();
        while self.0.snapshot.load().versions.is_none() && renewals.changed().await.is_ok() {}
    }
}

async fn run(shared: std::sync::Weak<Shared>) {
    while let Some(current) = shared.upgrade() {
        let pool = current.pool.clone();
        drop(current);
        if let Err(error) = follow(&shared, &pool).await {
            warn(&error);
        }
        sleep(RECONNECT).await;
    }
}

fn warn(error: &StorageError) {
    let error = error as &dyn std::error::Error;
    tracing::warn!(error, "could not read the keys and sessions");
}

/// Reads the changes as they come, until the connection is lost or the program ends.
async fn follow(shared: &std::sync::Weak<Shared>, pool: &Pool) -> Result<(), StorageError> {
    let mut listener = AccessListener::connect(pool).await?;
    let (mut written, mut read) = (Instant::now(), Instant::now());
    loop {
        let Some(current) = shared.upgrade() else { return Ok(()) };
        let mut connection = listener.connection().await?;
        if read.elapsed() >= READ_AGAIN {
            read = Instant::now();
            current.forget_versions();
        }
        current.renew(&mut connection).await?;
        if written.elapsed() >= WRITE_USES {
            written = Instant::now();
            current.write_uses(&mut connection).await?;
        }
        drop((current, connection));
        listener.wait(INTERVAL).await?;
    }
}

impl Shared {
    fn check_confirmed(&self) -> Result<(), Error> {
        let confirmed = Duration::from_millis(self.confirmed.load(Ordering::Relaxed));
        let is_confirmed = confirmed > Duration::ZERO && self.started.elapsed() < confirmed + MAX_AGE;
        if is_confirmed { Ok(()) } else { Err(Error::Busy("the keys and sessions could not be read")) }
    }

    /// The next reading reads everything.
    fn forget_versions(&self) {
        self.snapshot.rcu(|current| Snapshot {
            versions: None,
            keys: current.keys.clone(),
            sessions: current.sessions.clone(),
        });
    }

    async fn renew(&self, connection: &mut offercast_storage::PgConnection) -> Result<(), StorageError> {
        let since = self.started.elapsed();
        let versions = versions::versions(connection).await?;
        let known = self.snapshot.load_full();
        if known.versions != Some(versions) {
            let renewed = known.renewed(connection, versions, self.clock.now()).await?;
            self.snapshot.rcu(|current| newer(current, &renewed));
            self.renewed.send_replace(());
        }
        let since = u64::try_from(since.as_millis()).unwrap_or(u64::MAX).max(1);
        self.confirmed.fetch_max(since, Ordering::Relaxed);
        Ok(())
    }

    /// Writes the times of last use of the last minutes.
    async fn write_uses(&self, connection: &mut offercast_storage::PgConnection) -> Result<(), StorageError> {
        let since = self.clock.now() - TimeDelta::seconds(2 * 60);
        let snapshot = self.snapshot.load_full();
        let of_keys = uses(&snapshot.keys, since, Principal::key_id);
        let of_sessions = uses(&snapshot.sessions, since, Principal::session_id);
        if !of_keys.is_empty() {
            keys::record_uses(connection, &of_keys).await?;
        }
        if !of_sessions.is_empty() {
            sessions::record_uses(connection, &of_sessions).await?;
        }
        Ok(())
    }
}

/// Of two readings that ran at the same time, the newer one wins.
fn newer(current: &Arc<Snapshot>, renewed: &Snapshot) -> Arc<Snapshot> {
    let order = |snapshot: &Snapshot| snapshot.versions.map(|versions| versions.keys + versions.sessions);
    if order(current) > order(renewed) {
        return current.clone();
    }
    let Snapshot { versions, keys, sessions } = renewed;
    Arc::new(Snapshot { versions: *versions, keys: keys.clone(), sessions: sessions.clone() })
}

fn uses(
    principals: &HashMap<TokenHash, Principal>,
    since: DateTime<Utc>,
    id: fn(&Principal) -> Option<i64>,
) -> Vec<(i64, DateTime<Utc>)> {
    let last_use = |principal: &Principal| {
        let used: &AtomicI64 = principal.used()?;
        let used = DateTime::from_timestamp_micros(used.load(Ordering::Relaxed))?;
        Some((id(principal)?, used)).filter(|_| used >= since)
    };
    principals.values().filter_map(last_use).collect()
}
