//! Combined batches: concurrent redemptions of different offers share a statement, without waiting for each other or
//! failing because of each other.

use serde_json::{Value, json};

use crate::support::{Response, World, eventually, offer};

const OFFERS: usize = 40;

/// Creates offers and redeems them until the process decides from its cache.
async fn cached_offers(world: &World) -> Vec<String> {
    let codes: Vec<String> = (0..OFFERS).map(|n| format!("OFFER-{n}")).collect();
    for code in &codes {
        world.client.create(&offer(code, &json!({}))).await;
    }
    for _ in 0..3 {
        redeem_each(world, &codes, |_| json!({})).await;
    }
    codes
}

/// Redeems each offer once, all in one request. `fields` returns additional fields of a row.
async fn redeem_each(world: &World, codes: &[String], fields: impl Fn(usize) -> Value) -> Response {
    let row = |(n, code): (usize, &String)| {
        let mut row = json!({"offer": code, "customer_id": 1, "order_amount": 50});
        row.as_object_mut().unwrap().extend(fields(n).as_object().unwrap().clone());
        row
    };
    let rows: Vec<Value> = codes.iter().enumerate().map(row).collect();
    world.client.post("/api/redemptions/batch", &json!(rows)).await
}

/// The number of redemptions after each row, in the order of the rows.
fn counts(response: &Response) -> Vec<i64> {
    let rows = response.data().as_array().unwrap().iter();
    rows.map(|row| row["data"]["total_redemptions"].as_i64().unwrap()).collect()
}

/// The number of transactions that wrote the newest redemptions of the offers.
async fn statements(world: &World) -> i64 {
    let sql = "select count(distinct xmin::text) from redemptions where redeemed_after = 4";
    world.database.count(sql).await
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_redemptions_of_different_offers_share_statements() {
    let world = World::new().await;
    let codes = cached_offers(&world).await;
    // Without the lock, how many requests the first statements find would depend on the machine.
    let ledger = world.lock_ledger().await;
    let release = async {
        eventually("all offers have a queue", async || world.app.open_queues() == OFFERS).await;
        ledger.release().await;
    };
    let (redeemed, ()) = tokio::join!(redeem_each(&world, &codes, |_| json!({})), release);
    assert_eq!(counts(&redeemed), [4; OFFERS]);
    let statements = statements(&world).await;
    assert!((1..=10).contains(&statements), "{OFFERS} offers in {statements} statements");
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_retried_order_in_a_combined_batch_does_not_affect_other_offers() {
    let world = World::new().await;
    let codes = cached_offers(&world).await;
    let order = json!({"customer_id": 1, "order_amount": 50, "order_id": "o"});
    let first = world.client.post(&format!("/api/offers/{}/redeem", codes[7]), &order).await;
    let response =
        redeem_each(&world, &codes, |n| if n == 7 { json!({"order_id": "o"}) } else { json!({}) }).await;
    assert_eq!(counts(&response), [4; OFFERS]);
    assert_eq!(response.data()[7]["data"], first.data().clone());
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_of_one_offer_does_not_affect_other_offers() {
    let world = World::new().await;
    let codes = cached_offers(&world).await;
    world.database.break_on_13().await;
    let response =
        redeem_each(&world, &codes, |n| if n == 7 { json!({"order_amount": 13}) } else { json!({}) }).await;
    let statuses: Vec<i64> =
        response.data().as_array().unwrap().iter().map(|row| row["http_status"].as_i64().unwrap()).collect();
    let expected: Vec<i64> = (0..OFFERS).map(|n| if n == 7 { 500 } else { 201 }).collect();
    assert_eq!(statuses, expected);
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_offer_does_not_delay_other_offers() {
    let world = World::new().await;
    let codes = cached_offers(&world).await;
    let lock = world.lock_offer(&codes[7]).await;
    let delayed = tokio::spawn({
        let (client, code) = (world.client.clone(), codes[7].clone());
        async move { client.redeem(&code, &json!(50)).await }
    });
    let others: Vec<String> = codes.iter().filter(|code| **code != codes[7]).cloned().collect();
    assert_eq!(counts(&redeem_each(&world, &others, |_| json!({})).await), [4; OFFERS - 1]);
    assert!(!delayed.is_finished());
    lock.release().await;
    assert_eq!(delayed.await.unwrap().data()["total_redemptions"], 4);
    world.assert_verified().await;
}
