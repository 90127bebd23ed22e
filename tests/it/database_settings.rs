//! Databases with unusual settings, which must not change what the program does.

use serde_json::json;

use crate::support::{Client, Database, Program, TestClock, World, app, eventually, offer, serve};

/// Each of these would break something: writes, lock waits, parsing of dates, or finding tables.
const UNUSUAL: [&str; 12] = [
    "default_transaction_isolation = 'serializable'",
    "default_transaction_read_only = on",
    "default_transaction_deferrable = on",
    "statement_timeout = 1",
    "lock_timeout = 1",
    "idle_in_transaction_session_timeout = 1",
    "idle_session_timeout = 1",
    "search_path = pg_catalog",
    "timezone = 'Pacific/Kiritimati'",
    "datestyle = 'SQL, DMY'",
    "intervalstyle = 'sql_standard'",
    "standard_conforming_strings = off",
];

async fn unusual() -> Database {
    let database = Database::without_schema().await;
    let name = database.url.rsplit_once('/').unwrap().1;
    let statements = UNUSUAL.map(|setting| format!("alter database {name} set {setting};"));
    database.execute(&statements.concat()).await;
    database
}

async fn run(database: &Database, arguments: &[&str]) -> String {
    let output = Program::command(Some(database), arguments).output().await.unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_and_requests_work_with_unusual_settings_of_the_database() {
    let database = unusual().await;
    run(&database, &["migrate"]).await;
    let examples = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples");
    let (offers, redemptions) = (format!("{examples}/offers.csv"), format!("{examples}/redemptions.csv"));
    let report = run(&database, &["import", "--offers", &offers, "--redemptions", &redemptions]).await;
    assert!(report.contains("\"redemptions\":11759"), "{report}");

    let clock = TestClock::at("2026-06-15T12:00:00Z");
    let app = app(&database.application_url(), &clock, 16);
    let client = serve(app.clone());
    let world = World { database, app, clock, client };
    world.client.create(&offer("PLAIN", &json!({"max_redemptions": 200}))).await;
    assert_eq!(redeem_in_parallel(&world.client, &world.replica(), 60).await, 60);
    world.assert_verified().await;

    let worker = world.worker();
    world.client.post("/api/offers/PLAIN/forecast", &json!({})).await.data();
    eventually("the forecast is stored", async || {
        world.client.get("/api/offers/PLAIN/forecast").await.data()["source"] == "cached"
    })
    .await;
    worker.stop().await;
    run(&world.database, &["verify"]).await;
}

/// Redeems through two processes, so that batches of one offer conflict in the database. Returns the number of accepted
/// redemptions.
async fn redeem_in_parallel(one: &Client, other: &Client, count: usize) -> usize {
    let redeem = |n: usize| {
        let client = if n.is_multiple_of(2) { one.clone() } else { other.clone() };
        tokio::spawn(async move { client.redeem("PLAIN", &json!(10)).await.status })
    };
    let tasks: Vec<_> = (0..count).map(redeem).collect();
    let mut accepted = 0;
    for task in tasks {
        accepted += usize::from(task.await.unwrap() == 201);
    }
    accepted
}

#[tokio::test(flavor = "multi_thread")]
async fn options_in_the_url_take_precedence() {
    let database = Database::without_schema().await;
    database.execute("create schema shop").await;
    let url = format!("{}?options=-c%20search_path%3Dshop", database.url);
    offercast_database::migrate(&url).await.unwrap();
    let tables = "select count(*) from pg_tables where schemaname = 'shop' and tablename = 'offers'";
    assert_eq!(database.count(tables).await, 1);
    let client = serve(app(&url, &TestClock::at("2026-06-15T12:00:00Z"), 2));
    client.create(&offer("SHOP", &json!({}))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redemption_that_waits_for_another_transaction_does_not_fail_to_serialize() {
    let world = World::new().await;
    world.client.create(&offer("WAITED", &json!({}))).await;
    let name = world.database.url.rsplit_once('/').unwrap().1;
    let setting = format!("alter database {name} set default_transaction_isolation = 'serializable'");
    world.database.execute(&setting).await;

    let client = world.replica();
    let mut other = world.database.connect().await;
    let edit =
        "begin isolation level read committed; update offers set name = 'Edited' where code = 'WAITED'";
    sqlx::raw_sql(edit).execute(&mut other).await.unwrap();
    let waiting = tokio::spawn(async move { client.redeem("WAITED", &json!(10)).await });
    world.until_lock_waiters(1).await;
    sqlx::raw_sql("commit").execute(&mut other).await.unwrap();
    let response = waiting.await.unwrap();
    assert_eq!(response.status, 201, "{response:?}");
}
