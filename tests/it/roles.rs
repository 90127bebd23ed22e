//! The rights of the database roles. The other tests use the application's role too.

use std::collections::BTreeSet;

use serde_json::json;
use sqlx::AssertSqlSafe;
use sqlx::postgres::PgConnection;

use crate::support::{Database, Program, World, offer};

/// `insufficient_privilege`
const REFUSED: &str = "42501";

/// Runs a statement; returns the SQLSTATE if it fails.
async fn error_code(connection: &mut PgConnection, sql: &str) -> Option<String> {
    let result = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(connection).await;
    let error = result.err()?;
    Some(error.as_database_error().unwrap().code().unwrap().into_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_application_cannot_change_the_ledger_or_the_schema() {
    let world = World::new().await;
    world.client.create(&offer("KEPT", &json!({}))).await;
    world.client.redeem("KEPT", &json!(10)).await.data();
    let mut application = world.database.connect_as_application().await;
    for sql in [
        "update redemptions set discount = 0",
        "delete from redemptions",
        "truncate redemptions",
        "select id from redemptions for update",
        "alter table redemptions add column mine text",
        "alter table offers disable trigger all",
        "drop table redemptions",
        "create table mine (id bigint)",
        "create function mine() returns void language sql as ''",
        "update code_secret set secret = decode(repeat('00', 32), 'hex')",
        "delete from _sqlx_migrations",
        "delete from apalis._sqlx_migrations",
        "copy offers to program 'cat'",
        "create role mine superuser",
    ] {
        assert_eq!(error_code(&mut application, sql).await.as_deref(), Some(REFUSED), "{sql}");
    }
    assert_eq!(world.database.count("select count(*) from redemptions where discount = 1").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_application_can_import_and_verify() {
    let database = Database::new().await;
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples");
    let (offers, redemptions) = (format!("{folder}/offers.csv"), format!("{folder}/redemptions.csv"));
    for arguments in [&["import", "--offers", &offers, "--redemptions", &redemptions][..], &["verify"]] {
        let output = Program::command(Some(&database), arguments).output().await.unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    // The import has analyzed the tables.
    let rows = "select reltuples::bigint from pg_class where relname = 'redemptions'";
    assert_eq!(database.count(rows).await, 11_759);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_application_reports_that_the_owner_must_migrate_an_old_schema() {
    let database = Database::new().await;
    database.execute("delete from _sqlx_migrations where version > 20261125000000").await;
    let files = ["--offers", concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/offers.csv")];
    let import = Program::command(Some(&database), &["import", files[0], files[1]]).output().await.unwrap();
    let stderr = String::from_utf8_lossy(&import.stderr);
    assert_eq!(import.status.code(), Some(1));
    assert!(stderr.contains("not up to date") && stderr.contains("offercast_app"), "{stderr}");
}

#[tokio::test(flavor = "multi_thread")]
async fn reports_can_read_only_the_listed_tables() {
    let database = Database::new().await;
    let mut owner = database.connect().await;
    let tables: Vec<(String, bool, bool)> = sqlx::query_as(
        "select relname::text, has_table_privilege('offercast_reader', oid, 'select'),
                has_table_privilege('offercast_reader', oid, 'insert, update, delete, truncate')
         from pg_class where relkind in ('r', 'p') and relnamespace in ('public'::regnamespace, 'apalis'::regnamespace)",
    )
    .fetch_all(&mut owner)
    .await
    .unwrap();
    assert!(tables.iter().all(|(_, _, writes)| !writes), "{tables:?}");
    let hidden: BTreeSet<&str> =
        tables.iter().filter(|(_, reads, _)| !reads).map(|(name, ..)| name.as_str()).collect();
    // For a new table, decide whether it holds secrets: list it here, or in crates/database/src/grants.sql for reports.
    let expected = [
        "_sqlx_migrations",
        "access_state",
        "api_keys",
        "audit_log",
        "code_secret",
        "jobs",
        "known_devices",
        "one_time_links",
        "recovery_codes",
        "redemption_keys",
        "sessions",
        "users",
        "workers",
    ];
    assert_eq!(hidden, BTreeSet::from(expected));
}

#[tokio::test(flavor = "multi_thread")]
async fn each_migration_grants_the_rights_again() {
    let database = Database::new().await;
    database.execute("create table later (id bigint)").await;
    let mut application = database.connect_as_application().await;
    let insert = "insert into later values (1)";
    assert_eq!(error_code(&mut application, insert).await.as_deref(), Some(REFUSED));
    offercast_database::migrate(&database.url).await.unwrap();
    assert_eq!(error_code(&mut application, insert).await, None);
    // Rights that were granted manually are revoked.
    database.execute("grant update on redemptions to offercast_app").await;
    offercast_database::migrate(&database.url).await.unwrap();
    let update = "update redemptions set discount = 0";
    assert_eq!(error_code(&mut application, update).await.as_deref(), Some(REFUSED));
}
