//! A real PostgreSQL, as `up` and the tests use it.

use std::path::PathBuf;

use offercast_database::{Error, Options, Server, migrate};
use sqlx::{Connection, PgConnection};

/// A folder of this test's own; what an interrupted run left is removed.
fn folder(name: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&path);
    path
}

fn quiet(options: Options) -> Options {
    options.say(|_| ())
}

async fn tables(url: &str) -> i64 {
    let mut connection = PgConnection::connect(url).await.expect("the server takes connections");
    sqlx::query_scalar("select count(*) from pg_tables where schemaname in ('public', 'apalis')")
        .fetch_one(&mut connection)
        .await
        .expect("pg_tables can be read")
}

#[tokio::test]
async fn several_processes_may_migrate_at_once() -> Result<(), Error> {
    let server = Server::start(folder("migrate"), quiet(Options::throw_away())).await?;
    let url = server.url();
    tokio::try_join!(migrate(&url), migrate(&url), migrate(&url))?;
    assert!(tables(&url).await > 5);
    server.stop().await
}

#[tokio::test]
async fn the_last_one_to_leave_stops_it_and_the_data_stays() -> Result<(), Error> {
    let folder = folder("shared");
    let first = Server::start(&folder, quiet(Options::durable())).await?;
    let second = Server::start(&folder, quiet(Options::durable())).await?;
    assert_eq!(first.url(), second.url());
    migrate(&first.url()).await?;
    let made = tables(&first.url()).await;

    first.stop().await?;
    assert_eq!(tables(&second.url()).await, made);

    let url = second.url();
    drop(second);
    assert!(PgConnection::connect(&url).await.is_err());

    let again = Server::start(&folder, quiet(Options::durable())).await?;
    assert_eq!(tables(&again.url()).await, made);
    again.stop().await
}

#[tokio::test]
async fn a_throw_away_server_leaves_nothing_behind() -> Result<(), Error> {
    let folder = folder("throw-away");
    let server = Server::start(&folder, quiet(Options::throw_away())).await?;
    server.stop().await?;
    assert_eq!(folder.read_dir().unwrap().count(), 0);
    Ok(())
}

#[tokio::test]
async fn an_unreachable_database_is_said_to_be_so() {
    let error = migrate("postgres://offercast:secret@127.0.0.1:9/offercast").await.unwrap_err().to_string();
    assert!(error.contains("127.0.0.1:9") && !error.contains("secret"), "{error}");
}
