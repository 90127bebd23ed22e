use std::ops::{Deref, DerefMut};
use std::time::Duration;

use deadpool::Runtime;
use deadpool::managed::{Manager, Metrics, Object, PoolError, RecycleResult, TimeoutType, Timeouts};
use sqlx::Connection as _;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use tokio::runtime::Handle;

use crate::{Error, session};

/// Timeout for getting a connection. The request then fails with [`Error::Busy`].
const WAIT: Duration = Duration::from_secs(10);

/// A connection used within this time is assumed to be alive.
const FRESH: Duration = Duration::from_secs(1);

/// The connection pool for requests.
///
/// Uses deadpool with plain sqlx connections, which run more than twice as many statements as sqlx's own pool, even
/// without its ping (docs/adr/0002-two-pools.md).
#[derive(Clone)]
pub struct Pool(deadpool::managed::Pool<Connections>);

/// Numbers of connections and of waiting requests, for metrics.
#[derive(Debug, Clone, Copy)]
pub struct PoolStatus {
    pub size: usize,
    pub available: usize,
    pub waiting: usize,
}

struct Connections {
    options: PgConnectOptions,
    /// The runtime that polls the sockets. An actix worker's own runtime polls only between requests and stops before
    /// the last transaction ends.
    runtime: Handle,
}

impl Manager for Connections {
    type Type = PgConnection;
    type Error = sqlx::Error;

    async fn create(&self) -> Result<PgConnection, sqlx::Error> {
        let options = self.options.clone();
        let connecting = self.runtime.spawn(async move { session::connect(&options).await });
        connecting.await.map_err(|_| sqlx::Error::PoolClosed)?
    }

    /// Pings a connection that was idle, because the outcome of a statement on a dead connection would be unknown.
    async fn recycle(&self, connection: &mut PgConnection, metrics: &Metrics) -> RecycleResult<sqlx::Error> {
        if metrics.last_used() > FRESH {
            connection.ping().await?;
        }
        Ok(())
    }
}

impl Pool {
    /// Creates the pool. Connections are made when needed, so that a wrong address causes an error only then. Must be
    /// called in a runtime that lives as long as the program.
    pub fn new(url: &str, size: usize) -> Result<Pool, Error> {
        let connections = Connections { options: session::for_requests(url)?, runtime: Handle::current() };
        let timeouts = Timeouts { wait: Some(WAIT), create: Some(WAIT), recycle: None };
        let pool = deadpool::managed::Pool::builder(connections)
            .max_size(size)
            .timeouts(timeouts)
            .runtime(Runtime::Tokio1)
            .build()
            .map_err(|error| Error::Busy(error.to_string()))?;
        Ok(Pool(pool))
    }

    /// Begins a transaction. It is rolled back if it is dropped without [`Tx::commit`].
    pub async fn begin(&self) -> Result<Tx, Error> {
        self.start("BEGIN").await
    }

    /// Begins a read-only transaction in which all statements see the same state of the database.
    pub async fn snapshot(&self) -> Result<Tx, Error> {
        self.start("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await
    }

    /// Returns a connection for single statements without a transaction.
    pub async fn connection(&self) -> Result<Connection, Error> {
        Ok(Connection(self.0.get().await.map_err(pool_error)?))
    }

    /// Begins a transaction. Idle connections may have died with their server, so the next one is tried until a new
    /// connection fails.
    async fn start(&self, begin: &'static str) -> Result<Tx, Error> {
        loop {
            let connection = self.0.get().await.map_err(pool_error)?;
            let is_new = Object::metrics(&connection).recycle_count == 0;
            // Created before BEGIN is sent: if the client disconnects meanwhile, dropping the Tx rolls back.
            let mut tx = Tx { connection: Some(connection) };
            match sqlx::raw_sql(begin).execute(&mut *tx).await {
                Ok(_) => return Ok(tx),
                Err(error) => {
                    tx.discard();
                    if is_new {
                        return Err(error.into());
                    }
                }
            }
        }
    }

    /// Options for a connection outside of the pool.
    pub(crate) fn connect_options(&self) -> &PgConnectOptions {
        &self.0.manager().options
    }

    /// Maximum number of connections.
    pub fn max_size(&self) -> usize {
        self.0.status().max_size
    }

    pub fn status(&self) -> PoolStatus {
        let status = self.0.status();
        PoolStatus { size: status.size, available: status.available, waiting: status.waiting }
    }
}

fn pool_error(error: PoolError<sqlx::Error>) -> Error {
    match error {
        // The server cannot accept a connection for any reason, including a full disk.
        PoolError::Backend(error) => Error::Unreachable(error),
        PoolError::Timeout(TimeoutType::Wait) => Error::Busy("no connection was free in time".into()),
        other => Error::Busy(other.to_string()),
    }
}

/// A pooled connection without a transaction.
pub struct Connection(Object<Connections>);

impl Connection {
    /// Whether the error may mean that this connection had died while idle. A read-only statement can then be retried
    /// on another connection. A new connection never returns true, so the retries end.
    pub fn had_died(&self, error: &Error) -> bool {
        matches!(error, Error::Unreachable(_)) && Object::metrics(&self.0).recycle_count > 0
    }

    /// Closes the connection instead of returning it to the pool.
    pub fn discard(self) {
        drop(Object::take(self.0));
    }
}

impl Deref for Connection {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        &self.0
    }
}

impl DerefMut for Connection {
    fn deref_mut(&mut self) -> &mut PgConnection {
        &mut self.0
    }
}

/// A transaction on a pooled connection.
pub struct Tx {
    /// `None` after commit or drop.
    connection: Option<Object<Connections>>,
}

impl Tx {
    /// Commits the transaction. `Ok` means that it is on disk.
    pub async fn commit(mut self) -> Result<(), Error> {
        sqlx::raw_sql("COMMIT").execute(&mut *self).await.map_err(Error::of_commit)?;
        // Returns the connection to the pool without a rollback.
        drop(self.connection.take());
        Ok(())
    }

    /// Closes the connection instead of returning it to the pool.
    fn discard(&mut self) {
        if let Some(connection) = self.connection.take() {
            drop(Object::take(connection));
        }
    }
}

impl Deref for Tx {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        self.connection.as_ref().expect("a transaction has its connection until commit or drop")
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut PgConnection {
        self.connection.as_mut().expect("a transaction has its connection until commit or drop")
    }
}

/// After an error or if the client disconnected: rolls back before the connection is returned to the pool. Otherwise
/// its locks would be held until the connection is used again.
impl Drop for Tx {
    fn drop(&mut self) {
        let Some(mut connection) = self.connection.take() else { return };
        let Ok(runtime) = Handle::try_current() else {
            drop(Object::take(connection));
            return;
        };
        runtime.spawn(async move {
            if sqlx::raw_sql("ROLLBACK").execute(&mut *connection).await.is_err() {
                drop(Object::take(connection));
            }
        });
    }
}
