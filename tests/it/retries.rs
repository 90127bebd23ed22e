//! Retries of redemptions: a request that is sent again is not applied again.

use futures_util::future::join_all;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use crate::support::{Client, Program, World, offer, send_request};

/// The exact response.
#[derive(Debug, PartialEq)]
struct Raw {
    status: StatusCode,
    body: String,
}

async fn send(client: &Client, offer: &str, key: Option<&str>, body: &Value) -> (Raw, bool) {
    let mut request = client.request(Method::POST, &format!("/api/offers/{offer}/redeem")).json(body);
    if let Some(key) = key {
        request = request.header("idempotency-key", key);
    }
    let response = request.send().await.unwrap();
    let is_replay = response.headers().get("idempotency-replayed").is_some_and(|value| value == "true");
    (Raw { status: response.status(), body: response.text().await.unwrap() }, is_replay)
}

async fn first(client: &Client, offer: &str, key: Option<&str>, body: &Value) -> Raw {
    let (raw, is_replay) = send(client, offer, key, body).await;
    assert!(!is_replay, "{raw:?}");
    raw
}

async fn replay(client: &Client, offer: &str, key: Option<&str>, body: &Value) -> Raw {
    let (raw, is_replay) = send(client, offer, key, body).await;
    assert!(is_replay, "{raw:?}");
    raw
}

fn code(raw: &Raw) -> String {
    let body: Value = serde_json::from_str(&raw.body).unwrap();
    body["error"]["code"].as_str().unwrap().to_owned()
}

fn order(amount: i64) -> Value {
    json!({"customer_id": 1001, "order_amount": amount})
}

fn order_of(customer: i64, amount: i64, order_id: &str) -> Value {
    json!({"customer_id": customer, "order_amount": amount, "order_id": order_id})
}

async fn redemptions(world: &World) -> i64 {
    world.database.count("select count(*) from redemptions").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_retry_gets_the_first_response() {
    let world = World::new().await;
    world.client.create(&offer("AGAIN", &json!({"budget": 100}))).await;
    let once = first(&world.client, "AGAIN", Some("k-1"), &order(70)).await;
    assert_eq!(once.status, StatusCode::CREATED);
    // Later changes do not affect the stored response.
    first(&world.client, "AGAIN", None, &order(50)).await;
    world.client.patch("/api/offers/AGAIN", &json!({"budget": 500, "status": "paused"})).await.data();
    world.clock.set("2026-06-16T11:00:00Z");
    for same in [order(70), json!({"order_amount": "70.00", "customer_id": "1001"})] {
        assert_eq!(replay(&world.client, "AGAIN", Some("k-1"), &same).await, once);
    }
    // Also with the id instead of the code, and through another process.
    let id = serde_json::from_str::<Value>(&once.body).unwrap()["data"]["offer_id"].to_string();
    assert_eq!(replay(&world.replica(), &id, Some("k-1"), &order(70)).await, once);
    assert_eq!(redemptions(&world).await, 2);
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_cannot_be_reused_for_another_request() {
    let world = World::new().await;
    world.client.create(&offer("REUSED", &json!({}))).await;
    world.client.create(&offer("OTHER", &json!({}))).await;
    first(&world.client, "REUSED", Some("k"), &order(70)).await;
    for other in [order(71), json!({"customer_id": 1, "order_amount": 70}), order_of(1001, 70, "o")] {
        let refused = first(&world.client, "REUSED", Some("k"), &other).await;
        assert_eq!((refused.status.as_u16(), code(&refused).as_str()), (422, "idempotency_key_reused"));
    }
    assert_eq!(redemptions(&world).await, 1);
    // Keys of different offers are independent.
    first(&world.client, "OTHER", Some("k"), &order(70)).await;
    assert_eq!(redemptions(&world).await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_declined_response_is_repeated_exactly() {
    let world = World::new().await;
    world.client.create(&offer("NO", &json!({"status": "paused"}))).await;
    let refused = first(&world.client, "NO", Some("k"), &order(70)).await;
    assert_eq!((refused.status.as_u16(), code(&refused).as_str()), (409, "offer_paused"));
    world.client.patch("/api/offers/NO", &json!({"status": "active"})).await.data();
    assert_eq!(replay(&world.client, "NO", Some("k"), &order(70)).await, refused);
    assert_eq!(first(&world.client, "NO", None, &order(70)).await.status, StatusCode::CREATED);
}

fn background(client: &Client, code: &str, key: &str) -> JoinHandle<(Raw, bool)> {
    let (client, code, key) = (client.clone(), code.to_owned(), key.to_owned());
    tokio::spawn(async move { send(&client, &code, Some(&key), &order(70)).await })
}

async fn all_the_same(copies: Vec<JoinHandle<(Raw, bool)>>) {
    let responses: Vec<_> = join_all(copies).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(responses.iter().filter(|(_, is_replay)| !is_replay).count(), 1);
    assert!(responses.iter().all(|(raw, _)| *raw == responses[0].0 && raw.status == StatusCode::CREATED));
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_copies_redeem_once() {
    let world = World::new().await;
    world.client.create(&offer("COPIES", &json!({}))).await;
    let replica = world.replica();
    let lock = world.lock_offer("COPIES").await;
    // One is in progress, others are queued behind it, and some are sent to another process.
    let mut copies = vec![background(&world.client, "COPIES", "k")];
    world.until_lock_waiters(1).await;
    copies.extend((0..10).map(|_| background(&world.client, "COPIES", "k")));
    copies.extend((0..10).map(|_| background(&replica, "COPIES", "k")));
    world.until_lock_waiters(2).await;
    lock.release().await;
    all_the_same(copies).await;
    assert_eq!(redemptions(&world).await, 1);
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_of_many_keys_redeems_once_through_two_processes() {
    let world = World::new().await;
    world.client.create(&offer("MANY", &json!({}))).await;
    let clients = [world.client.clone(), world.replica()];
    let mut keys: Vec<Vec<JoinHandle<(Raw, bool)>>> = (0..60).map(|_| Vec::new()).collect();
    for n in 0..180 {
        keys[n % 60].push(background(&clients[n % 2], "MANY", &format!("k-{}", n % 60)));
    }
    for copies in keys {
        all_the_same(copies).await;
    }
    assert_eq!(redemptions(&world).await, 60);
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_retry_after_a_killed_process_gets_the_first_response() {
    let world = World::new().await;
    world
        .client
        .create(&offer("KILLED", &json!({"start_date": "2020-01-01", "end_date": "2199-01-01"})))
        .await;
    let (killed, client) = Program::api(&world.database).await;
    let once = first(&client, "KILLED", Some("k"), &order_of(1, 70, "o")).await;
    killed.kill().await;
    let (successor, client) = Program::api(&world.database).await;
    assert_eq!(replay(&client, "KILLED", Some("k"), &order_of(1, 70, "o")).await, once);
    assert_eq!(replay(&client, "KILLED", None, &order_of(1, 70, "o")).await, once);
    assert_eq!(successor.terminate().await, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_is_redeemed_once() {
    let world = World::new().await;
    world.client.create(&offer("ORDER", &json!({"budget": 100}))).await;
    let client = &world.client;
    let once = first(client, "ORDER", None, &order_of(1, 70, "o-1")).await;
    first(client, "ORDER", None, &order_of(1, 70, "o-2")).await;
    assert_eq!(replay(client, "ORDER", None, &order_of(1, 70, "o-1")).await, once);
    // Also with a key, which is then stored for this response.
    assert_eq!(replay(client, "ORDER", Some("k"), &order_of(1, 70, "o-1")).await, once);
    assert_eq!(replay(client, "ORDER", Some("k"), &order_of(1, 70, "o-1")).await, once);
    let redemption = serde_json::from_str::<Value>(&once.body).unwrap()["data"]["redemption_id"].clone();
    for other in [order_of(2, 70, "o-1"), order_of(1, 71, "o-1")] {
        let taken = first(client, "ORDER", None, &other).await;
        assert_eq!((taken.status.as_u16(), code(&taken).as_str()), (409, "order_already_redeemed"));
        assert_eq!(serde_json::from_str::<Value>(&taken.body).unwrap()["error"]["redemption_id"], redemption);
    }
    let taken = first(client, "ORDER", Some("t"), &order_of(2, 70, "o-1")).await;
    assert_eq!(replay(client, "ORDER", Some("t"), &order_of(2, 70, "o-1")).await, taken);
    assert_eq!(redemptions(&world).await, 2);
    // Another offer can be redeemed for the same order.
    client.create(&offer("SECOND", &json!({}))).await;
    first(client, "SECOND", None, &order_of(1, 70, "o-1")).await;
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn copies_of_an_order_in_one_batch_redeem_once() {
    let world = World::new().await;
    world.client.create(&offer("TWINS", &json!({}))).await;
    let lock = world.lock_offer("TWINS").await;
    let copies: Vec<_> = (0..20)
        .map(|n| {
            let client = world.client.clone();
            tokio::spawn(async move { send(&client, "TWINS", None, &order_of(n % 2, 70, "o")).await })
        })
        .collect();
    world.until_lock_waiters(1).await;
    lock.release().await;
    let responses: Vec<_> = join_all(copies).await.into_iter().map(Result::unwrap).collect();
    let created = responses.iter().filter(|(raw, _)| raw.status == StatusCode::CREATED);
    assert_eq!(created.clone().filter(|(_, is_replay)| !is_replay).count(), 1);
    assert_eq!(created.count(), 10);
    assert_eq!(redemptions(&world).await, 1);
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_declined_order_can_be_redeemed_later() {
    let world = World::new().await;
    world.client.create(&offer("LATER", &json!({"budget": 5}))).await;
    assert_eq!(code(&first(&world.client, "LATER", None, &order_of(1, 70, "o")).await), "budget_exhausted");
    world.client.patch("/api/offers/LATER", &json!({"budget": 50})).await.data();
    assert_eq!(first(&world.client, "LATER", None, &order_of(1, 70, "o")).await.status, StatusCode::CREATED);
}

#[tokio::test(flavor = "multi_thread")]
async fn imported_redemptions_of_an_order_do_not_prevent_its_redemption() {
    let world = World::new().await;
    world.client.create(&offer("FACTS", &json!({}))).await;
    world
        .database
        .execute(
            "insert into redemptions (offer_id, customer_id, order_id, order_amount, discount, redeemed_at,
                                      redemption_date, source, redeemed_after, spent_after)
             select 1, 'x', 'o', 50, 5, '2026-06-15T12:00:00Z', '2026-06-15', 'imported', n, n * 5
             from generate_series(1, 2) n;
             update offer_counters set redeemed = 2, spent = 10;
             insert into offer_daily values (1, '2026-06-15', 2, 10)",
        )
        .await;
    assert_eq!(first(&world.client, "FACTS", None, &order_of(1, 70, "o")).await.status, StatusCode::CREATED);
    replay(&world.client, "FACTS", None, &order_of(1, 70, "o")).await;
    world.assert_verified().await;
}

/// An older ledger may contain an order twice: the first redemption counts.
#[tokio::test(flavor = "multi_thread")]
async fn the_migration_finds_redeemed_orders() {
    let world = World::new().await;
    world.client.create(&offer("OLD", &json!({}))).await;
    let once = first(&world.client, "OLD", None, &order_of(1, 70, "o")).await;
    world
        .database
        .execute(
            "insert into redemptions (offer_id, customer_id, order_id, order_amount, discount, redeemed_at,
                                      redemption_date, redeemed_after, spent_after)
             values (1, '1', 'o', 70, 7, '2026-06-15T12:00:00Z', '2026-06-15', 2, 14);
             update offer_counters set redeemed = 2, spent = 14;
             update offer_daily set redemptions = 2, discount = 14;
             drop table redemption_keys, redemption_orders",
        )
        .await;
    world.database.execute(include_str!("../../migrations/20261124000200_retries.sql")).await;
    // Adds the columns of later migrations.
    world
        .database
        .execute(
            "alter table redemption_keys add column reservation_id bigint, add column status smallint,
                                         add column headers text, add column body text",
        )
        .await;
    // Grants the application's rights on the new tables.
    offercast_database::migrate(&world.database.url).await.unwrap();
    // Uses another process, because this one has prepared statements for the dropped tables.
    assert_eq!(replay(&world.replica(), "OLD", None, &order_of(1, 70, "o")).await, once);
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_are_validated() {
    let world = World::new().await;
    world.client.create(&offer("KEY", &json!({}))).await;
    let try_key = |key: &[u8]| {
        let request = world.client.request(Method::POST, "/api/offers/KEY/redeem").json(&order(70));
        send_request(request.header("idempotency-key", key))
    };
    for bad in [&b""[..], b"a b", "\u{e9}".as_bytes(), &[b'x'; 256]] {
        let refused = try_key(bad).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(refused.fields(), [("Idempotency-Key", "invalid")]);
    }
    let twice = world.client.request(Method::POST, "/api/offers/KEY/redeem").json(&order(70));
    let twice = send_request(twice.header("idempotency-key", "a").header("idempotency-key", "a")).await;
    assert_eq!(twice.fields(), [("Idempotency-Key", "invalid")]);
    assert_eq!(redemptions(&world).await, 0);
    try_key(&[b'~'; 255]).await.data();
}

#[tokio::test(flavor = "multi_thread")]
async fn server_errors_are_not_stored() {
    let world = World::new().await;
    world.client.create(&offer("FAIL", &json!({}))).await;
    world
        .database
        .execute(
            "create function fail() returns trigger language plpgsql as
             $$ begin raise exception 'a page is broken' using errcode = 'XX001'; end $$;
             create trigger fail before insert on redemptions for each row execute function fail()",
        )
        .await;
    assert_eq!(code(&first(&world.client, "FAIL", Some("k"), &order(70)).await), "internal");
    world.database.execute("drop trigger fail on redemptions").await;
    let lock = world.lock_offer("FAIL").await;
    assert_eq!(code(&first(&world.client, "FAIL", Some("k"), &order(70)).await), "busy");
    drop(lock);
    assert_eq!(first(&world.client, "FAIL", Some("k"), &order(70)).await.status, StatusCode::CREATED);
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_are_deleted_after_a_day() {
    let world = World::new().await;
    world.client.create(&offer("DAY", &json!({}))).await;
    let once = first(&world.client, "DAY", Some("k"), &order(70)).await;
    world.clock.set("2026-06-16T12:00:00Z");
    assert_eq!(offercast_app::purge_idempotency_keys(&world.app).await.unwrap(), 0);
    assert_eq!(replay(&world.client, "DAY", Some("k"), &order(70)).await, once);
    world.clock.set("2026-06-16T14:00:00Z");
    assert_eq!(offercast_app::purge_idempotency_keys(&world.app).await.unwrap(), 1);
    first(&world.client, "DAY", Some("k"), &order(70)).await;
    assert_eq!(redemptions(&world).await, 2);
}
