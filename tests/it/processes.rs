use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::json;

use crate::support::{Client, Program, World, eventually, offer};

/// Redeems until `stop` is set or the server no longer responds. Returns the ids of acknowledged redemptions.
fn load(client: &Client, code: &str, stop: &Arc<AtomicBool>) -> Vec<tokio::task::JoinHandle<Vec<i64>>> {
    let redeem = |_| {
        let (client, code, stop) = (client.clone(), code.to_owned(), stop.clone());
        tokio::spawn(async move {
            let mut acknowledged = Vec::new();
            while !stop.load(Ordering::Relaxed) {
                let body = json!({"customer_id": 1, "order_amount": 50});
                let url = format!("{}/api/offers/{code}/redeem", client.base);
                let Ok(response) = client.http.post(url).json(&body).send().await else { break };
                if response.status() != 201 {
                    continue;
                }
                let Ok(body) = response.json::<serde_json::Value>().await else { break };
                acknowledged.push(body["data"]["redemption_id"].as_i64().unwrap());
            }
            acknowledged
        })
    };
    (0..8).map(redeem).collect()
}

/// Adds dates for separate processes, which use the real time.
fn always_valid(mut fields: serde_json::Value) -> serde_json::Value {
    fields["start_date"] = json!("2000-01-01");
    fields["end_date"] = json!("2199-12-31");
    fields
}

async fn ids(tasks: Vec<tokio::task::JoinHandle<Vec<i64>>>) -> Vec<i64> {
    let mut ids = Vec::new();
    for task in tasks {
        ids.extend(task.await.unwrap());
    }
    ids
}

#[tokio::test(flavor = "multi_thread")]
async fn no_acknowledged_redemption_is_lost_if_processes_are_killed_under_load() {
    let world = World::new().await;
    world.client.create(&offer("CRASH", &always_valid(json!({"max_redemptions": 100_000})))).await;
    let (api, client) = Program::api(&world.database).await;
    let worker = Program::worker(&world.database);
    let tasks = load(&client, "CRASH", &Arc::default());
    let redeemed = "select count(*) from redemptions";
    eventually("load arrives", async || world.database.count(redeemed).await > 200).await;
    worker.kill().await;
    api.kill().await;
    let acknowledged = ids(tasks).await;
    assert!(acknowledged.len() > 100);
    let list: Vec<_> = acknowledged.iter().map(ToString::to_string).collect();
    let found = format!("select count(*) from redemptions where id = any('{{{}}}')", list.join(","));
    assert_eq!(world.database.count(&found).await, acknowledged.len() as i64);
    world.until_no_transaction_is_idle().await;
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopping_process_finishes_requests_in_progress() {
    let world = World::new().await;
    world.client.create(&offer("STOP", &always_valid(json!({})))).await;
    let (api, client) = Program::api(&world.database).await;
    // This request is delayed by a lock until after the signal.
    let lock = world.lock_offer("STOP").await;
    let in_progress = tokio::spawn({
        let client = client.clone();
        async move { client.redeem("STOP", &json!(10)).await }
    });
    world.until_lock_waiters(1).await;
    let ending = tokio::spawn(api.terminate());
    eventually("new requests are refused", async || {
        reqwest::Client::new().get(format!("{}/healthz", client.base)).send().await.is_err()
    })
    .await;
    lock.release().await;
    assert_eq!(in_progress.await.unwrap().data()["total_redemptions"], 1);
    assert_eq!(ending.await.unwrap(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_with_an_address_serves_health_and_metrics() {
    let world = World::new().await;
    world.client.create(&offer("OPS", &always_valid(json!({})))).await;
    let (worker, client) = Program::listening(&world.database, "worker", "worker listens").await;
    world.client.post("/api/offers/OPS/forecast", &json!({})).await.data();
    eventually("the job is counted", async || {
        let metrics = client.get("/metrics").await.body.to_string();
        metrics.contains("offercast_jobs_run_total{queue=\\\"forecast.v1\\\",result=\\\"done\\\"}")
    })
    .await;
    assert_eq!(client.get("/readyz").await.status, 200);
    // It does not serve the API.
    assert_eq!(client.get("/api/offers").await.code(), "not_found");
    assert_eq!(worker.terminate().await, Some(0));
}
