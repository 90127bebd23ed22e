//! Session settings. They override `ALTER DATABASE ... SET`, `ALTER ROLE ... SET` and postgresql.conf, so that the
//! program's results do not depend on the server's settings. The `options` of the database URL take precedence.

use std::str::FromStr;

use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::{ConnectOptions, PgConnection};

use crate::Error;

/// sqlx itself sets client_encoding, DateStyle and extra_float_digits.
const FIXED: [(&str, &str); 9] = [
    ("timezone", "UTC"),
    // A statement that waited for a row lock sees the changes committed meanwhile. Snapshots set their own level.
    ("default_transaction_isolation", "read committed"),
    ("default_transaction_read_only", "off"),
    ("default_transaction_deferrable", "off"),
    // Some providers keep extensions in a separate schema. Schemas that do not exist are ignored.
    ("search_path", "public,extensions"),
    ("standard_conforming_strings", "on"),
    ("intervalstyle", "postgres"),
    ("bytea_output", "hex"),
    ("idle_session_timeout", "0"),
];

/// Timeouts for requests, so that a stuck transaction cannot lock an offer's row for long.
const REQUEST: [(&str, &str); 3] =
    [("lock_timeout", "5s"), ("statement_timeout", "30s"), ("idle_in_transaction_session_timeout", "30s")];

/// No timeouts, for commands that process the whole database, and for the job queue, whose statements are short.
const UNLIMITED: [(&str, &str); 3] =
    [("lock_timeout", "0"), ("statement_timeout", "0"), ("idle_in_transaction_session_timeout", "0")];

/// PostgreSQL 17 and later have this setting. Older servers reject a connection that sets it in its options.
const NO_TRANSACTION_TIMEOUT: &str =
    "select set_config(name, '0', false) from pg_catalog.pg_settings where name = 'transaction_timeout'";

/// Connection options for requests.
pub(crate) fn for_requests(url: &str) -> Result<PgConnectOptions, Error> {
    options(url, &REQUEST)
}

/// Connects without timeouts.
pub(crate) async fn connect_unlimited(url: &str) -> Result<PgConnection, Error> {
    Ok(connect(&options(url, &UNLIMITED)?).await?)
}

pub(crate) async fn connect(options: &PgConnectOptions) -> Result<PgConnection, sqlx::Error> {
    let mut connection = options.connect().await?;
    sqlx::raw_sql(NO_TRANSACTION_TIMEOUT).execute(&mut connection).await?;
    Ok(connection)
}

/// Creates the pool for apalis. Connections are made when needed.
///
/// # Errors
/// If the URL is invalid.
pub fn job_pool(url: &str, connections: u32) -> Result<PgPool, Error> {
    Ok(pool_options().max_connections(connections).connect_lazy_with(options(url, &UNLIMITED)?))
}

/// Options of a sqlx pool whose sessions have the same settings as those of [`connect`].
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
