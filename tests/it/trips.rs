//! Redemptions of different offers that come at the same time are written together, and none waits or fails for another.

use serde_json::{Value, json};

use crate::support::{Answer, World, offer};

const OFFERS: usize = 40;

/// Offers that the process decides on what it remembers of them.
async fn settled(world: &World) -> Vec<String> {
    let codes: Vec<String> = (0..OFFERS).map(|n| format!("TRIP-{n}")).collect();
    for code in &codes {
        world.client.create(&offer(code, &json!({}))).await;
    }
    for _ in 0..3 {
        redeem_each(world, &codes, |_| json!({})).await;
    }
    codes
}

/// One redemption of each offer, all in one request.
async fn redeem_each(world: &World, codes: &[String], besides: impl Fn(usize) -> Value) -> Answer {
    let row = |(n, code): (usize, &String)| {
        let mut row = json!({"offer": code, "customer_id": 1, "order_amount": 50});
        row.as_object_mut().unwrap().extend(besides(n).as_object().unwrap().clone());
        row
    };
    let rows: Vec<Value> = codes.iter().enumerate().map(row).collect();
    world.client.post("/api/redemptions/batch", &json!(rows)).await
}

/// The count after each redemption, in the order of the rows.
fn counts(answer: &Answer) -> Vec<i64> {
    let rows = answer.data().as_array().unwrap().iter();
    rows.map(|row| row["data"]["total_redemptions"].as_i64().unwrap()).collect()
}

/// Transactions that have written the newest redemption of each offer.
async fn statements(world: &World) -> i64 {
    let sql = "select count(distinct xmin::text) from redemptions where redeemed_after = 4";
    world.database.count(sql).await
}

#[tokio::test(flavor = "multi_thread")]
async fn offers_that_are_redeemed_at_the_same_time_share_statements() {
    let world = World::new().await;
    let codes = settled(&world).await;
    assert_eq!(counts(&redeem_each(&world, &codes, |_| json!({})).await), [4; OFFERS]);
    let statements = statements(&world).await;
    assert!((1..=10).contains(&statements), "{OFFERS} offers in {statements} statements");
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_retry_on_the_way_fails_no_other_offer() {
    let world = World::new().await;
    let codes = settled(&world).await;
    let order = json!({"customer_id": 1, "order_amount": 50, "order_id": "o"});
    let first = world.client.post(&format!("/api/offers/{}/redeem", codes[7]), &order).await;
    let answer =
        redeem_each(&world, &codes, |n| if n == 7 { json!({"order_id": "o"}) } else { json!({}) }).await;
    assert_eq!(counts(&answer), [4; OFFERS]);
    assert_eq!(answer.data()[7]["data"], first.data().clone());
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_breaks_for_one_offer_fails_no_other() {
    let world = World::new().await;
    let codes = settled(&world).await;
    world.database.break_on_13().await;
    let answer =
        redeem_each(&world, &codes, |n| if n == 7 { json!({"order_amount": 13}) } else { json!({}) }).await;
    let statuses: Vec<i64> =
        answer.data().as_array().unwrap().iter().map(|row| row["http_status"].as_i64().unwrap()).collect();
    let expected: Vec<i64> = (0..OFFERS).map(|n| if n == 7 { 500 } else { 201 }).collect();
    assert_eq!(statuses, expected);
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_offer_that_somebody_is_at_holds_up_no_other() {
    let world = World::new().await;
    let codes = settled(&world).await;
    let holder = world.hold(&codes[7]).await;
    let held = tokio::spawn({
        let (client, code) = (world.client.clone(), codes[7].clone());
        async move { client.redeem(&code, &json!(50)).await }
    });
    let others: Vec<String> = codes.iter().filter(|code| **code != codes[7]).cloned().collect();
    assert_eq!(counts(&redeem_each(&world, &others, |_| json!({})).await), [4; OFFERS - 1]);
    assert!(!held.is_finished());
    holder.release().await;
    assert_eq!(held.await.unwrap().data()["total_redemptions"], 4);
    world.assert_verified().await;
}
