use std::collections::HashSet;

use futures_util::future::join_all;
use reqwest::StatusCode;
use rust_decimal::Decimal;
use serde_json::json;

use crate::support::{Client, Response, World, app, eventually, offer};

async fn redeem_in_parallel(clients: &[Client], offer: &str, times: usize, amount: i64) -> Vec<Response> {
    let tasks = (0..times).map(|n| {
        let (client, offer) = (clients[n % clients.len()].clone(), offer.to_owned());
        tokio::spawn(async move { client.redeem_with_retries(&offer, &json!(amount)).await })
    });
    join_all(tasks).await.into_iter().map(Result::unwrap).collect()
}

/// Edits the maximum, and retries while the server is busy. False if more than that is redeemed already.
async fn set_maximum(client: &Client, offer: &str, max: u64) -> bool {
    loop {
        let edited = client.patch(&format!("/api/offers/{offer}"), &json!({"max_redemptions": max})).await;
        if edited.status.is_success() {
            return true;
        }
        if edited.status != StatusCode::SERVICE_UNAVAILABLE {
            assert_eq!(edited.fields(), [("max_redemptions", "out_of_range")]);
            return false;
        }
        assert_eq!(edited.code(), "busy");
    }
}

fn accepted(responses: &[Response]) -> usize {
    responses.iter().filter(|response| response.status.is_success()).count()
}

/// The error codes of the requests that failed.
fn codes(responses: &[Response]) -> HashSet<&str> {
    responses.iter().filter(|response| !response.status.is_success()).map(Response::code).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_thousand_parallel_redemptions_exactly_the_maximum_succeed() {
    let world = World::new().await;
    world.client.create(&offer("HOT", &json!({"max_redemptions": 100}))).await;
    let clients = [world.client.clone(), world.replica()];
    let responses = redeem_in_parallel(&clients, "HOT", 1_000, 50).await;
    let mut totals: Vec<i64> = responses
        .iter()
        .filter(|response| response.status.is_success())
        .map(|response| response.data()["total_redemptions"].as_i64().unwrap())
        .collect();
    totals.sort_unstable();
    // Each accepted redemption has its own total: no two were decided from the same counters.
    assert_eq!(totals, (1..=100).collect::<Vec<_>>());
    assert_eq!(codes(&responses), HashSet::from(["max_redemptions_reached"]));
    assert_eq!(world.client.get("/api/offers/HOT").await.data()["totals"]["redemptions"], 100);
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn parallel_redemptions_use_the_budget_and_never_exceed_it() {
    let world = World::new().await;
    // 10 % of 70 is 7: 14 fit into 100, and 2 remain.
    world.client.create(&offer("BUDGET", &json!({"budget": 100}))).await;
    let clients = [world.client.clone(), world.replica()];
    let responses = redeem_in_parallel(&clients, "BUDGET", 400, 70).await;
    assert_eq!(accepted(&responses), 14);
    assert_eq!(codes(&responses), HashSet::from(["budget_exhausted"]));
    let read = world.client.get("/api/offers/BUDGET").await;
    assert_eq!(read.data()["totals"]["remaining_budget"], 2);
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn edits_and_redemptions_never_exceed_a_limit_together() {
    let world = World::new().await;
    world.client.create(&offer("RACE", &json!({"max_redemptions": 1000}))).await;
    let clients = [world.client.clone(), world.replica()];
    // All of these fit into both the old and the new maximum.
    let redemptions = redeem_in_parallel(&clients, "RACE", 100, 50);
    let (first, is_150) = tokio::join!(redemptions, set_maximum(&world.client, "RACE", 150));
    assert_eq!((accepted(&first), is_150), (100, true));
    // Whether 120 is accepted depends on how many are redeemed by then; 90 is always too low.
    let edits = async {
        let is_120 = set_maximum(&world.client, "RACE", 120).await;
        (is_120, set_maximum(&world.client, "RACE", 90).await)
    };
    let (second, (is_120, is_90)) = tokio::join!(redeem_in_parallel(&clients, "RACE", 200, 50), edits);
    assert!(!is_90);
    let max: usize = if is_120 { 120 } else { 150 };
    assert_eq!(world.client.get("/api/offers/RACE").await.data()["max_redemptions"], max);
    assert_eq!(accepted(&first) + accepted(&second), max);
    assert_eq!(codes(&second), HashSet::from(["max_redemptions_reached"]));
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_transaction_releases_its_lock_and_its_connection() {
    let world = World::new().await;
    let id = world.client.create(&offer("DROP", &json!({}))).await["id"].as_i64().unwrap();
    let app = app(&world.database.application_url(), &world.clock, 1);
    let by_id = offercast_domain::OfferRef::Id(id);
    {
        // As after an error or a disconnect: the transaction is dropped while it holds the lock.
        let mut tx = app.pool.begin().await.unwrap();
        offercast_storage::offers::lock_offer(&mut tx, &by_id).await.unwrap();
    }
    // Another connection gets the lock before its lock timeout, which is shorter than the time after which PostgreSQL
    // ends an idle transaction. The only connection of the pool can be used again.
    world.client.redeem("DROP", &json!(10)).await.data();
    world.until_no_transaction_is_idle().await;
    let mut tx = app.pool.begin().await.unwrap();
    offercast_storage::offers::lock_offer(&mut tx, &by_id).await.unwrap().unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_of_disconnected_clients_leave_no_locks() {
    let world = World::new().await;
    world.client.create(&offer("HANG", &json!({}))).await;
    let lock = world.lock_offer("HANG").await;
    let mut requests: Vec<_> = (0..50)
        .map(|_| {
            let client = world.client.clone();
            tokio::spawn(async move { client.redeem("HANG", &json!(10)).await })
        })
        .collect();
    requests.extend((0..3).map(|n| {
        let (client, edit) = (world.client.clone(), json!({"name": format!("Name {n}")}));
        tokio::spawn(async move { client.patch("/api/offers/HANG", &edit).await })
    }));
    eventually("all redemptions wait", async || world.app.requests_waiting() == 50).await;
    // The first batch and the three edits.
    world.until_lock_waiters(4).await;
    for request in requests {
        request.abort();
        assert!(request.await.unwrap_err().is_cancelled());
    }
    lock.release().await;
    // The server may process or drop the cancelled requests. The next one succeeds only if none of them keeps the lock.
    let next = world.client.redeem("HANG", &json!(10)).await;
    let stored = world.database.count("select count(*) from redemptions").await;
    assert_eq!(next.data()["total_redemptions"], stored);
    assert_eq!(world.app.requests_waiting(), 0);
    world.until_no_transaction_is_idle().await;
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pool_replaces_terminated_connections() {
    let world = World::new().await;
    world.client.create(&offer("CUT", &json!({}))).await;
    redeem_in_parallel(std::slice::from_ref(&world.client), "CUT", 40, 10).await;
    let terminate_all = async || {
        let terminate = "select pg_terminate_backend(pid) from pg_stat_activity
                         where datname = current_database() and pid <> pg_backend_pid()";
        world.database.execute(terminate).await;
    };
    terminate_all().await;
    let redeemed = world.client.redeem("CUT", &json!(10)).await;
    assert_eq!(redeemed.data()["total_redemptions"], 41);
    redeem_in_parallel(std::slice::from_ref(&world.client), "CUT", 40, 10).await;
    terminate_all().await;
    let dashboard = world.client.get("/api/offers/CUT/dashboard").await;
    assert_eq!(dashboard.data()["kpis"]["total_redemptions"], 81);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lock_held_for_too_long_means_busy_and_not_refused() {
    let world = World::new().await;
    world.client.create(&offer("BUSY", &json!({}))).await;
    let lock = world.lock_offer("BUSY").await;
    let refused = world.client.redeem("BUSY", &json!(10)).await;
    assert_eq!((refused.status.as_u16(), refused.code()), (503, "busy"));
    assert_eq!(refused.headers["retry-after"], "1");
    lock.release().await;
    assert_eq!(world.client.redeem("BUSY", &json!(10)).await.data()["total_redemptions"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_ledger_equals_the_acknowledged_redemptions() {
    let world = World::new().await;
    let mut all = Vec::new();
    for n in 0..4 {
        world.client.create(&offer(&format!("SUM-{n}"), &json!({"budget": 50 + n}))).await;
    }
    let offers: Vec<_> = (0..4).map(|n| format!("SUM-{n}")).collect();
    for responses in join_all(
        offers.iter().map(|offer| redeem_in_parallel(std::slice::from_ref(&world.client), offer, 60, 33)),
    )
    .await
    {
        all.extend(responses);
    }
    let acknowledged: Decimal = all
        .iter()
        .filter(|response| response.status.is_success())
        .map(|response| response.data()["discount_given"].to_string().parse::<Decimal>().unwrap())
        .sum();
    let cents = world.database.count("select (sum(discount) * 100)::bigint from redemptions").await;
    assert_eq!(acknowledged, Decimal::new(cents, 2));
    world.assert_verified().await;
}
