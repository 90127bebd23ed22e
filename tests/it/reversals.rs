//! Reversals: a redemption can be reversed once and completely.

use futures_util::future::join_all;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Client, Response, World, offer, send_request};

async fn reverse(client: &Client, id: &Value) -> Response {
    client.post(&format!("/api/redemptions/{id}/reverse"), &json!({})).await
}

async fn redeem(client: &Client, code: &str, body: &Value) -> Response {
    client.post(&format!("/api/offers/{code}/redeem"), body).await
}

fn order_of(customer: &str, order_id: &str) -> Value {
    json!({"customer_id": customer, "order_amount": 70, "order_id": order_id})
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reversal_restores_budget_count_customer_limit_and_order() {
    let world = World::new().await;
    let limits = json!({"budget": 7, "max_redemptions": 1, "max_redemptions_per_customer": 1});
    world.client.create(&offer("BACK", &limits)).await;
    let redeemed = redeem(&world.client, "BACK", &order_of("c", "o")).await;
    let id = &redeemed.data()["redemption_id"];
    let body = json!({"reason": "the parcel came back"});
    let reversed = world.client.post(&format!("/api/redemptions/{id}/reverse"), &body).await;
    assert_eq!(reversed.status, StatusCode::CREATED);
    assert_eq!(reversed.data()["remaining_budget"], 7);
    assert_eq!((&reversed.data()["total_redemptions"], &reversed.data()["redemption_id"]), (&json!(0), id));
    world.assert_verified().await;
    // The same order can be redeemed again.
    let again = redeem(&world.client, "BACK", &order_of("c", "o")).await;
    assert_eq!(again.data()["total_redemptions"], 1);
    assert_ne!(&again.data()["redemption_id"], id);
    assert!(!again.headers.contains_key("idempotency-replayed"));
    let twice = reverse(&world.client, id).await;
    assert_eq!((twice.status, twice.code()), (StatusCode::CONFLICT, "already_reversed"));
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reversal_is_a_separate_entry() {
    let world = World::new().await;
    world.client.create(&offer("LEDGER", &json!({"budget": 100}))).await;
    let first = redeem(&world.client, "LEDGER", &order_of("a", "o-1")).await.data().clone();
    redeem(&world.client, "LEDGER", &order_of("b", "o-2")).await.data();
    world.clock.set("2026-06-17T12:00:00Z");
    let body = json!({"reason": "cancelled"});
    let path = format!("/api/redemptions/{}/reverse", first["redemption_id"]);
    let reversed = world.client.post(&path, &body).await.data().clone();
    let ledger = world.client.get("/api/offers/LEDGER/redemptions").await;
    let entry = &ledger.data()[0];
    assert_eq!(entry["redemption_id"], reversed["reversal_id"]);
    assert_eq!((&entry["reverses"], &entry["reason"]), (&first["redemption_id"], &json!("cancelled")));
    assert_eq!((&entry["discount_given"], &entry["redemption_date"]), (&json!(-7), &json!("2026-06-15")));
    assert_eq!(ledger.data().as_array().unwrap().len(), 3);
    // It counts on the day of the redemption, so that no day becomes negative.
    let dashboard = world.client.get("/api/offers/LEDGER/dashboard").await;
    let day = |date: &str| {
        let daily = dashboard.data()["daily"].as_array().unwrap();
        daily.iter().find(|day| day["date"] == date).unwrap()["redemptions"].clone()
    };
    assert_eq!((day("2026-06-15"), day("2026-06-17")), (json!(1), json!(0)));
    assert_eq!(dashboard.data()["kpis"]["total_redemptions"], 1);
    // The export contains only redemptions that count, so that it can be imported again.
    let csv =
        world.client.request(Method::GET, "/api/offers/LEDGER/redemptions").header("accept", "text/csv");
    let csv = send_request(csv).await.body.as_str().unwrap().to_owned();
    assert!(csv.contains("o-2") && !csv.contains("o-1") && csv.lines().count() == 2, "{csv}");
    // A reversal cannot be reversed.
    assert_eq!(reverse(&world.client, &reversed["reversal_id"]).await.code(), "redemption_not_found");
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_retried_reversal_gets_the_first_response() {
    let world = World::new().await;
    world.client.create(&offer("AGAIN", &json!({"budget": 100}))).await;
    let id = redeem(&world.client, "AGAIN", &order_of("a", "o")).await.data()["redemption_id"].clone();
    let send = async |client: &Client, body: &Value| {
        let request = client.request(Method::POST, &format!("/api/redemptions/{id}/reverse")).json(body);
        send_request(request.header("idempotency-key", "k")).await
    };
    let once = send(&world.client, &json!({})).await;
    redeem(&world.client, "AGAIN", &order_of("b", "o-2")).await.data();
    let again = send(&world.replica(), &json!({})).await;
    assert_eq!((again.status, &again.body), (once.status, &once.body));
    assert_eq!(again.headers["idempotency-replayed"], "true");
    assert_eq!(send(&world.client, &json!({"reason": "other"})).await.code(), "idempotency_key_reused");
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_reversals_count_once_and_never_exceed_a_limit() {
    let world = World::new().await;
    world.client.create(&offer("RACE", &json!({"budget": 70, "max_redemptions": 10}))).await;
    let ids: Vec<Value> = join_all((0..10).map(|n| {
        let client = world.client.clone();
        async move { redeem(&client, "RACE", &order_of(&n.to_string(), &format!("o-{n}"))).await.data()["redemption_id"].clone() }
    }))
    .await;
    let clients = [world.client.clone(), world.replica()];
    let reversing = (0..40).map(|n| {
        let (client, id) = (clients[n % 2].clone(), ids[n % 10].clone());
        tokio::spawn(async move { reverse(&client, &id).await })
    });
    let redeeming = (0..60).map(|n| {
        let client = clients[n % 2].clone();
        tokio::spawn(async move { redeem(&client, "RACE", &order_of("x", &format!("n-{n}"))).await })
    });
    let (reversed, redeemed) = tokio::join!(join_all(reversing), join_all(redeeming));
    let created = |responses: Vec<Result<Response, _>>| {
        let responses = responses.into_iter().map(Result::unwrap);
        responses.filter(|response| response.status == StatusCode::CREATED).count()
    };
    assert_eq!(created(reversed), 10);
    let redeemed = created(redeemed);
    assert!((1..=10).contains(&redeemed), "{redeemed}");
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn invalid_reversals_are_rejected() {
    let world = World::new().await;
    world.client.create(&offer("ALL", &json!({}))).await;
    for id in ["1", "x", "-1", "99999999999999999999"] {
        let response = world.client.post(&format!("/api/redemptions/{id}/reverse"), &json!({})).await;
        assert_eq!(
            (response.status, response.code()),
            (StatusCode::NOT_FOUND, "redemption_not_found"),
            "{id}"
        );
    }
    let id = redeem(&world.client, "ALL", &order_of("a", "o")).await.data()["redemption_id"].clone();
    for (reason, code) in [(String::new(), "invalid"), ("x".repeat(201), "too_long")] {
        let path = format!("/api/redemptions/{id}/reverse");
        let response = world.client.post(&path, &json!({"reason": reason})).await;
        assert_eq!(response.fields(), [("reason", code)]);
    }
    // An offer whose redemptions are all reversed still has a history, so its currency cannot be changed.
    let bare =
        send_request(world.client.request(Method::POST, &format!("/api/redemptions/{id}/reverse"))).await;
    assert_eq!(bare.data()["total_redemptions"], 0);
    let edit = world.client.patch("/api/offers/ALL", &json!({"currency": "EUR"})).await;
    assert_eq!(edit.fields(), [("currency", "out_of_range")]);
    assert_eq!(world.client.delete("/api/offers/ALL").await.data()["result"], "archived");
}
