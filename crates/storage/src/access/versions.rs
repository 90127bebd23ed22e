use std::time::Duration;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use sqlx::postgres::PgListener;

use crate::session::pool_options;
use crate::{Error, Pool};

const CHANNEL: &str = "offercast_access";

/// What a change concerns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Changed {
    Keys,
    /// Sessions, or the people whose sessions they are.
    Sessions,
}

/// Increases with every change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Versions {
    pub keys: i64,
    pub sessions: i64,
}

pub async fn versions(connection: &mut PgConnection) -> Result<Versions, Error> {
    let versions = sqlx::query_as!(
        Versions,
        "select keys_version as keys, sessions_version as sessions from access_state"
    )
    .fetch_one(connection)
    .await?;
    Ok(versions)
}

/// Until when idempotency keys may also be stored without an owner, as the version before did.
pub async fn former_idempotency_keys_until(connection: &mut PgConnection) -> Result<DateTime<Utc>, Error> {
    let until = sqlx::query_scalar!("select former_idempotency_keys_until from access_state");
    Ok(until.fetch_one(connection).await?)
}

/// Increases the version, and notifies all processes when the transaction commits.
pub async fn increase(connection: &mut PgConnection, changed: Changed) -> Result<(), Error> {
    let (keys, sessions) = match changed {
        Changed::Keys => (1, 0),
        Changed::Sessions => (0, 1),
    };
    sqlx::query!(
        r#"with changed as (
               update access_state
               set keys_version = keys_version + $1, sessions_version = sessions_version + $2)
           select pg_notify($3, '')"#,
        keys,
        sessions,
        CHANNEL,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Waits for changes, on its own connection.
pub struct AccessListener {
    pool: sqlx::PgPool,
    listener: PgListener,
}

impl AccessListener {
    pub async fn connect(pool: &Pool) -> Result<AccessListener, Error> {
        // One connection listens, the other one reads. Limits of idle time would end the listening.
        let own = pool_options().max_connections(2).idle_timeout(None).max_lifetime(None);
        let own = own.connect_with(pool.connect_options().clone()).await?;
        let mut listener = PgListener::connect_with(&own).await?;
        listener.listen(CHANNEL).await?;
        Ok(AccessListener { pool: own, listener })
    }

    /// Returns after a change, a lost connection, or this time.
    pub async fn wait(&mut self, at_most: Duration) -> Result<(), Error> {
        match tokio::time::timeout(at_most, self.listener.try_recv()).await {
            Ok(received) => received.map(drop).map_err(Error::from),
            Err(_) => Ok(()),
        }
    }

    /// A connection that no request uses, so that a busy pool cannot delay the reading.
    pub async fn connection(&self) -> Result<sqlx::pool::PoolConnection<sqlx::Postgres>, Error> {
        Ok(self.pool.acquire().await?)
    }
}
