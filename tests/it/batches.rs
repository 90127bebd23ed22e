//! Many redemptions in one request.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Answer, Client, World, answer, offer};

async fn batch(client: &Client, key: Option<&str>, rows: &Value) -> Answer {
    let mut request = client.request(Method::POST, "/api/redemptions/batch").json(rows);
    if let Some(key) = key {
        request = request.header("idempotency-key", key);
    }
    answer(request).await
}

fn told(batch: &Answer) -> Vec<(u64, String)> {
    let told = |row: &Value| match row["error"]["code"].as_str() {
        Some(code) => code.to_owned(),
        None => row["data"]["discount_given"].to_string(),
    };
    let rows = batch.data().as_array().unwrap().iter();
    rows.map(|row| (row["http_status"].as_u64().unwrap(), told(row))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_row_is_answered_as_if_sent_alone() {
    let world = World::new().await;
    let id = world.client.create(&offer("ONE", &json!({}))).await["id"].clone();
    world.client.create(&offer("TWO", &json!({"status": "paused"}))).await;
    let rows = json!([
        {"offer": "one", "customer_id": 1, "order_amount": 50, "order_id": "o"},
        {"offer": "TWO", "customer_id": 1, "order_amount": 50},
        {"offer": "NOBODY", "customer_id": 1, "order_amount": 50},
        {"offer": "ONE", "customer_id": 1},
        {"offer": "ONE", "customer_id": 1, "order_amount": 50, "colour": "red"},
        "nonsense",
        {"offer": id, "customer_id": 2, "order_amount": 70, "idempotency_key": "k"},
        {"customer_id": 1, "order_amount": 50},
        {"offer": "ONE", "customer_id": 1, "order_amount": 50, "order_id": "o"},
        {"offer": "one", "customer_id": 3, "order_amount": 60},
        {"offer": "ONE", "customer_id": 3, "order_amount": 50, "idempotency_key": "a b"},
    ]);
    let answer = batch(&world.client, None, &rows).await;
    assert_eq!(answer.status, StatusCode::OK);
    let expected = [
        (201, "5"),
        (409, "offer_paused"),
        (404, "offer_not_found"),
        (422, "invalid_request"),
        (422, "invalid_request"),
        (422, "invalid_request"),
        (201, "7"),
        (422, "invalid_request"),
        (201, "5"),
        (201, "6"),
        (422, "invalid_request"),
    ];
    assert_eq!(told(&answer), expected.map(|(status, what)| (status, what.to_owned())));
    let first = &answer.data()[0];
    assert_eq!((&first["data"], &first["status"]), (&answer.data()[8]["data"], &json!(true)));
    // A key of a row is a key of the offer like any other.
    let alone = world.client.request(Method::POST, "/api/offers/ONE/redeem").header("idempotency-key", "k");
    let alone = crate::support::answer(alone.json(&json!({"customer_id": 2, "order_amount": 70}))).await;
    assert_eq!(alone.data(), &answer.data()[6]["data"]);
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_that_is_sent_again_redeems_nothing() {
    let world = World::new().await;
    world.client.create(&offer("AGAIN", &json!({"max_redemptions": 150}))).await;
    let row = |n: usize| json!({"offer": "AGAIN", "customer_id": n, "order_amount": 50});
    let rows: Value = (0..200).map(row).collect();
    let once = batch(&world.client, Some("k"), &rows).await;
    assert_eq!(told(&once).iter().filter(|(status, _)| *status == 201).count(), 150);
    let again = batch(&world.replica(), Some("k"), &rows).await;
    assert_eq!(again.body, once.body);
    assert_eq!(again.headers["idempotency-replayed"], "true");
    assert!(!once.headers.contains_key("idempotency-replayed"));
    assert_eq!(world.database.count("select redeemed from offer_counters").await, 150);
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_is_bounded_and_takes_its_thousand() {
    let world = World::new().await;
    world.client.create(&offer("MANY", &json!({}))).await;
    let row = json!({"offer": "MANY", "customer_id": 1, "order_amount": 50});
    for rows in [json!([]), json!(vec![&row; 1001])] {
        assert_eq!(batch(&world.client, None, &rows).await.fields(), [("body", "out_of_range")]);
    }
    assert_eq!(batch(&world.client, None, &row).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let all = batch(&world.client, None, &json!(vec![&row; 1000])).await;
    assert!(told(&all).iter().all(|(status, _)| *status == 201));
    let totals = world.client.get("/api/offers/MANY").await.data()["totals"].clone();
    assert_eq!(totals["redemptions"], 1000);
    world.assert_verified().await;
}
