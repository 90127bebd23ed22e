//! What every session is set to, whatever `ALTER DATABASE ... SET`, `ALTER ROLE ... SET` or postgresql.conf say: the
//! program's results do not depend on settings that somebody else makes. What the URL itself sets in its `options` stays.

use std::str::FromStr;

use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::{ConnectOptions, PgConnection};

use crate::Error;

/// sqlx itself sets client_encoding, DateStyle and extra_float_digits.
const FIXED: [(&str, &str); 9] = [
    ("timezone", "UTC"),
    // A statement that waited for a row sees what was committed meanwhile; snapshots ask for theirs.
    ("default_transaction_isolation", "read committed"),
    ("default_transaction_read_only", "off"),
    ("default_transaction_deferrable", "off"),
    // Some providers keep the extensions in a schema of their own; one that is not there is passed over.
    ("search_path", "public,extensions"),
    ("standard_conforming_strings", "on"),
    ("intervalstyle", "postgres"),
    ("bytea_output", "hex"),
    ("idle_session_timeout", "0"),
];

/// The limits that keep a stuck transaction from holding an offer's row for long.
const REQUEST: [(&str, &str); 3] =
    [("lock_timeout", "5s"), ("statement_timeout", "30s"), ("idle_in_transaction_session_timeout", "30s")];

/// For what works through the whole database, and for the job queue, whose own statements are short.
const UNLIMITED: [(&str, &str); 3] =
    [("lock_timeout", "0"), ("statement_timeout", "0"), ("idle_in_transaction_session_timeout", "0")];

/// PostgreSQL 17 and later have this limit; an older one refuses a connection that names it.
const NO_TRANSACTION_TIMEOUT: &str =
    "select set_config(name, '0', false) from pg_catalog.pg_settings where name = 'transaction_timeout'";

/// Sessions of the request path.
pub(crate) fn for_requests(url: &str) -> Result<PgConnectOptions, Error> {
    options(url, &REQUEST)
}

/// A connection without limits of time.
pub(crate) async fn connect_unlimited(url: &str) -> Result<PgConnection, Error> {
    Ok(connect(&options(url, &UNLIMITED)?).await?)
}

pub(crate) async fn connect(options: &PgConnectOptions) -> Result<PgConnection, sqlx::Error> {
    let mut connection = options.connect().await?;
    sqlx::raw_sql(NO_TRANSACTION_TIMEOUT).execute(&mut connection).await?;
    Ok(connection)
}

/// The pool that apalis wants. Connects lazily.
///
/// # Errors
/// When the URL cannot be read.
pub fn job_pool(url: &str, connections: u32) -> Result<PgPool, Error> {
    Ok(pool_options().max_connections(connections).connect_lazy_with(options(url, &UNLIMITED)?))
}

/// A pool of sqlx whose sessions are as [`connect`] makes them.
pub(crate) fn pool_options() -> PgPoolOptions {
    PgPoolOptions::new().after_connect(|connection, _| {
        Box::pin(async move {
            sqlx::raw_sql(NO_TRANSACTION_TIMEOUT).execute(connection).await?;
            Ok(())
        })
    })
}

fn options(url: &str, limits: &[(&str, &str)]) -> Result<PgConnectOptions, Error> {
    let given = PgConnectOptions::from_str(url)?.application_name("offercast");
    let own = given.get_options().unwrap_or_default().to_lowercase();
    let ours = FIXED.iter().chain(limits).filter(|(name, _)| !own.contains(&format!("{name}=")));
    let ours: Vec<(&str, &str)> = ours.copied().collect();
    Ok(given.options(ours))
}
