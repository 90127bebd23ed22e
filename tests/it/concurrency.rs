use std::collections::HashSet;

use futures_util::future::join_all;
use rust_decimal::Decimal;
use serde_json::json;

use crate::support::{Answer, Client, World, app, offer};

async fn redeem_in_parallel(clients: &[Client], offer: &str, times: usize, amount: i64) -> Vec<Answer> {
    let tasks = (0..times).map(|n| {
        let (client, offer) = (clients[n % clients.len()].clone(), offer.to_owned());
        tokio::spawn(async move { client.insist(&offer, &json!(amount)).await })
    });
    join_all(tasks).await.into_iter().map(Result::unwrap).collect()
}

fn codes(answers: &[Answer]) -> HashSet<&str> {
    answers.iter().filter(|answer| !answer.status.is_success()).map(Answer::code).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_thousand_parallel_redemptions_exactly_the_maximum_succeed() {
    let world = World::new().await;
    world.client.create(&offer("HOT", &json!({"max_redemptions": 100}))).await;
    let clients = [world.client.clone(), world.replica()];
    let answers = redeem_in_parallel(&clients, "HOT", 1_000, 50).await;
    let mut totals: Vec<i64> = answers
        .iter()
        .filter(|answer| answer.status.is_success())
        .map(|answer| answer.data()["total_redemptions"].as_i64().unwrap())
        .collect();
    totals.sort_unstable();
    // Each accepted one was told a total of its own: nobody decided on what another had decided on.
    assert_eq!(totals, (1..=100).collect::<Vec<_>>());
    assert_eq!(codes(&answers), HashSet::from(["max_redemptions_reached"]));
    assert_eq!(world.client.get("/api/offers/HOT").await.data()["totals"]["redemptions"], 100);
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_budget_is_spent_to_the_last_and_never_passed() {
    let world = World::new().await;
    // 10 % of 70 is 7: 14 fit into 100, and 2 remain.
    world.client.create(&offer("BUDGET", &json!({"budget": 100}))).await;
    let clients = [world.client.clone(), world.replica()];
    let answers = redeem_in_parallel(&clients, "BUDGET", 400, 70).await;
    assert_eq!(answers.iter().filter(|answer| answer.status.is_success()).count(), 14);
    assert_eq!(codes(&answers), HashSet::from(["budget_exhausted"]));
    let read = world.client.get("/api/offers/BUDGET").await;
    assert_eq!(read.data()["totals"]["remaining_budget"], 2);
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn edits_and_redemptions_of_one_offer_do_not_pass_a_limit_together() {
    let world = World::new().await;
    world.client.create(&offer("RACE", &json!({"max_redemptions": 1000}))).await;
    let clients = [world.client.clone(), world.replica()];
    let redeeming = redeem_in_parallel(&clients, "RACE", 300, 50);
    let editing = async {
        let mut accepted = 0;
        for max in [150, 120, 90, 60] {
            let edit = world.client.patch("/api/offers/RACE", &json!({"max_redemptions": max})).await;
            accepted += i64::from(edit.status.is_success());
        }
        accepted
    };
    let (answers, _) = tokio::join!(redeeming, editing);
    let redeemed = answers.iter().filter(|answer| answer.status.is_success()).count();
    let max = world.client.get("/api/offers/RACE").await.data()["max_redemptions"].as_u64().unwrap();
    assert!(redeemed as u64 <= max, "{redeemed} of {max}");
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_that_is_dropped_leaves_nothing_behind() {
    let world = World::new().await;
    let id = world.client.create(&offer("DROP", &json!({}))).await["id"].as_i64().unwrap();
    let app = app(&world.database.application_url(), &world.clock, 1);
    let by_id = offercast_domain::OfferRef::Id(id);
    {
        // An error or a client that went away: the transaction is dropped with its lock held.
        let mut tx = app.pool.begin().await.unwrap();
        offercast_storage::lock_offer(&mut tx, &by_id).await.unwrap();
    }
    // Another connection gets the lock before it gives up waiting, which is before PostgreSQL itself would
    // end a transaction that was left open; and the only connection of that pool works.
    world.client.redeem("DROP", &json!(10)).await.data();
    world.until_no_transaction_is_idle().await;
    let mut tx = app.pool.begin().await.unwrap();
    offercast_storage::lock_offer(&mut tx, &by_id).await.unwrap().unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_that_hang_up_hold_no_locks() {
    let world = World::new().await;
    world.client.create(&offer("HANG", &json!({}))).await;
    for _ in 0..50 {
        let request = tokio::spawn({
            let client = world.client.clone();
            async move { client.redeem("HANG", &json!(10)).await }
        });
        tokio::task::yield_now().await;
        request.abort();
    }
    // Whatever became of those, the next one is served and the books are right.
    let redeemed = world.client.redeem("HANG", &json!(10)).await;
    let total = redeemed.data()["total_redemptions"].as_i64().unwrap();
    assert!((1..=51).contains(&total));
    world.until_no_transaction_is_idle().await;
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pool_survives_its_connections() {
    let world = World::new().await;
    world.client.create(&offer("CUT", &json!({}))).await;
    redeem_in_parallel(std::slice::from_ref(&world.client), "CUT", 40, 10).await;
    let cut = async || {
        let cut = "select pg_terminate_backend(pid) from pg_stat_activity
                   where datname = current_database() and pid <> pg_backend_pid()";
        world.database.execute(cut).await;
    };
    cut().await;
    let redeemed = world.client.redeem("CUT", &json!(10)).await;
    assert_eq!(redeemed.data()["total_redemptions"], 41);
    redeem_in_parallel(std::slice::from_ref(&world.client), "CUT", 40, 10).await;
    cut().await;
    let dashboard = world.client.get("/api/offers/CUT/dashboard").await;
    assert_eq!(dashboard.data()["kpis"]["total_redemptions"], 81);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lock_that_is_held_too_long_means_busy_and_not_refused() {
    let world = World::new().await;
    world.client.create(&offer("BUSY", &json!({}))).await;
    let holder = world.hold("BUSY").await;
    let refused = world.client.redeem("BUSY", &json!(10)).await;
    assert_eq!((refused.status.as_u16(), refused.code()), (503, "busy"));
    assert_eq!(refused.headers["retry-after"], "1");
    holder.release().await;
    assert_eq!(world.client.redeem("BUSY", &json!(10)).await.data()["total_redemptions"], 1);
}

/// The sum of what was told equals the sum of what was written.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_is_in_the_ledger() {
    let world = World::new().await;
    let mut all = Vec::new();
    for n in 0..4 {
        world.client.create(&offer(&format!("SUM-{n}"), &json!({"budget": 50 + n}))).await;
    }
    let offers: Vec<_> = (0..4).map(|n| format!("SUM-{n}")).collect();
    for answers in join_all(
        offers.iter().map(|offer| redeem_in_parallel(std::slice::from_ref(&world.client), offer, 60, 33)),
    )
    .await
    {
        all.extend(answers);
    }
    let told: Decimal = all
        .iter()
        .filter(|answer| answer.status.is_success())
        .map(|answer| answer.data()["discount_given"].to_string().parse::<Decimal>().unwrap())
        .sum();
    let cents = world.database.count("select (sum(discount) * 100)::bigint from redemptions").await;
    assert_eq!(told, Decimal::new(cents, 2));
    world.assert_verified().await;
}
