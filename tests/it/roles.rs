//! What the roles of the database may and may not do. All other tests run as the application's role, too.

use std::collections::BTreeSet;

use serde_json::json;
use sqlx::AssertSqlSafe;
use sqlx::postgres::PgConnection;

use crate::support::{Database, Program, World, offer};

/// "insufficient_privilege"
const REFUSED: &str = "42501";

async fn state_of(connection: &mut PgConnection, sql: &str) -> Option<String> {
    let result = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(connection).await;
    let error = result.err()?;
    Some(error.as_database_error().unwrap().code().unwrap().into_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_application_cannot_change_the_ledger_nor_the_schema() {
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
        assert_eq!(state_of(&mut application, sql).await.as_deref(), Some(REFUSED), "{sql}");
    }
    assert_eq!(world.database.count("select count(*) from redemptions where discount = 1").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_application_imports_and_verifies_a_schema_that_is_up_to_date() {
    let database = Database::new().await;
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples");
    let (offers, redemptions) = (format!("{folder}/offers.csv"), format!("{folder}/redemptions.csv"));
    for arguments in [&["import", "--offers", &offers, "--redemptions", &redemptions][..], &["verify"]] {
        let output = Program::command(Some(&database), arguments).output().await.unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    // The planner knows of what was imported.
    let known = "select reltuples::bigint from pg_class where relname = 'redemptions'";
    assert_eq!(database.count(known).await, 11_759);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_application_says_who_has_to_bring_an_old_schema_up() {
    let database = Database::new().await;
    database.execute("delete from _sqlx_migrations where version > 20261125000000").await;
    let files = ["--offers", concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/offers.csv")];
    let import = Program::command(Some(&database), &["import", files[0], files[1]]).output().await.unwrap();
    let said = String::from_utf8_lossy(&import.stderr);
    assert_eq!(import.status.code(), Some(1));
    assert!(said.contains("not up to date") && said.contains("offercast_app"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn reports_read_what_was_decided_for_them_and_nothing_else() {
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
    // A new table is decided here and in crates/database/src/grants.sql: do reports read it, or does it hold secrets?
    let expected = ["_sqlx_migrations", "code_secret", "jobs", "redemption_keys", "workers"];
    assert_eq!(hidden, BTreeSet::from(expected));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_is_added_later_is_the_applications_after_the_next_migration() {
    let database = Database::new().await;
    database.execute("create table later (id bigint)").await;
    let mut application = database.connect_as_application().await;
    let insert = "insert into later values (1)";
    assert_eq!(state_of(&mut application, insert).await.as_deref(), Some(REFUSED));
    offercast_database::migrate(&database.url).await.unwrap();
    assert_eq!(state_of(&mut application, insert).await, None);
    // What was granted by hand is taken back.
    database.execute("grant update on redemptions to offercast_app").await;
    offercast_database::migrate(&database.url).await.unwrap();
    let update = "update redemptions set discount = 0";
    assert_eq!(state_of(&mut application, update).await.as_deref(), Some(REFUSED));
}
