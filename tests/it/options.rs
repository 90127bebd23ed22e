//! What an offer asks of an order, and what it gives for one.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::{World, offer};

#[tokio::test(flavor = "multi_thread")]
async fn options_are_stored_shown_and_taken_away_again() {
    let world = World::new().await;
    let plain = world.client.create(&offer("PLAIN", &json!({}))).await;
    assert_eq!((&plain["min_order_amount"], &plain["max_discount"]), (&Value::Null, &Value::Null));

    let options = json!({"min_order_amount": "20.00", "max_discount": 7.5});
    let created = world.client.create(&offer("OPTIONS", &options)).await;
    assert_eq!((&created["min_order_amount"], &created["max_discount"]), (&json!(20), &json!(7.5)));
    assert_eq!(world.client.get("/api/offers/OPTIONS").await.data(), &created);
    assert_eq!(world.client.get("/api/offers").await.data()[0]["max_discount"], json!(7.5));

    // A patch touches what it names; null takes an option away, and so does a replacement without it.
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
async fn a_small_order_is_refused_and_a_large_one_is_capped() {
    let world = World::new().await;
    let options = json!({"min_order_amount": 20, "max_discount": 7.5, "budget": 10});
    world.client.create(&offer("BOTH", &options)).await;
    let small = world.client.redeem("BOTH", &json!(19.99)).await;
    assert_eq!((small.status, small.code()), (StatusCode::CONFLICT, "order_below_minimum"));
    // 10 % of 500 is 50: the cap gives 7.5, for which the budget is enough once.
    assert_eq!(world.client.redeem("BOTH", &json!(500)).await.data()["discount_given"].to_string(), "7.5");
    assert_eq!(world.client.redeem("BOTH", &json!(500)).await.code(), "budget_exhausted");
    assert_eq!(world.client.redeem("BOTH", &json!(20)).await.data()["remaining_budget"].to_string(), "0.5");
    // The budget comes first where both speak against it.
    assert_eq!(world.client.redeem("BOTH", &json!(19)).await.code(), "budget_exhausted");
    world.assert_verified().await;
}
