//! The cached state of an offer is never used for a decision after another process has changed the offer.

use reqwest::Method;
use serde_json::json;

use crate::support::{Client, Gate, Program, Response, World, app, eventually, offer, send_request, serve};

/// Redeems until the process decides from its cache.
async fn fill_cache(client: &Client, code: &str) {
    for _ in 0..3 {
        client.redeem(code, &json!(50)).await.data();
    }
}

async fn redeem_with_key(client: &Client, code: &str, key: &str, order_id: Option<&str>) -> Response {
    let body = json!({"customer_id": 1, "order_amount": 50, "order_id": order_id});
    let request = client.request(Method::POST, &format!("/api/offers/{code}/redeem"));
    send_request(request.header("idempotency-key", key).json(&body)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_offer_used_by_one_process_is_redeemed_from_the_cache() {
    let world = World::new().await;
    let always = json!({"start_date": "2000-01-01", "end_date": "2199-12-31"});
    world.client.create(&offer("MINE", &always)).await;
    let (_api, client) = Program::api(&world.database).await;
    for _ in 0..10 {
        client.redeem("MINE", &json!(50)).await.data();
    }
    let metrics = client.get("/metrics").await.body;
    let line = r#"offercast_batches_total{path="combined"} 9"#;
    assert!(metrics.as_str().unwrap().contains(line), "{metrics}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_through_another_process_takes_effect_immediately() {
    let world = World::new().await;
    let other = world.replica();
    world.client.create(&offer("EDIT", &json!({"budget": 1000}))).await;
    fill_cache(&world.client, "EDIT").await;
    other.patch("/api/offers/EDIT", &json!({"status": "paused"})).await.data();
    assert_eq!(world.client.redeem("EDIT", &json!(50)).await.code(), "offer_paused");
    other.patch("/api/offers/EDIT", &json!({"status": "active", "budget": 20})).await.data();
    assert_eq!(world.client.redeem("EDIT", &json!(50)).await.data()["remaining_budget"], 0);
    fill_cache_with_declined(&world.client, "EDIT").await;
    // Also an edit with SQL.
    world.database.execute("update offers set budget = 1000, discount_value = 20").await;
    assert_eq!(world.client.redeem("EDIT", &json!(50)).await.data()["discount_given"], 10);
    world.assert_verified().await;
}

/// Sends declined redemptions until the process decides from its cache.
async fn fill_cache_with_declined(client: &Client, code: &str) {
    for _ in 0..3 {
        assert_eq!(client.redeem(code, &json!(50)).await.code(), "budget_exhausted");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_moved_to_another_offer_redeems_that_offer() {
    let world = World::new().await;
    let other = world.replica();
    let first = world.client.create(&offer("CODE", &json!({}))).await;
    fill_cache(&world.client, "CODE").await;
    other.patch("/api/offers/CODE", &json!({"code": "OLD"})).await.data();
    assert_eq!(world.client.redeem("CODE", &json!(50)).await.code(), "offer_not_found");
    let second = other.create(&offer("CODE", &json!({}))).await;
    assert_ne!(first["id"], second["id"]);
    assert_eq!(world.client.redeem("CODE", &json!(50)).await.data()["offer_id"], second["id"]);
    assert_eq!(world.client.redeem("OLD", &json!(50)).await.data()["total_redemptions"], 4);
    other.delete("/api/offers/OLD").await.data();
    assert_eq!(world.client.redeem("OLD", &json!(50)).await.code(), "offer_archived");
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_offer_is_not_served_from_the_cache() {
    let world = World::new().await;
    let other = world.replica();
    world.client.create(&offer("REMOVED", &json!({"start_date": "2026-06-20"}))).await;
    for _ in 0..3 {
        assert_eq!(world.client.redeem("REMOVED", &json!(50)).await.code(), "offer_not_started");
    }
    other.delete("/api/offers/REMOVED").await.data();
    assert_eq!(world.client.redeem("REMOVED", &json!(50)).await.code(), "offer_not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_response_of_another_process_is_repeated() {
    let world = World::new().await;
    let other = world.replica();
    world.client.create(&offer("REPEAT", &json!({}))).await;
    let once = redeem_with_key(&other, "REPEAT", "k-1", Some("order-1")).await;
    fill_cache(&world.client, "REPEAT").await;
    for key in ["k-1", "k-2"] {
        let again = redeem_with_key(&world.client, "REPEAT", key, Some("order-1")).await;
        assert_eq!(again.body, once.body, "{key}");
        assert_eq!(again.headers["idempotency-replayed"], "true");
        fill_cache(&world.client, "REPEAT").await;
    }
    assert_eq!(world.client.redeem("REPEAT", &json!(50)).await.data()["total_redemptions"], 11);
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_retried_order_gets_its_response_even_if_the_budget_is_exhausted() {
    let world = World::new().await;
    world.client.create(&offer("USED", &json!({"budget": 10}))).await;
    let body = json!({"customer_id": 1, "order_amount": 50, "order_id": "order-1"});
    let redeem = async || world.client.post("/api/offers/USED/redeem", &body).await;
    let once = redeem().await;
    assert_eq!(world.client.redeem("USED", &json!(50)).await.data()["remaining_budget"], 0);
    fill_cache_with_declined(&world.client, "USED").await;
    assert_eq!(redeem().await.body, once.body);
    fill_cache_with_declined(&world.client, "USED").await;
    assert_eq!(redeem_with_key(&world.client, "USED", "k", Some("order-1")).await.body, once.body);
    fill_cache_with_declined(&world.client, "USED").await;
    // Redemptions declined from the cache are counted too.
    assert_eq!(
        redeem_with_key(&world.client, "USED", "k-2", Some("order-2")).await.code(),
        "budget_exhausted"
    );
    assert_eq!(world.database.count("select sum(refusals)::bigint from offer_refusals").await, 10);
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_alternating_processes_stay_exact() {
    let world = World::new().await;
    world.client.create(&offer("TURNS", &json!({"max_redemptions": 20}))).await;
    let clients = [world.client.clone(), world.replica()];
    fill_cache(&clients[0], "TURNS").await;
    for n in 4..=20 {
        // Three in a row, so that each process uses its cache.
        let response = clients[n / 3 % 2].redeem("TURNS", &json!(50)).await;
        assert_eq!(response.data()["total_redemptions"], n);
    }
    for client in &clients {
        assert_eq!(client.redeem("TURNS", &json!(50)).await.code(), "max_redemptions_reached");
    }
    world.assert_verified().await;
}

/// A PL/pgSQL loop that waits until another session of this database waits for a lock.
const ANOTHER_WAITS: &str = "while not exists (select from pg_stat_activity
                                               where datname = current_database() and wait_event_type = 'Lock') loop
                                 perform pg_sleep(0.01);
                                 perform pg_stat_clear_snapshot();
                             end loop";

/// Terminates the connection of the first redemption that is written, after running a statement. The sequence counts
/// attempts, because a rollback does not reset it.
async fn terminate_first_write(world: &World, after: &str) {
    world
        .database
        .execute(&format!(
            "create sequence tries;
             create function cut() returns trigger language plpgsql security definer as
             $$ begin
                 if nextval('tries') = 1 then
                     {after};
                     perform pg_terminate_backend(pg_backend_pid()); perform pg_sleep(5);
                 end if;
                 return new;
             end $$;
             create trigger cut before insert on redemptions for each row execute function cut()"
        ))
        .await;
}

async fn until_first_write(world: &World) {
    let tries = "select last_value - 1 + is_called::int from tries";
    eventually("the first redemption is being written", async || world.database.count(tries).await > 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redemption_is_applied_once_if_its_connection_is_lost_during_the_write() {
    let world = World::new().await;
    world.client.create(&offer("LOST", &json!({}))).await;
    fill_cache(&world.client, "LOST").await;
    terminate_first_write(&world, "null").await;
    assert_eq!(world.client.redeem("LOST", &json!(50)).await.data()["total_redemptions"], 4);
    assert_eq!(world.database.count("select last_value from tries").await, 2);
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outcome_that_cannot_be_determined_is_reported_as_unknown() {
    let world = World::new().await;
    world.client.create(&offer("DOUBT", &json!({}))).await;
    fill_cache(&world.client, "DOUBT").await;
    terminate_first_write(&world, ANOTHER_WAITS).await;
    // This lock is held for longer than the server waits for it.
    let lock = async {
        until_first_write(&world).await;
        world.lock_all_counters().await
    };
    let order = json!(50);
    let (lock, unknown) = tokio::join!(lock, world.client.redeem("DOUBT", &order));
    assert_eq!((unknown.status.as_u16(), unknown.code()), (500, "outcome_unknown"));
    lock.release().await;
    assert_eq!(world.client.redeem("DOUBT", &json!(50)).await.data()["total_redemptions"], 4);
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_redemption_is_not_retried_after_another_redemption() {
    let world = World::new().await;
    // With one connection, so that the server must open a new one. The gate delays that until the other redemption is
    // done.
    let gate = Gate::before(&world.database).await;
    let client = serve(app(&gate.url, &world.clock, 1));
    client.create(&offer("SINCE", &json!({}))).await;
    fill_cache(&client, "SINCE").await;
    gate.shut();
    terminate_first_write(&world, ANOTHER_WAITS).await;
    let replica = world.replica();
    let other = async {
        until_first_write(&world).await;
        let other = replica.redeem("SINCE", &json!(50)).await;
        gate.open();
        other
    };
    let order = json!(50);
    let (unknown, other) = tokio::join!(client.redeem("SINCE", &order), other);
    assert_eq!((unknown.status.as_u16(), unknown.code()), (500, "outcome_unknown"));
    assert_eq!(other.data()["total_redemptions"], 4);
    assert_eq!(world.database.count("select redeemed from offer_counters").await, 4);
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_response_writes_nothing() {
    let world = World::new().await;
    world.client.create(&offer("AGAIN", &json!({}))).await;
    fill_cache(&world.client, "AGAIN").await;
    let once = redeem_with_key(&world.client, "AGAIN", "k", None).await;
    let version = "select xmin::text::bigint from offer_counters";
    let before = world.database.count(version).await;
    assert_eq!(redeem_with_key(&world.client, "AGAIN", "k", None).await.body, once.body);
    assert_eq!(world.database.count(version).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn declined_redemptions_are_counted_with_their_discount() {
    let world = World::new().await;
    world.client.create(&offer("DEMAND", &json!({"budget": 17, "max_redemptions": 5}))).await;
    fill_cache(&world.client, "DEMAND").await;
    // 15 of 17 are spent: discounts of 5 and 6 are declined, 2 is accepted.
    for amount in [50, 60, 20] {
        world.client.redeem("DEMAND", &json!(amount)).await;
    }
    let refused = redeem_with_key(&world.client, "DEMAND", "k", None).await;
    assert_eq!(refused.code(), "budget_exhausted");
    assert_eq!(redeem_with_key(&world.replica(), "DEMAND", "k", None).await.body, refused.body);
    let declined = "select refusals * 1000 + discount::bigint from offer_refusals
                  where day = '2026-06-15' and reason = 'budget_exhausted'";
    assert_eq!(world.database.count(declined).await, 3_016);
    assert_eq!(world.database.count("select count(*) from offer_refusals").await, 1);
}
