//! Redemptions of one offer that come while a batch of it is being committed go together as the next one.

use std::num::NonZeroUsize;
use std::time::Duration;

use futures_util::future::join_all;
use offercast_app::{App, LaneLimits, Limits, Outcome, Pool, Sender};
use offercast_domain::{OfferRef, OrderDraft};
use serde_json::json;
use tokio::task::JoinHandle;

use crate::support::{Answer, Client, World, eventually, offer, serve};

fn limits() -> LaneLimits {
    LaneLimits::for_connections(16)
}

/// Another API on the world's database, with lanes of these bounds.
fn api(world: &World, limits: LaneLimits) -> Client {
    serve(app(world, limits))
}

fn app(world: &World, limits: LaneLimits) -> App {
    let pool = Pool::new(&world.database.application_url(), 16).unwrap();
    App::with_limits(pool, world.clock.clock(), Limits { lanes: limits, ..Limits::for_connections(16) })
}

fn redeem(client: &Client, code: &str, amount: i64) -> JoinHandle<Answer> {
    let (client, code) = (client.clone(), code.to_owned());
    tokio::spawn(async move { client.redeem(&code, &json!(amount)).await })
}

/// Without HTTP, so that the order of arrival is known.
async fn ask(
    app: &App,
    offer: &OfferRef,
    draft: &OrderDraft,
) -> Result<offercast_app::Answer, offercast_app::Error> {
    let sender = Sender { key: None, request_id: "a request".to_owned(), client: [127, 0, 0, 1].into() };
    offercast_app::redeem(app, offer, draft, sender).await
}

async fn all_redeemed(callers: Vec<JoinHandle<Answer>>) {
    for answer in join_all(callers).await {
        answer.unwrap().data();
    }
}

/// Transactions that have written the ledger.
async fn batches(world: &World) -> i64 {
    world.database.count("select count(distinct xmin::text) from redemptions").await
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_during_a_commit_goes_with_the_next_batch() {
    let world = World::new().await;
    world.client.create(&offer("BATCH", &json!({"max_redemptions": 150}))).await;
    let holder = world.hold_ledger().await;
    let mut callers = vec![redeem(&world.client, "BATCH", 50)];
    world.until_waiting(1).await;
    callers.extend((0..199).map(|_| redeem(&world.client, "BATCH", 50)));
    // Only the first has a connection; all others wait in memory.
    assert_eq!(world.waiting_for_a_lock().await, 1);
    holder.release().await;
    let answers = join_all(callers).await.into_iter().map(Result::unwrap);
    let mut totals: Vec<i64> = answers
        .filter(|answer| answer.status.is_success() || answer.code() != "max_redemptions_reached")
        .map(|answer| answer.data()["total_redemptions"].as_i64().unwrap())
        .collect();
    totals.sort_unstable();
    assert_eq!(totals, (1..=150).collect::<Vec<_>>());
    let batches = batches(&world).await;
    assert!((2..=20).contains(&batches), "150 redemptions in {batches} transactions");
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_while_the_lock_is_waited_for_goes_along_in_order_of_arrival() {
    let world = World::new().await;
    world.client.create(&offer("ORDER", &json!({"budget": 100}))).await;
    let app = &world.app;
    let code = OfferRef::parse("ORDER").unwrap();
    let holder = world.hold("ORDER").await;
    let first = redeem(&world.client, "ORDER", 10);
    world.until_waiting(1).await;
    // 1 is given; 60 and 30 fit, 50 and 10 don't, 9 is what is left, then nothing is.
    let amounts = [600, 500, 300, 100, 90, 10];
    let drafts = amounts.map(|amount| OrderDraft {
        customer_id: amount.to_string(),
        order_amount: amount.to_string(),
        order_id: None,
    });
    // Polled in this order, they arrive in this order.
    let callers = join_all(drafts.iter().map(|draft| ask(app, &code, draft)));
    let release = async {
        tokio::task::yield_now().await;
        holder.release().await;
    };
    let (answers, ()) = tokio::join!(callers, release);
    let answers: Vec<Outcome> = answers.into_iter().map(|answer| answer.unwrap().outcome).collect();
    assert_eq!(first.await.unwrap().data()["remaining_budget"], 99);
    let told: Vec<String> = answers
        .iter()
        .map(|answer| match answer {
            Outcome::Redeemed(redemption) => redemption.remaining_budget.unwrap().normalize().to_string(),
            other => other.refusal_code().unwrap().to_owned(),
        })
        .collect();
    let refused = "budget_exhausted";
    assert_eq!(told, ["39", refused, "9", refused, "0", refused]);
    let ids: Vec<i64> = answers.iter().filter_map(Outcome::redemption_id).collect();
    assert!(ids.is_sorted());
    for (id, customer) in ids.iter().zip([600, 300, 90]) {
        let stored = format!("select customer_id::bigint from redemptions where id = {id}");
        assert_eq!(world.database.count(&stored).await, customer);
    }
    assert_eq!(batches(&world).await, 1);
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_replicas_that_batch_pass_no_limit_together() {
    let world = World::new().await;
    world.client.create(&offer("TWO", &json!({"budget": 1000, "max_redemptions": 180}))).await;
    let clients = [world.client.clone(), world.replica()];
    let holder = world.hold("TWO").await;
    let callers: Vec<_> = (0..400).map(|n| redeem(&clients[n % 2], "TWO", 50)).collect();
    eventually("both replicas wait for the lock", async || world.waiting_for_a_lock().await == 2).await;
    holder.release().await;
    let answers: Vec<_> = join_all(callers).await.into_iter().map(Result::unwrap).collect();
    let accepted = answers.iter().filter(|answer| answer.status.is_success()).count();
    assert_eq!(accepted, 180);
    assert!(batches(&world).await < 60);
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hot_offer_does_not_starve_the_others() {
    let world = World::new().await;
    // One slot for all lanes, one request a batch, and customers whose uses have to be looked up: the hardest case.
    let bounds = LaneLimits { at_work: NonZeroUsize::MIN, batch: 1, ..limits() };
    let app = app(&world, bounds);
    let client = serve(app.clone());
    for code in ["HOT", "QUIET"] {
        client.create(&offer(code, &json!({"max_redemptions_per_customer": 100}))).await;
    }
    let holder = world.hold("HOT").await;
    let hot: Vec<_> = (0..50).map(|_| redeem(&client, "HOT", 50)).collect();
    world.until_waiting(1).await;
    let quiet = redeem(&client, "QUIET", 50);
    eventually("the quiet one waits too", async || app.lanes_open() == 2).await;
    holder.release().await;
    let quiet = quiet.await.unwrap();
    all_redeemed(hot).await;
    // It went between two batches of the hot offer, not behind all of them.
    let id = &quiet.data()["redemption_id"];
    let after = format!("select count(*) from redemptions where id > {id}");
    assert!(world.database.count(&after).await >= 40, "QUIET came as number {id}");
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn reads_and_edits_get_connections_while_every_lane_waits() {
    let world = World::new().await;
    let pool = Pool::new(&world.database.application_url(), 4).unwrap();
    let client = serve(App::new(pool, world.clock.clock()));
    let mut holders = Vec::new();
    let mut callers = Vec::new();
    for n in 0..8 {
        let code = format!("L-{n}");
        client.create(&offer(&code, &json!({}))).await;
        holders.push(world.hold(&code).await);
        callers.push(redeem(&client, &code, 50));
    }
    eventually("the lanes that may do work", async || world.waiting_for_a_lock().await == 2).await;
    client.get("/api/offers/L-0/dashboard").await.data();
    client.create(&offer("EDITED", &json!({}))).await;
    client.patch("/api/offers/EDITED", &json!({"name": "New"})).await.data();
    for holder in holders {
        holder.release().await;
    }
    all_redeemed(callers).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_lane_is_busy_and_nothing_is_done() {
    let world = World::new().await;
    let client = api(&world, LaneLimits { queue: 5, ..limits() });
    client.create(&offer("FULL", &json!({}))).await;
    let holder = world.hold_ledger().await;
    let mut callers = vec![redeem(&client, "FULL", 50)];
    world.until_waiting(1).await;
    callers.extend((0..20).map(|_| redeem(&client, "FULL", 50)));
    // Fifteen are turned away at once, while nothing can be redeemed.
    eventually("the lane turns away", async || callers.iter().filter(|c| c.is_finished()).count() == 15)
        .await;
    holder.release().await;
    let answers: Vec<_> = join_all(callers).await.into_iter().map(Result::unwrap).collect();
    let busy: Vec<_> = answers.iter().filter(|answer| !answer.status.is_success()).collect();
    assert!(busy.iter().all(|answer| answer.code() == "busy" && answer.headers["retry-after"] == "1"));
    assert_eq!((answers.len(), busy.len()), (21, 15));
    assert_eq!(world.database.count("select count(*) from redemptions").await, 6);
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_waits_too_long_is_busy_and_not_redeemed_afterwards() {
    let world = World::new().await;
    let client = api(&world, LaneLimits { wait: Duration::from_millis(200), ..limits() });
    client.create(&offer("LATE", &json!({}))).await;
    let holder = world.hold_ledger().await;
    let first = redeem(&client, "LATE", 50);
    world.until_waiting(1).await;
    let late = client.redeem("LATE", &json!(50)).await;
    assert_eq!((late.status.as_u16(), late.code()), (503, "busy"));
    holder.release().await;
    // The one whose batch had begun is told the truth, though it took longer.
    assert_eq!(first.await.unwrap().data()["total_redemptions"], 1);
    assert_eq!(client.redeem("LATE", &json!(50)).await.data()["total_redemptions"], 2);
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_that_fails_fails_for_all_and_leaves_nothing() {
    let world = World::new().await;
    world.client.create(&offer("FAIL", &json!({}))).await;
    world.database.break_on_13().await;
    let holder = world.hold_ledger().await;
    let first = redeem(&world.client, "FAIL", 50);
    world.until_waiting(1).await;
    let app = &world.app;
    let code = OfferRef::parse("FAIL").unwrap();
    let drafts = [50, 13, 50].map(|amount| OrderDraft {
        customer_id: "c".to_owned(),
        order_amount: amount.to_string(),
        order_id: None,
    });
    let batch = join_all(drafts.iter().map(|draft| ask(app, &code, draft)));
    let (answers, ()) = tokio::join!(batch, holder.release());
    first.await.unwrap().data();
    assert!(answers.iter().all(|answer| matches!(answer, Err(offercast_app::Error::Storage(_)))));
    let failed = world.client.redeem("FAIL", &json!(13)).await;
    assert_eq!((failed.status.as_u16(), failed.code()), (500, "internal"));
    // The lane goes on.
    assert_eq!(world.client.redeem("FAIL", &json!(50)).await.data()["total_redemptions"], 2);
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_that_hang_up_while_they_wait_are_not_redeemed() {
    let world = World::new().await;
    world.client.create(&offer("GONE", &json!({}))).await;
    let holder = world.hold_ledger().await;
    let first = redeem(&world.client, "GONE", 50);
    world.until_waiting(1).await;
    let app = world.app.clone();
    let draft = OrderDraft { customer_id: "c".to_owned(), order_amount: "50".to_owned(), order_id: None };
    let same_lane = OfferRef::parse("GONE").unwrap();
    let mut waiting = Box::pin(ask(&app, &same_lane, &draft));
    assert!(futures_util::poll!(&mut waiting).is_pending());
    drop(waiting);
    // In a batch it counts, also when nobody is there any more to hear of it.
    first.abort();
    holder.release().await;
    assert_eq!(world.client.redeem("GONE", &json!(50)).await.data()["total_redemptions"], 2);
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_is_lost_in_the_commit_is_not_called_nothing_happened() {
    let world = World::new().await;
    world.client.create(&offer("CUT", &json!({}))).await;
    // A deferred constraint runs inside of COMMIT; this one cuts the connection there.
    world
        .database
        .execute(
            "create function cut() returns trigger language plpgsql security definer as
             $$ begin perform pg_terminate_backend(pg_backend_pid()); perform pg_sleep(5); return null; end $$;
             create constraint trigger cut after insert on redemptions deferrable initially deferred
             for each row when (new.order_amount = 13) execute function cut()",
        )
        .await;
    let unknown = world.client.redeem("CUT", &json!(13)).await;
    assert_eq!((unknown.status.as_u16(), unknown.code()), (500, "outcome_unknown"));
    assert!(!unknown.body["message"].as_str().unwrap().contains("nothing was changed"));
    assert_eq!(world.client.redeem("CUT", &json!(50)).await.data()["total_redemptions"], 1);
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_that_the_database_refuses_has_changed_nothing() {
    let world = World::new().await;
    world.client.create(&offer("DEFER", &json!({}))).await;
    world
        .database
        .execute(
            "create function refuse() returns trigger language plpgsql as
             $$ begin raise exception 'no' using errcode = '23514'; end $$;
             create constraint trigger refuse after insert on redemptions deferrable initially deferred
             for each row when (new.order_amount = 13) execute function refuse()",
        )
        .await;
    let refused = world.client.redeem("DEFER", &json!(13)).await;
    assert_eq!((refused.status.as_u16(), refused.code()), (500, "internal"));
    assert_eq!(world.client.redeem("DEFER", &json!(50)).await.data()["total_redemptions"], 1);
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lanes_are_there_only_while_somebody_waits() {
    let world = World::new().await;
    let open = async || world.app.lanes_open();
    for n in 0..20 {
        world.client.create(&offer(&format!("O-{n}"), &json!({}))).await;
        world.client.redeem(&format!("O-{n}"), &json!(50)).await.data();
        assert_eq!(world.client.redeem(&format!("NOBODY-{n}"), &json!(50)).await.code(), "offer_not_found");
        assert_eq!(world.client.redeem(&format!("99{n}"), &json!(50)).await.code(), "offer_not_found");
    }
    eventually("no lane is open", async || open().await == 0).await;
    let holder = world.hold("O-1").await;
    let caller = redeem(&world.client, "O-1", 50);
    world.until_waiting(1).await;
    assert_eq!(open().await, 1);
    holder.release().await;
    caller.await.unwrap().data();
    eventually("no lane is open", async || open().await == 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_names_no_offer_waits_in_no_lane_and_takes_no_lock() {
    let world = World::new().await;
    world.client.create(&offer("REAL", &json!({}))).await;
    world.client.redeem("REAL", &json!(50)).await.data();
    let holder = world.hold_in_turn().await;
    assert_eq!(world.client.redeem("NOBODY", &json!(50)).await.code(), "offer_not_found");
    assert_eq!(world.app.lanes_open(), 0);
    holder.release().await;

    // Whoever names many of them is told to wait; offers that are being redeemed are redeemed.
    let row = |n: usize| json!({"offer": format!("NOBODY-{n}"), "customer_id": 1, "order_amount": 50});
    let rows: Vec<_> = (0..1_000).map(row).collect();
    let mut codes = Vec::new();
    for _ in 0..2 {
        let results = world.client.post("/api/redemptions/batch", &json!(rows)).await;
        let results = results.data().as_array().unwrap().iter();
        codes.extend(results.map(|result| result["error"]["code"].as_str().unwrap().to_owned()));
    }
    let count = |code: &str| codes.iter().filter(|other| *other == code).count();
    assert_eq!(count("offer_not_found") + count("rate_limited"), 2_000);
    assert!(count("rate_limited") > 0);
    let limited = world.client.redeem("NOBODY-X", &json!(50)).await;
    if limited.status.as_u16() == 429 {
        assert!(limited.headers["retry-after"].to_str().unwrap().parse::<u32>().unwrap() >= 1);
    }
    world.client.redeem("REAL", &json!(50)).await.data();
    assert_eq!(world.app.lanes_open(), 0);
}
