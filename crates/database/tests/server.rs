//! Tests with real servers, as `offercast up` and the integration tests use them.

use std::path::PathBuf;

use offercast_database::{Error, Options, Server, migrate};
use sqlx::{Connection, PgConnection};

/// A folder for this test only. Removes what an interrupted run left there.
fn folder(name: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&path);
    path
}

fn quiet(options: Options) -> Options {
    options.say(|_| ())
}

async fn tables(url: &str) -> i64 {
    let mut connection = PgConnection::connect(url).await.expect("the server accepts connections");
    sqlx::query_scalar("select count(*) from pg_tables where schemaname in ('public', 'apalis')")
        .fetch_one(&mut connection)
        .await
        .expect("pg_tables can be read")
}

#[tokio::test]
async fn several_processes_can_migrate_at_the_same_time() -> Result<(), Error> {
    let server = Server::start(folder("migrate"), quiet(Options::throw_away())).await?;
    let url = server.owner_url();
    tokio::try_join!(migrate(&url), migrate(&url), migrate(&url))?;
    assert!(tables(&url).await > 5);
    server.stop().await
}

#[tokio::test]
async fn the_last_user_stops_the_server_and_the_data_is_kept() -> Result<(), Error> {
    let folder = folder("shared");
    let first = Server::start(&folder, quiet(Options::durable())).await?;
    let second = Server::start(&folder, quiet(Options::durable())).await?;
    assert_eq!(first.owner_url(), second.owner_url());
    migrate(&first.owner_url()).await?;
    let migrated = tables(&first.owner_url()).await;

    first.stop().await?;
    assert_eq!(tables(&second.owner_url()).await, migrated);

    let url = second.owner_url();
    drop(second);
    assert!(PgConnection::connect(&url).await.is_err());

    let again = Server::start(&folder, quiet(Options::durable())).await?;
    assert_eq!(tables(&again.owner_url()).await, migrated);
    again.stop().await
}

#[tokio::test]
async fn a_throw_away_server_deletes_its_files() -> Result<(), Error> {
    let folder = folder("throw-away");
    let server = Server::start(&folder, quiet(Options::throw_away())).await?;
    server.stop().await?;
    assert_eq!(folder.read_dir().unwrap().count(), 0);
    Ok(())
}

#[tokio::test]
async fn the_error_for_an_unreachable_database_has_its_address_but_not_the_password() {
    let error = migrate("postgres://offercast:secret@127.0.0.1:9/offercast").await.unwrap_err().to_string();
    assert!(error.contains("127.0.0.1:9") && !error.contains("secret"), "{error}");
}

async fn one<T>(url: &str, sql: &'static str) -> Result<T, sqlx::Error>
where
    (T,): for<'r> sqlx::FromRow<'r, sqlx::postgres::PgRow>,
    T: Send + Unpin,
{
    let mut connection = PgConnection::connect(url).await?;
    let (value,) = sqlx::query_as(sql).fetch_one(&mut connection).await?;
    Ok(value)
}

fn password(url: &str) -> &str {
    url.split([':', '@']).nth(2).expect("a URL with a password")
}

#[tokio::test]
async fn each_role_has_its_own_password_and_only_the_rights_it_needs() -> Result<(), Error> {
    let server = Server::start(folder("roles"), quiet(Options::throw_away())).await?;
    migrate(&server.owner_url()).await?;
    let urls = [server.owner_url(), server.application_url(), server.reader_url()];
    let passwords: std::collections::BTreeSet<&str> = urls.iter().map(|url| password(url)).collect();
    assert_eq!(passwords.len(), 3);
    for url in &urls {
        let powerful = "select rolsuper or rolcreaterole or rolreplication or rolbypassrls
                        from pg_roles where rolname = session_user";
        assert!(!one::<bool>(url, powerful).await.unwrap(), "{url}");
        let as_superuser =
            format!("postgres://postgres:{}@{}", password(url), url.split('@').nth(1).unwrap());
        assert!(PgConnection::connect(&as_superuser).await.is_err(), "{url}");
    }
    assert_eq!(one::<i64>(&urls[1], "select count(*) from redemptions").await.unwrap(), 0);
    assert_eq!(one::<i64>(&urls[2], "select count(*) from redemptions").await.unwrap(), 0);
    assert!(one::<Vec<u8>>(&urls[2], "select secret from code_secret").await.is_err());
    let insert = "insert into offer_counters (offer_id) values (1) returning offer_id";
    assert!(one::<i64>(&urls[2], insert).await.is_err());
    server.stop().await
}

/// The folder is put into the state of an older version: one password for superuser and owner, and no other role.
#[tokio::test]
async fn a_folder_of_an_older_version_keeps_working() -> Result<(), Error> {
    let folder = folder("older");
    let server = Server::start(&folder, quiet(Options::durable())).await?;
    migrate(&server.owner_url()).await?;
    let migrated = tables(&server.owner_url()).await;
    let postgres = folder.join("postgres").canonicalize().unwrap();
    let superuser = std::fs::read_to_string(postgres.join("superuser.password")).unwrap();
    let address = server.owner_url().split('@').nth(1).unwrap().to_owned();
    let mut connection =
        PgConnection::connect(&format!("postgres://postgres:{superuser}@{address}")).await.unwrap();
    let old_owner_url = server.owner_url();
    let undo = format!(
        "drop owned by offercast_app, offercast_reader; drop role offercast_app, offercast_reader;
         alter role postgres password '{}'",
        password(&old_owner_url)
    );
    sqlx::raw_sql(sqlx::AssertSqlSafe(undo)).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    server.stop().await?;
    for file in ["superuser.password", "application.password", "reader.password"] {
        std::fs::remove_file(postgres.join(file)).unwrap();
    }

    let again = Server::start(&folder, quiet(Options::durable())).await?;
    migrate(&again.owner_url()).await?;
    assert_eq!(password(&again.owner_url()), password(&old_owner_url));
    assert_eq!(tables(&again.owner_url()).await, migrated);
    assert_eq!(one::<i64>(&again.application_url(), "select count(*) from offers").await.unwrap(), 0);
    let address = again.owner_url().split('@').nth(1).unwrap().to_owned();
    let as_superuser = format!("postgres://postgres:{}@{address}", password(&old_owner_url));
    assert!(PgConnection::connect(&as_superuser).await.is_err());
    again.stop().await
}

#[tokio::test]
async fn the_log_is_rotated_by_age_and_size() -> Result<(), Error> {
    let folder = folder("log");
    let server = Server::start(&folder, quiet(Options::throw_away())).await?;
    let url = server.owner_url();
    assert_eq!(one::<String>(&url, "select current_setting('logging_collector')").await.unwrap(), "on");
    assert_eq!(one::<String>(&url, "select current_setting('log_rotation_age')").await.unwrap(), "1d");
    assert_eq!(one::<String>(&url, "select current_setting('log_rotation_size')").await.unwrap(), "10MB");
    assert!(one::<String>(&url, "select 'a line of the log'::int::text").await.is_err());
    let logs = folder.join("postgres-throw-away").canonicalize().unwrap().join("log");
    let files: Vec<PathBuf> = logs.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(files.len(), 1);
    let name = files[0].file_name().unwrap().to_string_lossy().into_owned();
    assert!(name.starts_with("server-2") && name.ends_with(".log"), "{name}");
    server.stop().await
}
