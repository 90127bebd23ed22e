use std::ops::{Deref, DerefMut};
use std::time::Duration;

use deadpool::Runtime;
use deadpool::managed::{Manager, Metrics, Object, PoolError, RecycleResult, TimeoutType, Timeouts};
use sqlx::Connection as _;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use tokio::runtime::Handle;

use crate::{Error, session};

/// How long a request waits for a connection before it is told that the server is busy.
const WAIT: Duration = Duration::from_secs(10);

/// A connection that was used within this time is taken to live.
const FRESH: Duration = Duration::from_secs(1);

/// Connections of the request path.
///
/// deadpool over plain sqlx connections: half the latency of sqlx's own pool, which asks the server
/// whether a connection lives every time before it hands it out.
#[derive(Clone)]
pub struct Pool(deadpool::managed::Pool<Connections>);

/// For metrics.
#[derive(Debug, Clone, Copy)]
pub struct PoolStatus {
    pub size: usize,
    pub available: usize,
    pub waiting: usize,
}

struct Connections {
    options: PgConnectOptions,
    /// Where the sockets are watched. A web server's worker has a runtime of its own, which looks at its
    /// sockets between requests only and ends before the last transaction does.
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

    /// What comes of a statement on a connection that has died is not known; what comes of a ping is.
    async fn recycle(&self, connection: &mut PgConnection, metrics: &Metrics) -> RecycleResult<sqlx::Error> {
        if metrics.last_used() > FRESH {
            connection.ping().await?;
        }
        Ok(())
    }
}

impl Pool {
    /// Connects lazily: a wrong address shows when the first connection is wanted. Wants to be made in the
    /// runtime that lives as long as the program.
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

    /// A transaction. Dropped without [`Tx::commit`], it is rolled back.
    pub async fn begin(&self) -> Result<Tx, Error> {
        self.start("BEGIN").await
    }

    /// A read-only transaction in which every statement sees the same state of the database.
    pub async fn snapshot(&self) -> Result<Tx, Error> {
        self.start("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await
    }

    /// A connection for a statement that is a transaction of its own.
    pub async fn connection(&self) -> Result<Connection, Error> {
        Ok(Connection(self.0.get().await.map_err(pool_error)?))
    }

    /// A connection that was idle may have died with its server: then the next one is tried, and once
    /// none is idle, a new one shows whether the server is there.
    async fn start(&self, begin: &'static str) -> Result<Tx, Error> {
        loop {
            let connection = self.0.get().await.map_err(pool_error)?;
            let is_new = Object::metrics(&connection).recycle_count == 0;
            // Before the server is asked: a client that goes away meanwhile leaves a transaction too.
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

    /// For a connection beside the pool.
    pub(crate) fn connect_options(&self) -> &PgConnectOptions {
        &self.0.manager().options
    }

    /// Connections that there may be at once.
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
        // Whatever keeps the server from taking a connection, also a full disk on which it cannot begin one.
        PoolError::Backend(error) => Error::Unreachable(error),
        PoolError::Timeout(TimeoutType::Wait) => Error::Busy("no connection was free in time".into()),
        other => Error::Busy(other.to_string()),
    }
}

/// A connection of the pool without a transaction.
pub struct Connection(Object<Connections>);

impl Connection {
    /// Whether it was idle before and may have died with its server. Then a statement that only reads may be sent again on
    /// the next one; in the end there is a new one.
    pub fn had_died(&self, error: &Error) -> bool {
        matches!(error, Error::Unreachable(_)) && Object::metrics(&self.0).recycle_count > 0
    }

    /// Closes it instead of giving it back.
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

/// A transaction on a connection of the pool.
pub struct Tx {
    /// Taken by commit and by drop.
    connection: Option<Object<Connections>>,
}

impl Tx {
    /// Once this returns Ok, the work is on disk.
    pub async fn commit(mut self) -> Result<(), Error> {
        sqlx::raw_sql("COMMIT").execute(&mut *self).await.map_err(Error::of_commit)?;
        // Back to the pool, with nothing left to roll back.
        drop(self.connection.take());
        Ok(())
    }

    /// Closes the connection instead of giving it back.
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

/// Left by an error or by a client that went away: rolled back before the connection goes back to the
/// pool, so that its locks are not held until somebody happens to draw it again.
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
