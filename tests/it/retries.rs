//! A request that is sent again is not done again.

use futures_util::future::join_all;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use crate::support::{Client, Program, World, answer, offer};

/// An answer to the byte.
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
async fn the_same_request_gets_its_first_answer_again() {
    let world = World::new().await;
    world.client.create(&offer("AGAIN", &json!({"budget": 100}))).await;
    let once = first(&world.client, "AGAIN", Some("k-1"), &order(70)).await;
    assert_eq!(once.status, StatusCode::CREATED);
    // What happens in between changes nothing about what was said.
    first(&world.client, "AGAIN", None, &order(50)).await;
    world.client.patch("/api/offers/AGAIN", &json!({"budget": 500, "status": "paused"})).await.data();
    world.clock.set("2026-06-16T11:00:00Z");
    for same in [order(70), json!({"order_amount": "70.00", "customer_id": "1001"})] {
        assert_eq!(replay(&world.client, "AGAIN", Some("k-1"), &same).await, once);
    }
    // By its id it is the same offer; and so it is through another process.
    let id = serde_json::from_str::<Value>(&once.body).unwrap()["data"]["offer_id"].to_string();
    assert_eq!(replay(&world.replica(), &id, Some("k-1"), &order(70)).await, once);
    assert_eq!(redemptions(&world).await, 2);
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_with_another_request_is_a_mistake() {
    let world = World::new().await;
    world.client.create(&offer("REUSED", &json!({}))).await;
    world.client.create(&offer("OTHER", &json!({}))).await;
    first(&world.client, "REUSED", Some("k"), &order(70)).await;
    for other in [order(71), json!({"customer_id": 1, "order_amount": 70}), order_of(1001, 70, "o")] {
        let refused = first(&world.client, "REUSED", Some("k"), &other).await;
        assert_eq!((refused.status.as_u16(), code(&refused).as_str()), (422, "idempotency_key_reused"));
    }
    assert_eq!(redemptions(&world).await, 1);
    // A key belongs to the offer it was sent to.
    first(&world.client, "OTHER", Some("k"), &order(70)).await;
    assert_eq!(redemptions(&world).await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_given_again_to_the_letter() {
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
    let answers: Vec<_> = join_all(copies).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(answers.iter().filter(|(_, is_replay)| !is_replay).count(), 1);
    assert!(answers.iter().all(|(raw, _)| *raw == answers[0].0 && raw.status == StatusCode::CREATED));
}

#[tokio::test(flavor = "multi_thread")]
async fn copies_that_come_while_the_first_is_under_way_are_one() {
    let world = World::new().await;
    world.client.create(&offer("COPIES", &json!({}))).await;
    let replica = world.replica();
    let holder = world.hold("COPIES").await;
    // One under way, others behind it in one batch, and some of another process.
    let mut copies = vec![background(&world.client, "COPIES", "k")];
    world.until_waiting(1).await;
    copies.extend((0..10).map(|_| background(&world.client, "COPIES", "k")));
    copies.extend((0..10).map(|_| background(&replica, "COPIES", "k")));
    world.until_waiting(2).await;
    holder.release().await;
    all_the_same(copies).await;
    assert_eq!(redemptions(&world).await, 1);
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_keys_sent_three_times_each_through_two_processes() {
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
async fn a_process_that_was_killed_is_asked_again_through_its_successor() {
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
    // Also under a key, which then is the key of this answer.
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
    // Another offer may be redeemed for the same order.
    client.create(&offer("SECOND", &json!({}))).await;
    first(client, "SECOND", None, &order_of(1, 70, "o-1")).await;
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn copies_of_an_order_in_one_batch_are_one() {
    let world = World::new().await;
    world.client.create(&offer("TWINS", &json!({}))).await;
    let holder = world.hold("TWINS").await;
    let twins: Vec<_> = (0..20)
        .map(|n| {
            let client = world.client.clone();
            tokio::spawn(async move { send(&client, "TWINS", None, &order_of(n % 2, 70, "o")).await })
        })
        .collect();
    world.until_waiting(1).await;
    holder.release().await;
    let answers: Vec<_> = join_all(twins).await.into_iter().map(Result::unwrap).collect();
    let created = answers.iter().filter(|(raw, _)| raw.status == StatusCode::CREATED);
    assert_eq!(created.clone().filter(|(_, is_replay)| !is_replay).count(), 1);
    assert_eq!(created.count(), 10);
    assert_eq!(redemptions(&world).await, 1);
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_that_was_refused_may_be_redeemed_later() {
    let world = World::new().await;
    world.client.create(&offer("LATER", &json!({"budget": 5}))).await;
    assert_eq!(code(&first(&world.client, "LATER", None, &order_of(1, 70, "o")).await), "budget_exhausted");
    world.client.patch("/api/offers/LATER", &json!({"budget": 50})).await.data();
    assert_eq!(first(&world.client, "LATER", None, &order_of(1, 70, "o")).await.status, StatusCode::CREATED);
}

#[tokio::test(flavor = "multi_thread")]
async fn recorded_facts_may_repeat_an_order_and_hold_none_back() {
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

/// A ledger from before may hold an order twice: the first one stands.
#[tokio::test(flavor = "multi_thread")]
async fn the_migration_finds_the_orders_that_stand() {
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
    // Later migrations have added to the table.
    world
        .database
        .execute(
            "alter table redemption_keys add column reservation_id bigint, add column status smallint,
                                         add column headers text, add column body text",
        )
        .await;
    // The tables are new: what the application may do with them is granted anew.
    offercast_database::migrate(&world.database.url).await.unwrap();
    // Another process: this one's statements are about the tables that are gone.
    assert_eq!(replay(&world.replica(), "OLD", None, &order_of(1, 70, "o")).await, once);
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_key_may_be() {
    let world = World::new().await;
    world.client.create(&offer("KEY", &json!({}))).await;
    let try_key = |key: &[u8]| {
        let request = world.client.request(Method::POST, "/api/offers/KEY/redeem").json(&order(70));
        answer(request.header("idempotency-key", key))
    };
    for bad in [&b""[..], b"a b", "\u{e9}".as_bytes(), &[b'x'; 256]] {
        let refused = try_key(bad).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(refused.fields(), [("Idempotency-Key", "invalid")]);
    }
    let twice = world.client.request(Method::POST, "/api/offers/KEY/redeem").json(&order(70));
    let twice = answer(twice.header("idempotency-key", "a").header("idempotency-key", "a")).await;
    assert_eq!(twice.fields(), [("Idempotency-Key", "invalid")]);
    assert_eq!(redemptions(&world).await, 0);
    try_key(&[b'~'; 255]).await.data();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_of_ours_is_not_kept() {
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
    let holder = world.hold("FAIL").await;
    assert_eq!(code(&first(&world.client, "FAIL", Some("k"), &order(70)).await), "busy");
    drop(holder);
    assert_eq!(first(&world.client, "FAIL", Some("k"), &order(70)).await.status, StatusCode::CREATED);
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_are_kept_for_a_day_and_then_forgotten() {
    let world = World::new().await;
    world.client.create(&offer("DAY", &json!({}))).await;
    let once = first(&world.client, "DAY", Some("k"), &order(70)).await;
    world.clock.set("2026-06-16T12:00:00Z");
    assert_eq!(offercast_app::purge_keys(&world.app).await.unwrap(), 0);
    assert_eq!(replay(&world.client, "DAY", Some("k"), &order(70)).await, once);
    world.clock.set("2026-06-16T14:00:00Z");
    assert_eq!(offercast_app::purge_keys(&world.app).await.unwrap(), 1);
    first(&world.client, "DAY", Some("k"), &order(70)).await;
    assert_eq!(redemptions(&world).await, 2);
}
