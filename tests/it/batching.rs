//! Redemptions of one offer that arrive during the commit of a batch form the next batch.

use std::num::NonZeroUsize;
use std::time::Duration;

use futures_util::future::join_all;
use offercast_app::access::{Caller, Principal};
use offercast_app::{App, BatchLimits, Limits, Outcome, Pool, RequestMeta};
use offercast_domain::{OfferRef, OrderDraft};
use serde_json::json;
use tokio::task::JoinHandle;

use crate::support::{Client, Response, World, eventually, offer, serve};

fn limits() -> BatchLimits {
    BatchLimits::for_connections(16)
}

/// Another API on the world's database, with these limits.
fn api(world: &World, limits: BatchLimits) -> Client {
    serve(app(world, limits))
}

fn app(world: &World, limits: BatchLimits) -> App {
    let pool = Pool::new(&world.database.application_url(), 16).unwrap();
    App::with_limits(pool, world.clock.clock(), Limits { batches: limits, ..Limits::for_connections(16) })
}

fn redeem(client: &Client, code: &str, amount: i64) -> JoinHandle<Response> {
    let (client, code) = (client.clone(), code.to_owned());
    tokio::spawn(async move { client.redeem(&code, &json!(amount)).await })
}

/// Redeems without HTTP, so that the order of arrival is known.
async fn redeem_directly(
    app: &App,
    offer: &OfferRef,
    draft: &OrderDraft,
) -> Result<offercast_app::Response, offercast_app::Error> {
    let anybody =
        Caller { principal: Principal::everybody(), address: None, request_id: "a request".to_owned() };
    let sender = RequestMeta { key: None, caller: anybody, client: [127, 0, 0, 1].into() };
    offercast_app::redeem(app, offer, draft, sender).await
}

async fn all_redeemed(callers: Vec<JoinHandle<Response>>) {
    for response in join_all(callers).await {
        response.unwrap().data();
    }
}

/// The number of transactions that wrote the ledger.
async fn batches(world: &World) -> i64 {
    world.database.count("select count(distinct xmin::text) from redemptions").await
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_that_arrive_during_a_commit_form_the_next_batch() {
    let world = World::new().await;
    world.client.create(&offer("BATCH", &json!({"max_redemptions": 150}))).await;
    let lock = world.lock_ledger().await;
    let mut callers = vec![redeem(&world.client, "BATCH", 50)];
    world.until_lock_waiters(1).await;
    callers.extend((0..199).map(|_| redeem(&world.client, "BATCH", 50)));
    // Only the first uses a connection; all others wait in memory.
    assert_eq!(world.lock_waiters().await, 1);
    lock.release().await;
    let responses = join_all(callers).await.into_iter().map(Result::unwrap);
    let mut totals: Vec<i64> = responses
        .filter(|response| response.status.is_success() || response.code() != "max_redemptions_reached")
        .map(|response| response.data()["total_redemptions"].as_i64().unwrap())
        .collect();
    totals.sort_unstable();
    assert_eq!(totals, (1..=150).collect::<Vec<_>>());
    let batches = batches(&world).await;
    assert!((2..=20).contains(&batches), "150 redemptions in {batches} transactions");
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_that_arrive_during_the_lock_wait_join_the_batch_in_order_of_arrival() {
    let world = World::new().await;
    world.client.create(&offer("ORDER", &json!({"budget": 100}))).await;
    let app = &world.app;
    let code = OfferRef::parse("ORDER").unwrap();
    let lock = world.lock_offer("ORDER").await;
    let first = redeem(&world.client, "ORDER", 10);
    world.until_lock_waiters(1).await;
    // 1 of 100 is given first. Then 60 and 30 fit, 50 and 10 do not, 9 is the rest, and nothing is left for the last 1.
    let amounts = [600, 500, 300, 100, 90, 10];
    let drafts = amounts.map(|amount| OrderDraft {
        customer_id: amount.to_string(),
        order_amount: amount.to_string(),
        order_id: None,
    });
    // Polled in this order, they arrive in this order.
    let callers = join_all(drafts.iter().map(|draft| redeem_directly(app, &code, draft)));
    let release = async {
        tokio::task::yield_now().await;
        lock.release().await;
    };
    let (responses, ()) = tokio::join!(callers, release);
    let responses: Vec<Outcome> = responses.into_iter().map(|response| response.unwrap().outcome).collect();
    assert_eq!(first.await.unwrap().data()["remaining_budget"], 99);
    let results: Vec<String> = responses
        .iter()
        .map(|response| match response {
            Outcome::Redeemed(redemption) => redemption.remaining_budget.unwrap().normalize().to_string(),
            other => other.rejection_code().unwrap().to_owned(),
        })
        .collect();
    let refused = "budget_exhausted";
    assert_eq!(results, ["39", refused, "9", refused, "0", refused]);
    let ids: Vec<i64> = responses.iter().filter_map(Outcome::redemption_id).collect();
    assert!(ids.is_sorted());
    for (id, customer) in ids.iter().zip([600, 300, 90]) {
        let stored = format!("select customer_id::bigint from redemptions where id = {id}");
        assert_eq!(world.database.count(&stored).await, customer);
    }
    assert_eq!(batches(&world).await, 1);
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn batches_of_two_replicas_never_exceed_a_limit() {
    let world = World::new().await;
    world.client.create(&offer("TWO", &json!({"budget": 1000, "max_redemptions": 180}))).await;
    let clients = [world.client.clone(), world.replica()];
    let lock = world.lock_offer("TWO").await;
    let callers: Vec<_> = (0..400).map(|n| redeem(&clients[n % 2], "TWO", 50)).collect();
    eventually("both replicas wait for the lock", async || world.lock_waiters().await == 2).await;
    lock.release().await;
    let responses: Vec<_> = join_all(callers).await.into_iter().map(Result::unwrap).collect();
    let accepted = responses.iter().filter(|response| response.status.is_success()).count();
    assert_eq!(accepted, 180);
    assert!(batches(&world).await < 60);
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hot_offer_does_not_starve_the_others() {
    let world = World::new().await;
    // The worst case: one exclusive batch at a time, one request per batch, and a customer limit, which needs lookups.
    let bounds = BatchLimits { exclusive: NonZeroUsize::MIN, max_batch: 1, ..limits() };
    let app = app(&world, bounds);
    let client = serve(app.clone());
    for code in ["HOT", "QUIET"] {
        client.create(&offer(code, &json!({"max_redemptions_per_customer": 100}))).await;
    }
    let lock = world.lock_offer("HOT").await;
    let hot: Vec<_> = (0..50).map(|_| redeem(&client, "HOT", 50)).collect();
    world.until_lock_waiters(1).await;
    let quiet = redeem(&client, "QUIET", 50);
    eventually("the quiet offer waits too", async || app.open_queues() == 2).await;
    lock.release().await;
    let quiet = quiet.await.unwrap();
    all_redeemed(hot).await;
    // It was processed between two batches of the hot offer, not after all of them.
    let id = &quiet.data()["redemption_id"];
    let after = format!("select count(*) from redemptions where id > {id}");
    assert!(world.database.count(&after).await >= 40, "QUIET was processed as number {id}");
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn reads_and_edits_get_connections_while_every_queue_waits() {
    let world = World::new().await;
    let pool = Pool::new(&world.database.application_url(), 4).unwrap();
    let client = serve(App::new(pool, world.clock.clock()));
    let mut locks = Vec::new();
    let mut callers = Vec::new();
    for n in 0..8 {
        let code = format!("L-{n}");
        client.create(&offer(&code, &json!({}))).await;
        locks.push(world.lock_offer(&code).await);
        callers.push(redeem(&client, &code, 50));
    }
    eventually("all exclusive batches wait", async || world.lock_waiters().await == 2).await;
    client.get("/api/offers/L-0/dashboard").await.data();
    client.create(&offer("EDITED", &json!({}))).await;
    client.patch("/api/offers/EDITED", &json!({"name": "New"})).await.data();
    for lock in locks {
        lock.release().await;
    }
    all_redeemed(callers).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_queue_responds_busy_and_redeems_nothing() {
    let world = World::new().await;
    let client = api(&world, BatchLimits { max_queue: 5, ..limits() });
    client.create(&offer("FULL", &json!({}))).await;
    let lock = world.lock_ledger().await;
    let mut callers = vec![redeem(&client, "FULL", 50)];
    world.until_lock_waiters(1).await;
    callers.extend((0..20).map(|_| redeem(&client, "FULL", 50)));
    // Fifteen are rejected immediately, while the ledger is locked.
    eventually("the queue rejects", async || callers.iter().filter(|c| c.is_finished()).count() == 15).await;
    lock.release().await;
    let responses: Vec<_> = join_all(callers).await.into_iter().map(Result::unwrap).collect();
    let busy: Vec<_> = responses.iter().filter(|response| !response.status.is_success()).collect();
    assert!(busy.iter().all(|response| response.code() == "busy" && response.headers["retry-after"] == "1"));
    assert_eq!((responses.len(), busy.len()), (21, 15));
    assert_eq!(world.database.count("select count(*) from redemptions").await, 6);
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_waits_too_long_is_busy_and_not_redeemed_later() {
    let world = World::new().await;
    let client = api(&world, BatchLimits { max_wait: Duration::from_millis(200), ..limits() });
    client.create(&offer("LATE", &json!({}))).await;
    let lock = world.lock_ledger().await;
    let first = redeem(&client, "LATE", 50);
    world.until_lock_waiters(1).await;
    let late = client.redeem("LATE", &json!(50)).await;
    assert_eq!((late.status.as_u16(), late.code()), (503, "busy"));
    lock.release().await;
    // A request whose batch has begun gets its result, even if that takes longer.
    assert_eq!(first.await.unwrap().data()["total_redemptions"], 1);
    assert_eq!(client.redeem("LATE", &json!(50)).await.data()["total_redemptions"], 2);
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_batch_fails_for_all_its_requests_and_changes_nothing() {
    let world = World::new().await;
    world.client.create(&offer("FAIL", &json!({}))).await;
    world.database.break_on_13().await;
    let lock = world.lock_ledger().await;
    let first = redeem(&world.client, "FAIL", 50);
    world.until_lock_waiters(1).await;
    let app = &world.app;
    let code = OfferRef::parse("FAIL").unwrap();
    let drafts = [50, 13, 50].map(|amount| OrderDraft {
        customer_id: "c".to_owned(),
        order_amount: amount.to_string(),
        order_id: None,
    });
    let batch = join_all(drafts.iter().map(|draft| redeem_directly(app, &code, draft)));
    let (responses, ()) = tokio::join!(batch, lock.release());
    first.await.unwrap().data();
    assert!(responses.iter().all(|response| matches!(response, Err(offercast_app::Error::Storage(_)))));
    let failed = world.client.redeem("FAIL", &json!(13)).await;
    assert_eq!((failed.status.as_u16(), failed.code()), (500, "internal"));
    // The queue continues to work.
    assert_eq!(world.client.redeem("FAIL", &json!(50)).await.data()["total_redemptions"], 2);
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_cancelled_while_waiting_are_not_redeemed() {
    let world = World::new().await;
    world.client.create(&offer("GONE", &json!({}))).await;
    let lock = world.lock_ledger().await;
    let first = redeem(&world.client, "GONE", 50);
    world.until_lock_waiters(1).await;
    let app = world.app.clone();
    let draft = OrderDraft { customer_id: "c".to_owned(), order_amount: "50".to_owned(), order_id: None };
    let same_offer = OfferRef::parse("GONE").unwrap();
    let mut waiting = Box::pin(redeem_directly(&app, &same_offer, &draft));
    assert!(futures_util::poll!(&mut waiting).is_pending());
    drop(waiting);
    // A request in a running batch is redeemed even if its client disconnects.
    first.abort();
    lock.release().await;
    assert_eq!(world.client.redeem("GONE", &json!(50)).await.data()["total_redemptions"], 2);
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_lost_during_the_commit_has_an_unknown_outcome() {
    let world = World::new().await;
    world.client.create(&offer("CUT", &json!({}))).await;
    // A deferred constraint runs during COMMIT; this one terminates the connection there.
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
async fn a_failed_commit_changes_nothing() {
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
async fn queues_exist_only_while_requests_wait() {
    let world = World::new().await;
    let open = async || world.app.open_queues();
    for n in 0..20 {
        world.client.create(&offer(&format!("O-{n}"), &json!({}))).await;
        world.client.redeem(&format!("O-{n}"), &json!(50)).await.data();
        assert_eq!(world.client.redeem(&format!("UNKNOWN-{n}"), &json!(50)).await.code(), "offer_not_found");
        assert_eq!(world.client.redeem(&format!("99{n}"), &json!(50)).await.code(), "offer_not_found");
    }
    eventually("no queue is open", async || open().await == 0).await;
    let lock = world.lock_offer("O-1").await;
    let caller = redeem(&world.client, "O-1", 50);
    world.until_lock_waiters(1).await;
    assert_eq!(open().await, 1);
    lock.release().await;
    caller.await.unwrap().data();
    eventually("no queue is open", async || open().await == 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_for_unknown_offers_need_no_queue_and_no_lock() {
    let world = World::new().await;
    world.client.create(&offer("REAL", &json!({}))).await;
    world.client.redeem("REAL", &json!(50)).await.data();
    let lock = world.lock_all_counters().await;
    assert_eq!(world.client.redeem("UNKNOWN", &json!(50)).await.code(), "offer_not_found");
    assert_eq!(world.app.open_queues(), 0);
    lock.release().await;

    // Many unknown offers are rate limited; existing offers can still be redeemed.
    let row = |n: usize| json!({"offer": format!("UNKNOWN-{n}"), "customer_id": 1, "order_amount": 50});
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
    let limited = world.client.redeem("UNKNOWN-X", &json!(50)).await;
    if limited.status.as_u16() == 429 {
        assert!(limited.headers["retry-after"].to_str().unwrap().parse::<u32>().unwrap() >= 1);
    }
    world.client.redeem("REAL", &json!(50)).await.data();
    assert_eq!(world.app.open_queues(), 0);
}
