//! Options of an offer: minimum order amount, maximum discount, behaviour on a budget shortfall, customer limit.

use futures_util::future::join_all;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::{Client, Response, World, offer};

#[tokio::test(flavor = "multi_thread")]
async fn options_are_stored_shown_and_removed() {
    let world = World::new().await;
    let plain = world.client.create(&offer("PLAIN", &json!({}))).await;
    assert_eq!((&plain["min_order_amount"], &plain["max_discount"]), (&Value::Null, &Value::Null));

    let options = json!({"min_order_amount": "20.00", "max_discount": 7.5});
    let created = world.client.create(&offer("OPTIONS", &options)).await;
    assert_eq!((&created["min_order_amount"], &created["max_discount"]), (&json!(20), &json!(7.5)));
    assert_eq!(world.client.get("/api/offers/OPTIONS").await.data(), &created);
    assert_eq!(world.client.get("/api/offers").await.data()[0]["max_discount"], json!(7.5));

    // A patch changes only the fields it has. Null removes an option, and so does a replacement without it.
    let patched = world.client.patch("/api/offers/OPTIONS", &json!({"max_discount": null})).await;
    let data = patched.data();
    assert_eq!((&data["min_order_amount"], &data["max_discount"]), (&json!(20), &Value::Null));
    let replaced = world.client.put("/api/offers/OPTIONS", &offer("OPTIONS", &json!({}))).await;
    assert_eq!(replaced.data()["min_order_amount"], Value::Null);

    let bad = json!({"min_order_amount": 0, "max_discount": 0.001});
    let refused = world.client.patch("/api/offers/OPTIONS", &bad).await;
    let expected = [("min_order_amount", "out_of_range"), ("max_discount", "invalid")];
    assert_eq!(refused.fields(), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_small_order_is_declined_and_a_large_discount_is_capped() {
    let world = World::new().await;
    let options = json!({"min_order_amount": 20, "max_discount": 7.5, "budget": 10});
    world.client.create(&offer("BOTH", &options)).await;
    let small = world.client.redeem("BOTH", &json!(19.99)).await;
    assert_eq!((small.status, small.code()), (StatusCode::CONFLICT, "order_below_minimum"));
    // 10 % of 500 is 50, capped to 7.5, which the budget covers once.
    assert_eq!(world.client.redeem("BOTH", &json!(500)).await.data()["discount_given"].to_string(), "7.5");
    assert_eq!(world.client.redeem("BOTH", &json!(500)).await.code(), "budget_exhausted");
    assert_eq!(world.client.redeem("BOTH", &json!(20)).await.data()["remaining_budget"].to_string(), "0.5");
    // If both reasons apply, the budget comes first.
    assert_eq!(world.client.redeem("BOTH", &json!(19)).await.code(), "budget_exhausted");
    world.assert_verified().await;
}

async fn redeem_as(client: &Client, code: &str, customer: i64) -> Response {
    let body = json!({"customer_id": customer, "order_amount": 70});
    client.post(&format!("/api/offers/{code}/redeem"), &body).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_partial_discount_uses_up_the_rest_of_the_budget() {
    let world = World::new().await;
    world.client.create(&offer("REST", &json!({"budget": 10, "on_budget_shortfall": "partial"}))).await;
    let first = redeem_as(&world.client, "REST", 1).await;
    assert_eq!((&first.data()["discount_given"], &first.data()["discount_asked"]), (&json!(7), &json!(7)));
    let order = json!({"customer_id": 1, "order_amount": 70, "order_id": "o"});
    let quoted = world.client.post("/api/offers/REST/quote", &order).await;
    assert_eq!((&quoted.data()["discount"], &quoted.data()["discount_asked"]), (&json!(3), &json!(7)));
    let last = world.client.post("/api/offers/REST/redeem", &order).await;
    assert_eq!((&last.data()["discount_given"], &last.data()["discount_asked"]), (&json!(3), &json!(7)));
    assert_eq!(redeem_as(&world.client, "REST", 1).await.code(), "budget_exhausted");
    // A retry gets the same response.
    let again = world.replica().post("/api/offers/REST/redeem", &order).await;
    assert_eq!((&again.body, &again.headers["idempotency-replayed"]), (&last.body, &"true".parse().unwrap()));
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_customer_limit_holds_across_processes() {
    let world = World::new().await;
    world.client.create(&offer("EACH", &json!({"max_redemptions_per_customer": 3}))).await;
    let clients = [world.client.clone(), world.replica()];
    let tasks = (0..80).map(|n: usize| {
        let client = clients[n % 2].clone();
        tokio::spawn(async move { redeem_as(&client, "EACH", i64::try_from(n / 2 % 4).unwrap()).await })
    });
    let responses: Vec<_> = join_all(tasks).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(responses.iter().filter(|response| response.status.is_success()).count(), 12);
    let refused = responses.iter().filter(|response| !response.status.is_success());
    assert!(refused.clone().all(|response| response.code() == "customer_limit_reached"));
    let order = json!({"customer_id": 1, "order_amount": 70});
    let quoted = world.client.post("/api/offers/EACH/quote", &order).await;
    assert_eq!(quoted.data()["reasons"], json!(["customer_limit_reached"]));
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn redemptions_continue_while_earlier_ones_are_counted_for_a_new_customer_limit() {
    let world = World::new().await;
    world.client.create(&offer("LATER", &json!({}))).await;
    redeem_as(&world.client, "LATER", 1).await.data();
    let lock = world.lock_customer_usage().await;
    let client = world.client.clone();
    let edit = tokio::spawn(async move {
        client.patch("/api/offers/LATER", &json!({"max_redemptions_per_customer": 3})).await
    });
    world.until_lock_waiters(1).await;
    for _ in 0..2 {
        redeem_as(&world.client, "LATER", 1).await.data();
    }
    redeem_as(&world.client, "LATER", 2).await.data();
    lock.release().await;
    edit.await.unwrap().data();
    assert_eq!(redeem_as(&world.client, "LATER", 1).await.code(), "customer_limit_reached");
    redeem_as(&world.client, "LATER", 2).await.data();
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_limit_set_later_counts_earlier_redemptions() {
    let world = World::new().await;
    world.client.create(&offer("LATER", &json!({}))).await;
    for _ in 0..2 {
        redeem_as(&world.client, "LATER", 1).await.data();
    }
    let limit = async |max: Value| {
        let edit = json!({"max_redemptions_per_customer": max});
        world.client.patch("/api/offers/LATER", &edit).await.data();
    };
    limit(json!(2)).await;
    assert_eq!(redeem_as(&world.client, "LATER", 1).await.code(), "customer_limit_reached");
    redeem_as(&world.client, "LATER", 2).await.data();
    limit(json!(3)).await;
    redeem_as(&world.client, "LATER", 1).await.data();
    world.assert_verified().await;
    // Without a limit nothing is counted; when a limit is set again, all redemptions count.
    limit(json!(null)).await;
    redeem_as(&world.client, "LATER", 1).await.data();
    world.assert_verified().await;
    limit(json!(4)).await;
    assert_eq!(redeem_as(&world.client, "LATER", 1).await.code(), "customer_limit_reached");
    world.assert_verified().await;
}
