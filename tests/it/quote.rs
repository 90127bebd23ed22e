//! Quotes: what redeeming would return.

use serde_json::{Value, json};

use crate::support::{Response, World, offer};

async fn quote(world: &World, code: &str, body: &Value) -> Response {
    world.client.post(&format!("/api/offers/{code}/quote"), body).await
}

fn order(amount: f64) -> Value {
    json!({"customer_id": 1001, "order_amount": amount})
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quote_agrees_with_redeem_and_changes_nothing() {
    let world = World::new().await;
    world.client.create(&offer("QUOTE", &json!({"budget": 10, "max_discount": 7}))).await;
    let good = quote(&world, "quote", &order(500.0)).await;
    let expected =
        json!({"redeemable": true, "discount": 7, "discount_asked": 7, "currency": "USD", "reasons": []});
    assert_eq!(good.data(), &expected);
    assert_eq!(quote(&world, "QUOTE", &order(500.0)).await.data(), &expected);
    let totals = &world.client.get("/api/offers/QUOTE").await.data()["totals"].clone();
    assert_eq!((&totals["redemptions"], &totals["remaining_budget"]), (&json!(0), &json!(10)));
    assert_eq!(world.client.redeem("QUOTE", &json!(500)).await.data()["discount_given"], 7);
    let refused = quote(&world, "QUOTE", &order(500.0)).await;
    assert_eq!((&refused.data()["discount"], &refused.data()["discount_asked"]), (&json!(0), &json!(7)));
    assert_eq!(refused.data()["reasons"], json!(["budget_exhausted"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quote_lists_all_reasons_in_the_order_of_redeem() {
    let world = World::new().await;
    let fields = json!({"budget": 5, "max_redemptions": 1, "min_order_amount": 20, "end_date": "2026-06-15"});
    world.client.create(&offer("ALL", &fields)).await;
    world.client.redeem("ALL", &json!(50)).await.data();
    world.client.patch("/api/offers/ALL", &json!({"status": "paused"})).await.data();
    world.clock.set("2026-06-16T12:00:00Z");
    let quoted = quote(&world, "ALL", &order(10.0)).await;
    let expected = [
        "offer_paused",
        "offer_expired",
        "max_redemptions_reached",
        "budget_exhausted",
        "order_below_minimum",
    ];
    assert_eq!(quoted.data()["reasons"], json!(expected));
    assert_eq!(quoted.data()["redeemable"], false);
    assert_eq!(world.client.redeem("ALL", &json!(10)).await.code(), expected[0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_quote_of_a_redeemed_order_agrees_with_its_retry() {
    let world = World::new().await;
    world.client.create(&offer("ORDER", &json!({"max_redemptions": 1}))).await;
    let of = |customer: i64| json!({"customer_id": customer, "order_amount": 70, "order_id": "o"});
    assert_eq!(quote(&world, "ORDER", &of(1)).await.data()["redeemable"], true);
    world.client.post("/api/offers/ORDER/redeem", &of(1)).await.data();
    let again = quote(&world, "ORDER", &of(1)).await;
    assert_eq!((&again.data()["redeemable"], &again.data()["discount"]), (&json!(true), &json!(7)));
    let taken = quote(&world, "ORDER", &of(2)).await;
    assert_eq!(taken.data()["reasons"], json!(["order_already_redeemed", "max_redemptions_reached"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quote_waits_for_no_lock_and_validates_its_request() {
    let world = World::new().await;
    world.client.create(&offer("HELD", &json!({}))).await;
    let lock = world.lock_offer("HELD").await;
    assert_eq!(quote(&world, "HELD", &order(50.0)).await.data()["discount"], 5);
    lock.release().await;
    assert_eq!(quote(&world, "UNKNOWN", &order(50.0)).await.code(), "offer_not_found");
    assert_eq!(quote(&world, "HELD", &json!({})).await.fields().len(), 2);
}
