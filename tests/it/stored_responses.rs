//! Idempotency of requests other than redemptions: their responses are stored under the key too.

use futures_util::future::join_all;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Client, Response, World, offer, send_request};

async fn send(client: &Client, path: &str, key: &str, body: &Value) -> Response {
    let request = client.request(Method::POST, path).header("idempotency-key", key);
    send_request(if body.is_null() { request } else { request.json(body) }).await
}

fn is_replay(response: &Response) -> bool {
    response.headers.get("idempotency-replayed").is_some_and(|value| value == "true")
}

async fn first(client: &Client, path: &str, key: &str, body: &Value) -> Response {
    let response = send(client, path, key, body).await;
    assert!(!is_replay(&response), "{response:?}");
    response
}

async fn replay(client: &Client, path: &str, key: &str, body: &Value) -> Response {
    let response = send(client, path, key, body).await;
    assert!(is_replay(&response), "{response:?}");
    response
}

#[tokio::test(flavor = "multi_thread")]
async fn a_retry_does_not_create_a_second_offer() {
    let world = World::new().await;
    let body = offer("ONCE", &json!({"budget": 100}));
    let once = first(&world.client, "/api/offers", "k", &body).await;
    assert_eq!(once.status, StatusCode::CREATED);
    world.client.redeem("ONCE", &json!(50)).await.data();
    world.client.patch("/api/offers/ONCE", &json!({"code": "TWICE"})).await.data();
    // Also with other formatting, and through another process.
    for client in [&world.client, &world.replica()] {
        let again = replay(client, "/api/offers", "k", &offer("ONCE", &json!({"budget": "100.00"}))).await;
        assert_eq!((again.status, &again.body), (once.status, &once.body));
        for header in ["location", "etag", "content-type"] {
            assert_eq!(again.headers[header], once.headers[header]);
        }
    }
    let other = send(&world.client, "/api/offers", "k", &offer("OTHER", &json!({}))).await;
    assert_eq!((other.status, other.code()), (StatusCode::UNPROCESSABLE_ENTITY, "idempotency_key_reused"));
    assert_eq!(world.database.count("select count(*) from offers").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn explicit_defaults_do_not_make_a_different_request() {
    let world = World::new().await;
    let once = first(&world.client, "/api/offers", "k", &offer("ONCE", &json!({}))).await;
    for same in [
        json!({"timezone": "UTC"}),
        json!({"status": "active", "on_budget_shortfall": "reject"}),
        json!({"budget": null, "max_redemptions": null, "currency": "usd"}),
        json!({"code": "once", "start_date": "2026-06-01 "}),
    ] {
        let again = replay(&world.client, "/api/offers", "k", &offer("ONCE", &same)).await;
        assert_eq!((again.status, &again.body), (once.status, &once.body), "{same}");
    }
    let other =
        send(&world.client, "/api/offers", "k", &offer("ONCE", &json!({"timezone": "Asia/Tokyo"}))).await;
    assert_eq!(other.code(), "idempotency_key_reused");

    let path = "/api/offers/ONCE/codes";
    let issued = first(&world.client, path, "codes", &json!({"count": 3})).await;
    for same in [json!({"count": 3, "length": 16}), json!({"count": 3.0, "prefix": ""})] {
        let again = replay(&world.replica(), path, "codes", &same).await;
        assert_eq!((again.status, &again.body), (issued.status, &issued.body), "{same}");
        assert_eq!(again.headers["location"], issued.headers["location"]);
    }
    let other = send(&world.client, path, "codes", &json!({"count": 3, "length": 15})).await;
    assert_eq!(other.code(), "idempotency_key_reused");
}

/// Version 0.1 stored the request as it was sent, and for codes the whole response.
#[tokio::test(flavor = "multi_thread")]
async fn responses_stored_by_the_previous_version_are_repeated() {
    let world = World::new().await;
    world.client.create(&offer("OLD", &json!({}))).await;
    world
        .database
        .execute(
            r#"insert into redemption_keys (offer_id, key, request, created_at, status, headers, body) values
               (1, 'k', E'issue codes\n{"count":2,"prefix":"old"}', now(), 201, E'location: /x\n', '{"old": true}')"#,
        )
        .await;
    let body = json!({"count": 2, "prefix": "old"});
    let again = replay(&world.client, "/api/offers/OLD/codes", "k", &body).await;
    assert_eq!((&again.body, &again.headers["location"]), (&json!({"old": true}), &"/x".parse().unwrap()));
}

#[tokio::test(flavor = "multi_thread")]
async fn stored_responses_contain_no_codes() {
    let world = World::new().await;
    world.client.create(&offer("SECRET", &json!({}))).await;
    let issued = first(&world.client, "/api/offers/SECRET/codes", "k", &json!({"count": 1})).await;
    let code = issued.data()["codes"][0].as_str().unwrap().to_owned();
    let stored = format!("select count(*) from redemption_keys k where k::text ilike '%{code}%'");
    assert_eq!(world.database.count("select count(*) from redemption_keys where body is not null").await, 1);
    assert_eq!(world.database.count(&stored).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_copies_create_one_offer() {
    let world = World::new().await;
    let clients = [world.client.clone(), world.replica()];
    let body = offer("COPIES", &json!({}));
    let copies = (0..12).map(|n| send(&clients[n % 2], "/api/offers", "k", &body));
    let copies = join_all(copies).await;
    assert!(copies.iter().all(|copy| copy.status == StatusCode::CREATED && copy.body == copies[0].body));
    assert_eq!(copies.iter().filter(|copy| !is_replay(copy)).count(), 1);
    assert_eq!(world.database.count("select count(*) from offers").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_are_not_stored() {
    let world = World::new().await;
    world.client.create(&offer("TAKEN", &json!({}))).await;
    let taken = first(&world.client, "/api/offers", "k", &offer("TAKEN", &json!({}))).await;
    assert_eq!(taken.fields(), [("code", "taken")]);
    let wrong = first(&world.client, "/api/offers", "k", &offer("WRONG", &json!({"budget": -1}))).await;
    assert_eq!(wrong.fields(), [("budget", "out_of_range")]);
    world
        .database
        .execute(
            "create function fail() returns trigger language plpgsql as
             $$ begin raise exception 'a page is broken' using errcode = 'XX001'; end $$;
             create trigger fail before insert on offers for each row execute function fail()",
        )
        .await;
    assert_eq!(first(&world.client, "/api/offers", "k", &offer("FREE", &json!({}))).await.code(), "internal");
    world.database.execute("drop trigger fail on offers").await;
    first(&world.client, "/api/offers", "k", &offer("FREE", &json!({}))).await.data();
    for path in ["/api/offers/UNKNOWN/forecast", "/api/offers/UNKNOWN/quote"] {
        let body = json!({"customer_id": 1, "order_amount": 50});
        assert_eq!(first(&world.client, path, "k", &body).await.code(), "offer_not_found");
        assert_eq!(first(&world.client, path, "k", &body).await.code(), "offer_not_found");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn responses_to_read_only_requests_are_repeated_too() {
    let world = World::new().await;
    world.client.create(&offer("READ", &json!({"budget": 10}))).await;
    let order = json!({"customer_id": 1, "order_amount": 70});
    let calls = [
        ("/api/offers/READ/quote", order.clone(), json!({"customer_id": 2, "order_amount": 70})),
        ("/api/offers/READ/forecast/what-if", json!({"budget": 500}), json!({"budget": 501})),
    ];
    let mut stored = Vec::new();
    for (path, body, _) in &calls {
        stored.push(first(&world.client, path, path, body).await);
    }
    assert_eq!(stored[0].data()["discount"], 7);
    // Without the keys, both responses would now be different.
    world.client.redeem("READ", &json!(70)).await.data();
    world.clock.set("2026-06-16T11:00:00Z");
    for ((path, body, other), once) in calls.iter().zip(&stored) {
        for client in [&world.client, &world.replica()] {
            assert_eq!(replay(client, path, path, body).await.body, once.body);
            assert_eq!(send(client, path, path, other).await.code(), "idempotency_key_reused");
        }
        assert_ne!(world.client.post(path, body).await.body, once.body);
    }
    let clients = [world.client.clone(), world.replica()];
    let copies = (0..12).map(|n| send(&clients[n % 2], calls[0].0, "copies", &calls[0].1));
    let copies = join_all(copies).await;
    assert!(copies.iter().all(|copy| copy.body == copies[0].body));
    assert_eq!(copies.iter().filter(|copy| !is_replay(copy)).count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_shared_by_all_operations_of_an_offer() {
    let world = World::new().await;
    world.client.create(&offer("ALL", &json!({}))).await;
    world.client.create(&offer("OTHER", &json!({}))).await;
    let (redeem, quote, forecast) =
        ("/api/offers/ALL/redeem", "/api/offers/ALL/quote", "/api/offers/ALL/forecast");
    let order = json!({"customer_id": 1, "order_amount": 70});
    first(&world.client, redeem, "redeemed", &order).await.data();
    first(&world.client, quote, "quoted", &order).await.data();
    let queued = first(&world.client, forecast, "queued", &Value::Null).await;
    assert_eq!(queued.status, StatusCode::ACCEPTED);
    let again = replay(&world.replica(), forecast, "queued", &Value::Null).await;
    assert_eq!((again.status, &again.body), (queued.status, &queued.body));
    for (path, key) in [
        (quote, "redeemed"),
        (redeem, "quoted"),
        (quote, "queued"),
        (redeem, "queued"),
        (forecast, "redeemed"),
    ] {
        let reused = send(&world.client, path, key, &order).await;
        assert_eq!(reused.code(), "idempotency_key_reused", "{path} {key}");
    }
    // Other requests in the same batch, and the same key for another offer, are not affected.
    replay(&world.client, redeem, "redeemed", &order).await.data();
    first(&world.client, "/api/offers/OTHER/redeem", "quoted", &order).await.data();
    world.clock.set("2026-06-16T14:00:00Z");
    assert_eq!(offercast_app::purge_idempotency_keys(&world.app).await.unwrap(), 4);
    first(&world.client, redeem, "quoted", &order).await.data();
    world.assert_verified().await;
}
