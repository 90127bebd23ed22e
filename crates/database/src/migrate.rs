use std::str::FromStr;

use apalis_postgres::PostgresStorage;
use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Connection, PgConnection, PgPool};

use crate::Error;

static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations");

/// The key of the advisory lock: "offercast" in ASCII, cut to eight bytes.
const LOCK: i64 = 0x6f66_6665_7263_6173;

/// Session settings of a migration: no timeouts, and the same schema for new tables as the program uses.
const SESSION: [(&str, &str); 9] = [
    ("timezone", "UTC"),
    ("default_transaction_isolation", "read committed"),
    ("default_transaction_read_only", "off"),
    ("search_path", "public,extensions"),
    ("standard_conforming_strings", "on"),
    ("lock_timeout", "0"),
    ("statement_timeout", "0"),
    ("idle_in_transaction_session_timeout", "0"),
    ("idle_session_timeout", "0"),
];

/// Migrates the schema of the database at `url`: the job queue's tables, then Offercast's, then the rights of the
/// roles. If the schema is up to date, only the rights are granted again. Several processes may call it at the same
/// time: one migrates, the others wait. For a user without the right to change the schema, such as the application's
/// role, it only checks whether the schema is up to date.
///
/// # Errors
/// If the database cannot be reached, or if a migration fails (those before it stay applied). If the schema is not up
/// to date and the user may not change it.
pub async fn migrate(url: &str) -> Result<(), Error> {
    let options = options(url).map_err(|source| unreachable_at("DATABASE_URL", source))?;
    let address = format!("{}:{}", options.get_host(), options.get_port());
    let mut guard =
        PgConnection::connect_with(&options).await.map_err(|source| unreachable_at(&address, source))?;
    sqlx::query("select pg_advisory_lock($1)")
        .bind(LOCK)
        .execute(&mut guard)
        .await
        .map_err(Error::Prepare)?;
    let migrated = if may_change(&mut guard).await.map_err(Error::Prepare)? {
        apply_and_grant(&mut guard, options).await
    } else {
        check(&mut guard).await
    };
    // Closing the connection releases the lock.
    guard.close().await.map_err(Error::Prepare)?;
    migrated
}

async fn apply_and_grant(guard: &mut PgConnection, options: PgConnectOptions) -> Result<(), Error> {
    let pool = PgPoolOptions::new().max_connections(1).connect_with(options).await.map_err(Error::Prepare)?;
    let applied = apply(&pool).await;
    pool.close().await;
    applied?;
    sqlx::raw_sql(include_str!("grants.sql")).execute(guard).await.map_err(Error::Prepare)?;
    Ok(())
}

/// Whether this user may create tables and alter existing ones.
async fn may_change(connection: &mut PgConnection) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar(
        "select coalesce(has_schema_privilege(current_schema(), 'create'), true)
            and coalesce((select pg_has_role(relowner, 'usage') from pg_class where oid = to_regclass('offers')), true)",
    )
    .fetch_one(connection)
    .await
}

/// Checks that all migrations of this program have been run.
async fn check(connection: &mut PgConnection) -> Result<(), Error> {
    let newest = |migrator: &Migrator| migrator.iter().map(|migration| migration.version).max();
    let known = (newest(&PostgresStorage::migrations()), newest(&MIGRATIONS));
    let run: Result<(Option<i64>, Option<i64>), sqlx::Error> = sqlx::query_as(
        "select (select max(version) from apalis._sqlx_migrations where success),
                (select max(version) from _sqlx_migrations where success)",
    )
    .fetch_one(&mut *connection)
    .await;
    match run {
        Ok((queue, ours)) if queue >= known.0 && ours >= known.1 => Ok(()),
        Err(error) if error.as_database_error().is_none() => Err(Error::Prepare(error)),
        _ => Err(Error::Outdated(user(connection).await.map_err(Error::Prepare)?)),
    }
}

async fn user(connection: &mut PgConnection) -> Result<String, sqlx::Error> {
    sqlx::query_scalar("select current_user::text").fetch_one(connection).await
}

/// Options of a session that, like those of `storage`, does not depend on `ALTER DATABASE ... SET` or
/// `ALTER ROLE ... SET`. Settings in the `options` of the URL take precedence.
fn options(url: &str) -> Result<PgConnectOptions, sqlx::Error> {
    let given = PgConnectOptions::from_str(url)?.application_name("offercast");
    let own = given.get_options().unwrap_or_default().to_lowercase();
    let ours: Vec<(&str, &str)> =
        SESSION.into_iter().filter(|(name, _)| !own.contains(&format!("{name}="))).collect();
    Ok(given.options(ours))
}

async fn apply(pool: &PgPool) -> Result<(), Error> {
    PostgresStorage::<()>::setup(pool).await.map_err(|error| Error::Queue(error.to_string()))?;
    MIGRATIONS.run(pool).await?;
    Ok(())
}

fn unreachable_at(address: &str, source: sqlx::Error) -> Error {
    Error::Connect { address: address.to_owned(), source }
}
