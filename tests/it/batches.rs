//! `POST /api/redemptions/batch`: many redemptions in one request.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Client, Response, World, offer, send_request};

async fn batch(client: &Client, key: Option<&str>, rows: &Value) -> Response {
    let mut request = client.request(Method::POST, "/api/redemptions/batch").json(rows);
    if let Some(key) = key {
        request = request.header("idempotency-key", key);
    }
    send_request(request).await
}

/// Status, and error code or discount, of each row.
fn results(batch: &Response) -> Vec<(u64, String)> {
    let result = |row: &Value| match row["error"]["code"].as_str() {
        Some(code) => code.to_owned(),
        None => row["data"]["discount_given"].to_string(),
    };
    let rows = batch.data().as_array().unwrap().iter();
    rows.map(|row| (row["http_status"].as_u64().unwrap(), result(row))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_row_gets_the_response_of_a_single_request() {
    let world = World::new().await;
    let id = world.client.create(&offer("ONE", &json!({}))).await["id"].clone();
    world.client.create(&offer("TWO", &json!({"status": "paused"}))).await;
    let rows = json!([
        {"offer": "one", "customer_id": 1, "order_amount": 50, "order_id": "o"},
        {"offer": "TWO", "customer_id": 1, "order_amount": 50},
        {"offer": "UNKNOWN", "customer_id": 1, "order_amount": 50},
        {"offer": "ONE", "customer_id": 1},
        {"offer": "ONE", "customer_id": 1, "order_amount": 50, "colour": "red"},
        "nonsense",
        {"offer": id, "customer_id": 2, "order_amount": 70, "idempotency_key": "k"},
        {"customer_id": 1, "order_amount": 50},
        {"offer": "ONE", "customer_id": 1, "order_amount": 50, "order_id": "o"},
        {"offer": "one", "customer_id": 3, "order_amount": 60},
        {"offer": "ONE", "customer_id": 3, "order_amount": 50, "idempotency_key": "a b"},
    ]);
    let response = batch(&world.client, None, &rows).await;
    assert_eq!(response.status, StatusCode::OK);
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
    assert_eq!(results(&response), expected.map(|(status, what)| (status, what.to_owned())));
    let first = &response.data()[0];
    assert_eq!((&first["data"], &first["status"]), (&response.data()[8]["data"], &json!(true)));
    // The key of a row is valid for single requests too.
    let single = world.client.request(Method::POST, "/api/offers/ONE/redeem").header("idempotency-key", "k");
    let single =
        crate::support::send_request(single.json(&json!({"customer_id": 2, "order_amount": 70}))).await;
    assert_eq!(single.data(), &response.data()[6]["data"]);
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_retried_batch_redeems_nothing() {
    let world = World::new().await;
    world.client.create(&offer("AGAIN", &json!({"max_redemptions": 150}))).await;
    let row = |n: usize| json!({"offer": "AGAIN", "customer_id": n, "order_amount": 50});
    let rows: Value = (0..200).map(row).collect();
    let once = batch(&world.client, Some("k"), &rows).await;
    assert_eq!(results(&once).iter().filter(|(status, _)| *status == 201).count(), 150);
    let again = batch(&world.replica(), Some("k"), &rows).await;
    assert_eq!(again.body, once.body);
    assert_eq!(again.headers["idempotency-replayed"], "true");
    assert!(!once.headers.contains_key("idempotency-replayed"));
    assert_eq!(world.database.count("select redeemed from offer_counters").await, 150);
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_accepts_one_to_a_thousand_rows() {
    let world = World::new().await;
    world.client.create(&offer("MANY", &json!({}))).await;
    let row = json!({"offer": "MANY", "customer_id": 1, "order_amount": 50});
    for rows in [json!([]), json!(vec![&row; 1001])] {
        assert_eq!(batch(&world.client, None, &rows).await.fields(), [("body", "out_of_range")]);
    }
    assert_eq!(batch(&world.client, None, &row).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let all = batch(&world.client, None, &json!(vec![&row; 1000])).await;
    assert!(results(&all).iter().all(|(status, _)| *status == 201));
    let totals = world.client.get("/api/offers/MANY").await.data()["totals"].clone();
    assert_eq!(totals["redemptions"], 1000);
    world.assert_verified().await;
}
