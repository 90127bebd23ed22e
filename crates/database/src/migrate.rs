use std::str::FromStr;

use apalis_postgres::PostgresStorage;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Connection, PgConnection, PgPool};

use crate::Error;

/// "offercast" in ASCII, shortened to what an advisory lock takes.
const LOCK: i64 = 0x6f66_6665_7263_6173;

/// Brings the schema of the database at `url` up: the job queue's tables, then ours. Safe to run from several
/// processes at once, one does it and the others wait; nothing to do is fine.
///
/// # Errors
/// When the database cannot be reached and when a migration fails; what had been applied before stays.
pub async fn migrate(url: &str) -> Result<(), Error> {
    let options = PgConnectOptions::from_str(url).map_err(|source| unreachable_at("DATABASE_URL", source))?;
    let address = format!("{}:{}", options.get_host(), options.get_port());
    let mut guard =
        PgConnection::connect_with(&options).await.map_err(|source| unreachable_at(&address, source))?;
    sqlx::query("select pg_advisory_lock($1)")
        .bind(LOCK)
        .execute(&mut guard)
        .await
        .map_err(Error::Prepare)?;
    let pool = PgPoolOptions::new()
        .max_connections(1)
        .connect_with(options)
        .await
        .map_err(|source| unreachable_at(&address, source))?;
    let applied = apply(&pool).await;
    pool.close().await;
    // Closing the connection gives the lock back.
    guard.close().await.map_err(Error::Prepare)?;
    applied
}

async fn apply(pool: &PgPool) -> Result<(), Error> {
    PostgresStorage::<()>::setup(pool).await.map_err(|error| Error::Queue(error.to_string()))?;
    sqlx::migrate!("../../migrations").run(pool).await?;
    Ok(())
}

fn unreachable_at(address: &str, source: sqlx::Error) -> Error {
    Error::Connect { address: address.to_owned(), source }
}
