//! Reservations: discounts held for orders that are not yet paid.

use futures_util::future::join_all;
use offercast_app::{App, HoldLimits, Limits, Pool};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Client, Response, World, eventually, offer, send_request, serve};

async fn reserve(client: &Client, code: &str, fields: &Value) -> Response {
    let mut body = json!({"customer_id": 1001, "order_amount": 70});
    for (field, value) in fields.as_object().unwrap() {
        body[field] = value.clone();
    }
    client.post(&format!("/api/offers/{code}/reserve"), &body).await
}

async fn act(client: &Client, reservation: &Response, verb: &str) -> Response {
    let path = format!("/api/reservations/{}/{verb}", reservation.data()["reservation_id"]);
    send_request(client.request(Method::POST, &path)).await
}

async fn remaining_budget(world: &World, code: &str) -> Value {
    world.client.get(&format!("/api/offers/{code}")).await.data()["totals"]["remaining_budget"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reservation_counts_against_every_limit_except_when_it_is_confirmed() {
    let world = World::new().await;
    let limits = json!({"budget": 10, "max_redemptions": 1, "max_redemptions_per_customer": 1});
    world.client.create(&offer("HOLD", &limits)).await;
    let held = reserve(&world.client, "HOLD", &json!({"order_id": "o"})).await;
    assert_eq!(held.status, StatusCode::CREATED);
    assert_eq!((&held.data()["discount_held"], &held.data()["remaining_budget"]), (&json!(7), &json!(3)));
    assert_eq!(held.data()["expires_at"], "2026-06-15T12:15:00Z");
    let read = world.client.get("/api/offers/HOLD").await;
    assert_eq!(
        (&read.data()["state"], &read.data()["totals"]["redemptions"]),
        (&json!("redemptions_exhausted"), &json!(0))
    );
    let dashboard = world.client.get("/api/offers/HOLD/dashboard").await;
    let expected = json!({"total": 10, "spent": 0, "held": 7, "remaining": 3});
    assert_eq!(dashboard.data()["budget"], expected);
    assert_eq!(world.client.redeem("HOLD", &json!(10)).await.code(), "max_redemptions_reached");
    world.client.patch("/api/offers/HOLD", &json!({"max_redemptions": null})).await.data();
    assert_eq!(world.client.redeem("HOLD", &json!(10)).await.code(), "customer_limit_reached");
    assert_eq!(reserve(&world.client, "HOLD", &json!({"customer_id": 2})).await.code(), "budget_exhausted");
    world.assert_verified().await;
    // A reservation can be confirmed even if the offer has been paused since.
    world.client.patch("/api/offers/HOLD", &json!({"status": "paused"})).await.data();
    let confirmed = act(&world.client, &held, "confirm").await;
    assert_eq!(confirmed.status, StatusCode::CREATED);
    assert_eq!(
        (&confirmed.data()["discount_given"], &confirmed.data()["total_redemptions"]),
        (&json!(7), &json!(1))
    );
    assert_eq!(confirmed.data()["remaining_budget"], 3);
    for verb in ["confirm", "release"] {
        let closed = act(&world.client, &held, verb).await;
        assert_eq!((closed.status, closed.code()), (StatusCode::CONFLICT, "reservation_closed"));
    }
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_released_reservation_returns_its_discount() {
    let world = World::new().await;
    world.client.create(&offer("FREE", &json!({"budget": 7}))).await;
    let held = reserve(&world.client, "FREE", &json!({})).await;
    assert_eq!(world.client.redeem("FREE", &json!(70)).await.code(), "budget_exhausted");
    let released = act(&world.client, &held, "release").await;
    assert_eq!((released.status, &released.data()["discount_released"]), (StatusCode::OK, &json!(7)));
    world.assert_verified().await;
    assert_eq!(world.client.redeem("FREE", &json!(70)).await.data()["remaining_budget"], 0);
    assert_eq!(act(&world.client, &held, "confirm").await.code(), "reservation_closed");
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_reservation_no_longer_counts() {
    let world = World::new().await;
    let limits = json!({"budget": 7, "max_redemptions_per_customer": 1});
    world.client.create(&offer("LATE", &limits)).await;
    let held = reserve(&world.client, "LATE", &json!({"ttl_seconds": 60})).await;
    world.clock.set("2026-06-15T12:00:59Z");
    assert_eq!(world.client.redeem("LATE", &json!(70)).await.code(), "budget_exhausted");
    world.clock.set("2026-06-15T12:01:00Z");
    // Quotes ignore it immediately, for any customer and without a worker.
    for customer in [1, 1001] {
        let order = json!({"customer_id": customer, "order_amount": 70});
        assert_eq!(world.client.post("/api/offers/LATE/quote", &order).await.data()["discount"], 7);
    }
    let expired = act(&world.client, &held, "confirm").await;
    assert_eq!((expired.status, expired.code()), (StatusCode::CONFLICT, "reservation_expired"));
    assert_eq!(remaining_budget(&world, "LATE").await, 7);
    world.client.redeem("LATE", &json!(70)).await.data();
    assert_eq!(act(&world.client, &held, "release").await.code(), "reservation_expired");
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_releases_expired_reservations() {
    let world = World::new().await;
    for code in ["A", "B"] {
        world.client.create(&offer(code, &json!({"budget": 7, "max_redemptions_per_customer": 1}))).await;
        reserve(&world.client, code, &json!({})).await.data();
    }
    world.clock.set("2026-06-15T12:14:59Z");
    assert_eq!(offercast_app::expire_reservations(&world.app).await.unwrap(), 0);
    world.clock.set("2026-06-15T12:15:00Z");
    assert_eq!(remaining_budget(&world, "A").await, 0);
    let worker = world.worker();
    for code in ["A", "B"] {
        eventually("the reservation is released", async || remaining_budget(&world, code).await == 7).await;
    }
    worker.stop().await;
    world.assert_verified().await;
    assert_eq!(offercast_app::expire_reservations(&world.app).await.unwrap(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_is_reserved_once_and_redeemed_once() {
    let world = World::new().await;
    world.client.create(&offer("ONCE", &json!({"budget": 100}))).await;
    let held = reserve(&world.client, "ONCE", &json!({"order_id": "o"})).await;
    let again = reserve(&world.replica(), "ONCE", &json!({"order_id": "o"})).await;
    assert_eq!(again.body, held.body);
    assert_eq!(again.headers["idempotency-replayed"], "true");
    // The same order with another amount is a separate reservation, until one of them is confirmed.
    let other = reserve(&world.client, "ONCE", &json!({"order_id": "o", "order_amount": 80})).await;
    assert_eq!(other.data()["remaining_budget"], 85);
    // A retry makes no further reservation.
    assert_eq!(reserve(&world.client, "ONCE", &json!({"order_id": "o"})).await.body, held.body);
    assert_eq!(remaining_budget(&world, "ONCE").await, 85);
    let confirmed = act(&world.client, &held, "confirm").await;
    let taken = act(&world.client, &other, "confirm").await;
    assert_eq!(taken.code(), "order_already_redeemed");
    assert_eq!(taken.body["error"]["redemption_id"], confirmed.data()["redemption_id"]);
    assert_eq!(
        reserve(&world.client, "ONCE", &json!({"order_id": "o"})).await.code(),
        "order_already_redeemed"
    );
    act(&world.client, &other, "release").await.data();
    assert_eq!(remaining_budget(&world, "ONCE").await, 93);
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_step_can_be_retried_with_its_key() {
    let world = World::new().await;
    let replica = world.replica();
    world.client.create(&offer("KEYS", &json!({"budget": 100}))).await;
    let send = async |client: &Client, path: String, key: &str, body: Value| {
        let request = client.request(Method::POST, &path).header("idempotency-key", key).json(&body);
        let response = send_request(request).await;
        let is_replay = response.headers.contains_key("idempotency-replayed");
        (response.status, response.body, is_replay)
    };
    let order = json!({"customer_id": 1, "order_amount": 70});
    let steps = [("k-1", "confirm"), ("k-2", "release")];
    for (key, verb) in steps {
        let reserve = |client| send(client, "/api/offers/KEYS/reserve".to_owned(), key, order.clone());
        let (status, held, is_replay) = reserve(&world.client).await;
        assert!(status == StatusCode::CREATED && !is_replay);
        let path = format!("/api/reservations/{}/{verb}", held["data"]["reservation_id"]);
        let verb_key = format!("{key}-{verb}");
        let first = send(&world.client, path.clone(), &verb_key, json!({})).await;
        world.client.redeem("KEYS", &json!(10)).await.data();
        assert_eq!(send(&replica, path, &verb_key, json!({})).await, (first.0, first.1, true));
        assert_eq!(reserve(&replica).await, (status, held, true));
    }
    assert_eq!(remaining_budget(&world, "KEYS").await, 91);
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_reservations_redemptions_and_reversals_never_exceed_a_limit() {
    let world = World::new().await;
    let limits = json!({"budget": 70, "max_redemptions": 12, "max_redemptions_per_customer": 3});
    world.client.create(&offer("MIX", &limits)).await;
    let clients = [world.client.clone(), world.replica()];
    let mut redeemed_ids = Vec::new();
    for n in 0..4 {
        let order = json!({"customer_id": n, "order_amount": 70});
        let redeemed = world.client.post("/api/offers/MIX/redeem", &order).await;
        redeemed_ids.push(redeemed.data()["redemption_id"].clone());
    }
    let tasks = (0..120).map(|n: usize| {
        let client = clients[n % 2].clone();
        let to_reverse = redeemed_ids.get(n).cloned();
        tokio::spawn(async move {
            if let Some(id) = to_reverse {
                client.post(&format!("/api/redemptions/{id}/reverse"), &json!({})).await.data();
                return;
            }
            let customer = json!({"customer_id": n % 7});
            let response = match n % 3 {
                0 => {
                    client
                        .post("/api/offers/MIX/redeem", &json!({"customer_id": n % 7, "order_amount": 70}))
                        .await
                }
                _ => reserve(&client, "MIX", &customer).await,
            };
            if !response.status.is_success() {
                return;
            }
            match (n % 3, response.data()["redemption_id"].clone()) {
                (0, id) if n.is_multiple_of(2) => {
                    client.post(&format!("/api/redemptions/{id}/reverse"), &json!({})).await.data();
                }
                (1, _) => drop(act(&client, &response, "confirm").await.data()),
                (2, _) => drop(act(&client, &response, "release").await.data()),
                _ => {}
            }
        })
    });
    join_all(tasks).await.into_iter().for_each(Result::unwrap);
    for state in ["confirmed", "released"] {
        let reservations = format!("select count(*) from reservations where state = '{state}'");
        assert!(world.database.count(&reservations).await > 0, "{state}");
    }
    assert!(world.database.count("select count(*) from redemptions where reverses is not null").await >= 4);
    let totals = world.client.get("/api/offers/MIX").await.data()["totals"].clone();
    assert!(totals["redemptions"].as_i64().unwrap() <= 10, "{totals}");
    let most = "select coalesce(max(uses), 0) from offer_customers";
    assert!(world.database.count(most).await <= 3);
    assert_eq!(world.database.count("select held_redemptions from offer_counters").await, 0);
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn all_errors_of_an_invalid_reservation_are_reported() {
    let world = World::new().await;
    world.client.create(&offer("WRONG", &json!({}))).await;
    let wrong = reserve(&world.client, "WRONG", &json!({"customer_id": "", "ttl_seconds": 0})).await;
    assert_eq!(wrong.fields(), [("customer_id", "required"), ("ttl_seconds", "out_of_range")]);
    assert_eq!(reserve(&world.client, "WRONG", &json!({"ttl_seconds": 86_401})).await.fields().len(), 1);
    for path in ["/api/reservations/1/confirm", "/api/reservations/x/release"] {
        let response = send_request(world.client.request(Method::POST, path)).await;
        assert_eq!((response.status, response.code()), (StatusCode::NOT_FOUND, "reservation_not_found"));
    }
    // An offer with reservations is archived instead of deleted.
    let held = reserve(&world.client, "WRONG", &json!({})).await;
    act(&world.client, &held, "release").await.data();
    assert_eq!(world.client.delete("/api/offers/WRONG").await.data()["result"], "archived");
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_limit_duration_number_and_budget_share_of_reservations() {
    let world = World::new().await;
    let holds = HoldLimits { max_seconds: 60, max_open: 2, max_budget_percent: 50 };
    let limits = Limits { holds, ..Limits::for_connections(16) };
    let pool = Pool::new(&world.database.url, 16).unwrap();
    let client = serve(App::with_limits(pool, world.clock.clock(), limits));
    client.create(&offer("BOUND", &json!({"budget": 20}))).await;
    let too_long = reserve(&client, "BOUND", &json!({"ttl_seconds": 61})).await;
    assert_eq!(too_long.fields(), [("ttl_seconds", "out_of_range")]);
    let first = reserve(&client, "BOUND", &json!({})).await;
    assert_eq!(first.data()["expires_at"], "2026-06-15T12:01:00Z");
    // 7 are held, and 7 more would exceed half of 20.
    let refused = reserve(&client, "BOUND", &json!({"customer_id": 2})).await;
    assert_eq!((refused.status, refused.code()), (StatusCode::CONFLICT, "hold_limit_reached"));
    reserve(&client, "BOUND", &json!({"order_amount": 30})).await.data();
    assert_eq!(reserve(&client, "BOUND", &json!({"order_amount": 1})).await.code(), "hold_limit_reached");
    client.redeem("BOUND", &json!(50)).await.data();
    act(&client, &first, "release").await.data();
    reserve(&client, "BOUND", &json!({"order_amount": 1})).await.data();
    world.assert_verified().await;
}
