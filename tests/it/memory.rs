//! What a process remembers of an offer decides nothing once somebody else has been there.

use reqwest::Method;
use serde_json::json;

use crate::support::{Answer, Client, Gate, Program, World, answer, app, eventually, offer, serve};

/// Redeems until the process decides on what it remembers.
async fn settle(client: &Client, code: &str) {
    for _ in 0..3 {
        client.redeem(code, &json!(50)).await.data();
    }
}

async fn with_key(client: &Client, code: &str, key: &str, order_id: Option<&str>) -> Answer {
    let body = json!({"customer_id": 1, "order_amount": 50, "order_id": order_id});
    let request = client.request(Method::POST, &format!("/api/offers/{code}/redeem"));
    answer(request.header("idempotency-key", key).json(&body)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_offer_that_only_one_process_redeems_is_redeemed_at_once() {
    let world = World::new().await;
    let always = json!({"start_date": "2000-01-01", "end_date": "2199-12-31"});
    world.client.create(&offer("MINE", &always)).await;
    let (_api, client) = Program::api(&world.database).await;
    for _ in 0..10 {
        client.redeem("MINE", &json!(50)).await.data();
    }
    let metrics = client.get("/metrics").await.body;
    let line = r#"offercast_lane_batches_total{way="at_once"} 9"#;
    assert!(metrics.as_str().unwrap().contains(line), "{metrics}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_through_another_process_counts_at_once() {
    let world = World::new().await;
    let other = world.replica();
    world.client.create(&offer("EDIT", &json!({"budget": 1000}))).await;
    settle(&world.client, "EDIT").await;
    other.patch("/api/offers/EDIT", &json!({"status": "paused"})).await.data();
    assert_eq!(world.client.redeem("EDIT", &json!(50)).await.code(), "offer_paused");
    other.patch("/api/offers/EDIT", &json!({"status": "active", "budget": 20})).await.data();
    assert_eq!(world.client.redeem("EDIT", &json!(50)).await.data()["remaining_budget"], 0);
    settle_refused(&world.client, "EDIT").await;
    // Also what an operator does by hand.
    world.database.execute("update offers set budget = 1000, discount_value = 20").await;
    assert_eq!(world.client.redeem("EDIT", &json!(50)).await.data()["discount_given"], 10);
    world.assert_verified().await;
}

async fn settle_refused(client: &Client, code: &str) {
    for _ in 0..3 {
        assert_eq!(client.redeem(code, &json!(50)).await.code(), "budget_exhausted");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_that_another_offer_has_taken_over_redeems_that_one() {
    let world = World::new().await;
    let other = world.replica();
    let first = world.client.create(&offer("CODE", &json!({}))).await;
    settle(&world.client, "CODE").await;
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
async fn a_removed_offer_is_not_remembered() {
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
async fn what_another_process_has_answered_is_given_again() {
    let world = World::new().await;
    let other = world.replica();
    world.client.create(&offer("TOLD", &json!({}))).await;
    let once = with_key(&other, "TOLD", "k-1", Some("order-1")).await;
    settle(&world.client, "TOLD").await;
    for key in ["k-1", "k-2"] {
        let again = with_key(&world.client, "TOLD", key, Some("order-1")).await;
        assert_eq!(again.body, once.body, "{key}");
        assert_eq!(again.headers["idempotency-replayed"], "true");
        settle(&world.client, "TOLD").await;
    }
    assert_eq!(world.client.redeem("TOLD", &json!(50)).await.data()["total_redemptions"], 11);
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_that_stands_is_told_so_also_once_the_offer_is_used_up() {
    let world = World::new().await;
    world.client.create(&offer("USED", &json!({"budget": 10}))).await;
    let body = json!({"customer_id": 1, "order_amount": 50, "order_id": "order-1"});
    let redeem = async || world.client.post("/api/offers/USED/redeem", &body).await;
    let once = redeem().await;
    assert_eq!(world.client.redeem("USED", &json!(50)).await.data()["remaining_budget"], 0);
    settle_refused(&world.client, "USED").await;
    assert_eq!(redeem().await.body, once.body);
    settle_refused(&world.client, "USED").await;
    assert_eq!(with_key(&world.client, "USED", "k", Some("order-1")).await.body, once.body);
    settle_refused(&world.client, "USED").await;
    // What is refused by what is remembered is no less counted.
    assert_eq!(with_key(&world.client, "USED", "k-2", Some("order-2")).await.code(), "budget_exhausted");
    assert_eq!(world.database.count("select sum(refusals)::bigint from offer_refusals").await, 10);
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_that_take_turns_stay_exact() {
    let world = World::new().await;
    world.client.create(&offer("TURNS", &json!({"max_redemptions": 20}))).await;
    let clients = [world.client.clone(), world.replica()];
    settle(&clients[0], "TURNS").await;
    for n in 4..=20 {
        // Two in a row now and then, so that each comes to trust its memory.
        let answer = clients[n / 3 % 2].redeem("TURNS", &json!(50)).await;
        assert_eq!(answer.data()["total_redemptions"], n);
    }
    for client in &clients {
        assert_eq!(client.redeem("TURNS", &json!(50)).await.code(), "max_redemptions_reached");
    }
    world.assert_verified().await;
}

/// Until somebody else waits for the offer. Other tests have databases of their own on the same server.
const ANOTHER_WAITS: &str = "while not exists (select from pg_stat_activity
                                               where datname = current_database() and wait_event_type = 'Lock') loop
                                 perform pg_sleep(0.01);
                                 perform pg_stat_clear_snapshot();
                             end loop";

/// Cuts the connection of the first redemption that is written, after a statement. A sequence goes on also when what
/// took its number is undone.
async fn cut_the_first(world: &World, after: &str) {
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

async fn until_the_first_is_written(world: &World) {
    let tries = "select last_value - 1 + is_called::int from tries";
    eventually("the first is being written", async || world.database.count(tries).await > 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_is_lost_in_writing_is_no_reason_to_redeem_twice_or_not_at_all() {
    let world = World::new().await;
    world.client.create(&offer("LOST", &json!({}))).await;
    settle(&world.client, "LOST").await;
    cut_the_first(&world, "null").await;
    assert_eq!(world.client.redeem("LOST", &json!(50)).await.data()["total_redemptions"], 4);
    assert_eq!(world.database.count("select last_value from tries").await, 2);
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_found_out_is_not_called_nothing_happened() {
    let world = World::new().await;
    world.client.create(&offer("DOUBT", &json!({}))).await;
    settle(&world.client, "DOUBT").await;
    cut_the_first(&world, ANOTHER_WAITS).await;
    // Whoever holds the offer next keeps the lock for longer than anybody waits for it.
    let holder = async {
        until_the_first_is_written(&world).await;
        world.hold_in_turn().await
    };
    let order = json!(50);
    let (holder, unknown) = tokio::join!(holder, world.client.redeem("DOUBT", &order));
    assert_eq!((unknown.status.as_u16(), unknown.code()), (500, "outcome_unknown"));
    holder.release().await;
    assert_eq!(world.client.redeem("DOUBT", &json!(50)).await.data()["total_redemptions"], 4);
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_redemption_is_not_tried_again_where_somebody_else_has_redeemed_since() {
    let world = World::new().await;
    // With one connection, so that it has to make another, which the gate delays until the other is done.
    let gate = Gate::before(&world.database).await;
    let client = serve(app(&gate.url, &world.clock, 1));
    client.create(&offer("SINCE", &json!({}))).await;
    settle(&client, "SINCE").await;
    gate.shut();
    cut_the_first(&world, ANOTHER_WAITS).await;
    let replica = world.replica();
    let other = async {
        until_the_first_is_written(&world).await;
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
async fn an_answer_that_is_given_again_writes_nothing() {
    let world = World::new().await;
    world.client.create(&offer("AGAIN", &json!({}))).await;
    settle(&world.client, "AGAIN").await;
    let once = with_key(&world.client, "AGAIN", "k", None).await;
    let version = "select xmin::text::bigint from offer_counters";
    let before = world.database.count(version).await;
    assert_eq!(with_key(&world.client, "AGAIN", "k", None).await.body, once.body);
    assert_eq!(world.database.count(version).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn customers_who_are_turned_away_are_counted_with_what_they_would_have_got() {
    let world = World::new().await;
    world.client.create(&offer("DEMAND", &json!({"budget": 17, "max_redemptions": 5}))).await;
    settle(&world.client, "DEMAND").await;
    // 10 % of 50 is 5 each; 2 would fit, and do.
    for amount in [50, 60, 20] {
        world.client.redeem("DEMAND", &json!(amount)).await;
    }
    let refused = with_key(&world.client, "DEMAND", "k", None).await;
    assert_eq!(refused.code(), "budget_exhausted");
    assert_eq!(with_key(&world.replica(), "DEMAND", "k", None).await.body, refused.body);
    let missed = "select refusals * 1000 + discount::bigint from offer_refusals
                  where day = '2026-06-15' and reason = 'budget_exhausted'";
    assert_eq!(world.database.count(missed).await, 3_016);
    assert_eq!(world.database.count("select count(*) from offer_refusals").await, 1);
}
