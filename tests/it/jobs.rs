use std::time::Duration;

use futures_util::future::join_all;
use serde_json::json;

use crate::support::{Program, World, eventually, offer};

const STORED: &str = "select count(*) from offer_forecasts";
const DONE: &str = "select count(*) from apalis.jobs where job_type = 'forecast.v1' and status = 'Done'";
const CHUNKS_DONE: &str =
    "select count(*) from apalis.jobs where job_type = 'forecast-chunk.v1' and status = 'Done'";
const UNDONE: &str =
    "select count(*) from apalis.jobs where job_type = 'forecast.v1' and status not in ('Done', 'Killed')";
const PENDING: &str =
    "select count(*) from apalis.jobs where job_type = 'forecast.v1' and status = 'Pending'";

#[tokio::test(flavor = "multi_thread")]
async fn a_dashboard_without_a_stored_forecast_queues_a_job() {
    let world = World::new().await;
    world.client.create(&offer("VIEW", &json!({}))).await;
    let source = async || {
        let dashboard = world.client.get("/api/offers/VIEW/dashboard").await;
        dashboard.data()["forecast"]["source"].as_str().unwrap().to_owned()
    };
    assert_eq!(source().await, "computed");
    assert_eq!(source().await, "computed");
    assert_eq!(world.database.count(PENDING).await, 1, "a second request queues no second job");
    let worker = world.worker();
    eventually("the forecast is stored", async || source().await == "cached").await;
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_requested_forecast_is_computed_immediately() {
    let world = World::new().await;
    world.client.create(&offer("ASK", &json!({}))).await;
    let worker = world.worker();
    let queued = world.client.post("/api/offers/ASK/forecast", &json!({})).await;
    assert_eq!((queued.status.as_u16(), queued.data()["offer_id"].is_i64()), (202, true));
    eventually("the forecast is stored", async || world.database.count(STORED).await == 1).await;
    assert_eq!(world.client.post("/api/offers/NONE/forecast", &json!({})).await.code(), "offer_not_found");
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_burst_of_redemptions_causes_few_jobs_and_a_forecast_that_includes_all() {
    let world = World::new().await;
    world.client.create(&offer("BURST", &json!({}))).await;
    let worker = world.worker();
    let redeem = |_| {
        let client = world.client.clone();
        tokio::spawn(async move { client.redeem_with_retries("BURST", &json!(10)).await.data().clone() })
    };
    join_all((0..1_000).map(redeem)).await;
    let seen = "select coalesce(max(redemptions_seen), 0) from offer_forecasts";
    eventually("the stored forecast includes all", async || world.database.count(seen).await == 1_000).await;
    eventually("the queue is empty", async || world.database.count(UNDONE).await == 0).await;
    let jobs = world.database.count(DONE).await;
    assert!((1..=10).contains(&jobs), "{jobs} jobs");
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn consecutive_redemptions_share_a_job() {
    let world = World::new().await;
    world.client.create(&offer("STREAM", &json!({}))).await;
    let worker = world.worker();
    for _ in 0..100 {
        world.client.redeem("STREAM", &json!(10)).await.data();
    }
    let seen = "select coalesce(max(redemptions_seen), 0) from offer_forecasts";
    eventually("the stored forecast includes all", async || world.database.count(seen).await == 100).await;
    eventually("the queue is empty", async || world.database.count(UNDONE).await == 0).await;
    let jobs = world.database.count(DONE).await;
    assert!((1..=10).contains(&jobs), "{jobs} jobs for 100 redemptions");
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dashboard_raises_the_priority_of_a_waiting_job() {
    let world = World::new().await;
    let id = world.client.create(&offer("LOOK", &json!({}))).await["id"].as_i64().unwrap();
    world.database.execute(&enqueue_sql(id)).await;
    let priority = "select priority from apalis.jobs where job_type = 'forecast.v1'";
    let before = world.database.count(&format!("select ({priority})::bigint")).await;
    world.client.get("/api/offers/LOOK/dashboard").await.data();
    let after = world.database.count(&format!("select ({priority})::bigint")).await;
    assert_eq!((before, after), (0, 1));
}

/// A regression test: the queues woke each other up, and each queried the database a hundred times a second.
#[tokio::test(flavor = "multi_thread")]
async fn an_idle_worker_makes_few_queries() {
    let world = World::new().await;
    let id = world.client.create(&offer("REST", &json!({}))).await["id"].as_i64().unwrap();
    let transactions = "select xact_commit from pg_stat_database where datname = current_database()";
    let worker = world.worker();
    eventually("the worker has registered", async || {
        world.database.count("select count(distinct worker_type) from apalis.workers").await == 3
    })
    .await;
    let before = world.database.count(transactions).await;
    let later = enqueue_sql(id).replace("now()", "now() + interval '3 seconds'");
    world.database.execute(&later).await;
    // Waits in one transaction, so that only the worker's transactions are counted.
    let until_done = "set statement_timeout = '60s';
        do $$ begin
            while not exists (select from apalis.jobs where job_type = 'forecast.v1' and status = 'Done') loop
                perform pg_sleep(0.05);
            end loop;
        end $$";
    world.database.execute(until_done).await;
    let made = world.database.count(transactions).await - before;
    assert!(made < 100, "{made} transactions in three seconds");
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_nightly_run_is_queued_once_by_several_workers() {
    let world = World::new().await;
    for (code, fields) in [
        ("OPEN", json!({})),
        ("PAUSED", json!({"status": "paused"})),
        ("OVER", json!({"start_date": "2026-05-01", "end_date": "2026-05-31"})),
        ("GONE", json!({"status": "archived"})),
    ] {
        world.client.create(&offer(code, &fields)).await;
    }
    let queued = join_all((0..8).map(|_| offercast_app::schedule_nightly(&world.app))).await;
    assert_eq!(queued.into_iter().filter(|first| *first.as_ref().unwrap()).count(), 1);
    let worker = world.worker();
    eventually("open offers are forecast", async || world.database.count(STORED).await == 2).await;
    eventually("the part is done", async || world.database.count(CHUNKS_DONE).await == 1).await;
    assert_eq!(world.database.count(DONE).await, 0, "open offers share a job");
    // In the next hour no offer is due; on the next day all are.
    for (moment, due) in [("2026-06-15T13:00:00Z", 0), ("2026-06-16T00:00:00Z", 2)] {
        let job = offercast_app::NightlyForecasts { hour: moment.parse().unwrap() };
        assert_eq!(offercast_app::run_nightly(&world.app, &job).await.unwrap(), due, "{moment}");
    }
    worker.stop().await;
}

/// Inserts this many offers without the API.
async fn insert_offers(world: &World, count: u32) {
    world
        .database
        .execute(&format!(
            "with made as (
                 insert into offers (code, name, discount_type, discount_value, currency, timezone, start_date,
                                     end_date, status, created_at, updated_at)
                 select 'N-' || n, 'Offer', 'flat', 5, 'USD', 'UTC', '2026-06-01', '2026-06-30', 'active', now(), now()
                 from generate_series(1, {count}) n returning id)
             insert into offer_counters (offer_id) select id from made"
        ))
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_nightly_run_consists_of_parts_and_resumes_after_an_interruption() {
    let world = World::new().await;
    insert_offers(&world, 600).await;
    let hour = offercast_app::NightlyForecasts { hour: "2026-06-15T12:00:00Z".parse().unwrap() };
    assert_eq!(offercast_app::run_nightly(&world.app, &hour).await.unwrap(), 600);
    let part = |first_id, last_id| offercast_app::ForecastChunk { first_id, last_id, part: 1, parts: 3 };
    // A worker died after it had finished most of a part; another worker repeats the part.
    assert_eq!(offercast_app::run_chunk(&world.app, &part(1, 200)).await.unwrap(), 200);
    assert_eq!(offercast_app::run_chunk(&world.app, &part(1, 250)).await.unwrap(), 50);
    let worker = world.worker();
    eventually("all offers are forecast", async || world.database.count(STORED).await == 600).await;
    assert_eq!(offercast_app::run_chunk(&world.app, &part(1, 600)).await.unwrap(), 0);
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_nightly_run_is_finished_by_another_worker_if_one_is_killed() {
    let world = World::new().await;
    insert_offers(&world, 600).await;
    // Separate processes use the real time.
    world.database.execute("update offers set end_date = '2199-12-31'").await;
    let lock = world.lock_forecast("N-300").await;
    let killed = Program::worker(&world.database);
    // The second of three parts waits for a lock in the middle of its work, and is killed there.
    eventually("the other parts are done", async || world.database.count(STORED).await == 350).await;
    let made = "select (extract(epoch from max(computed_at)) * 1000000)::bigint from offer_forecasts
                where offer_id not between 251 and 500";
    let before = world.database.count(made).await;
    eventually("a part waits for the lock", async || world.lock_waiters().await == 1).await;
    killed.kill().await;
    lock.release().await;
    // Simulates half a minute without a heartbeat.
    world.database.execute("update apalis.workers set last_seen = last_seen - interval '1 minute'").await;
    let successor = Program::worker(&world.database);
    eventually("all offers are forecast", async || world.database.count(STORED).await == 600).await;
    eventually("all parts are done", async || world.database.count(CHUNKS_DONE).await == 3).await;
    assert_eq!(world.database.count(made).await, before, "finished parts are not repeated");
    assert_eq!(successor.terminate().await, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unreadable_offer_does_not_prevent_other_forecasts() {
    let world = World::new().await;
    insert_offers(&world, 3).await;
    world.database.execute("update offers set currency = 'ZZZ' where code = 'N-2'").await;
    let part = offercast_app::ForecastChunk { first_id: 1, last_id: 3, part: 1, parts: 1 };
    assert_eq!(offercast_app::run_chunk(&world.app, &part).await.unwrap(), 2);
    assert_eq!(world.database.count(STORED).await, 2, "the others are forecast");
    let jobs = "select count(*) from apalis.jobs where job_type = 'forecast.v1'";
    assert_eq!(world.database.count(jobs).await, 0, "no job is queued for the unreadable offer");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_offer_is_forecast_in_the_first_hour_of_its_local_day() {
    let world = World::new().await;
    let id = world.client.create(&offer("NY", &json!({"timezone": "America/New_York"}))).await["id"].clone();
    let job = offercast_app::ComputeOfferForecast { offer_id: id.as_i64().unwrap() };
    offercast_app::compute_offer_forecast(&world.app, &job).await.unwrap();
    let due = async |moment: &str| {
        let job = offercast_app::NightlyForecasts { hour: moment.parse().unwrap() };
        offercast_app::run_nightly(&world.app, &job).await.unwrap()
    };
    assert_eq!(due("2026-06-16T03:00:00Z").await, 0);
    assert_eq!(due("2026-06-16T04:00:00Z").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_of_a_killed_worker_is_repeated_by_another() {
    let world = World::new().await;
    let id = world.client.create(&offer("KILL", &json!({}))).await["id"].as_i64().unwrap();
    // The job waits for the lock of its offer in the middle of its work, and is killed there.
    let lock = world.lock_forecast("KILL").await;
    let killed = Program::worker(&world.database);
    world.client.post(&format!("/api/offers/{id}/forecast"), &json!({})).await.data();
    let running = "select count(*) from apalis.jobs where job_type = 'forecast.v1' and status = 'Running'";
    eventually("the job runs", async || world.database.count(running).await == 1).await;
    let job: String = sqlx::query_scalar(
        "select id from apalis.jobs where job_type = 'forecast.v1' and status = 'Running'",
    )
    .fetch_one(&mut world.database.connect().await)
    .await
    .unwrap();
    killed.kill().await;
    lock.release().await;
    // Simulates half a minute without a heartbeat.
    world.database.execute("update apalis.workers set last_seen = last_seen - interval '1 minute'").await;
    let successor = world.worker();
    let done = format!("select count(*) from apalis.jobs where id = '{job}' and status = 'Done'");
    eventually("the job is done", async || world.database.count(&done).await == 1).await;
    assert_eq!(world.database.count(STORED).await, 1);
    successor.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_with_a_permanent_error_is_not_retried() {
    let world = World::new().await;
    let id = world.client.create(&offer("BAD", &json!({}))).await["id"].as_i64().unwrap();
    world.database.execute("update offers set timezone = 'Mars/Olympus'").await;
    world.client.post("/api/offers/BAD/forecast", &json!({})).await;
    world.database.execute(&enqueue_sql(id)).await;
    let worker = world.worker();
    let over =
        "select count(*) from apalis.jobs where job_type = 'forecast.v1' and status in ('Killed', 'Failed')";
    eventually("the job has failed", async || world.database.count(over).await == 1).await;
    let attempts = "select attempts::bigint from apalis.jobs where job_type = 'forecast.v1'";
    assert_eq!(world.database.count(attempts).await, 1);
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_with_a_temporary_error_is_retried_after_a_delay() {
    let world = World::new().await;
    let id = world.client.create(&offer("LATER", &json!({}))).await["id"].as_i64().unwrap();
    // The lock is held for longer than a job waits for it.
    let lock = world.lock_forecast("LATER").await;
    world.database.execute(&enqueue_sql(id)).await;
    let worker = world.worker();
    let failed = "select count(*) from apalis.jobs
                  where job_type = 'forecast.v1' and status = 'Failed' and run_at > done_at + interval '1 second'";
    eventually("the job has failed and waits", async || world.database.count(failed).await == 1).await;
    lock.release().await;
    eventually("the forecast is stored", async || world.database.count(STORED).await == 1).await;
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_old_finished_jobs_are_purged() {
    let world = World::new().await;
    for (code, age) in [("OLD", "3 days"), ("NEW", "1 day")] {
        let id = world.client.create(&offer(code, &json!({}))).await["id"].as_i64().unwrap();
        world.database.execute(&enqueue_sql(id)).await;
        let done = format!(
            "update apalis.jobs set status = 'Done', done_at = now() - interval '{age}' where status = 'Pending'"
        );
        world.database.execute(&done).await;
    }
    world.client.post("/api/offers/OLD/forecast", &json!({})).await.data();
    assert_eq!(offercast_app::purge_jobs(&world.app).await.unwrap(), 1);
    assert_eq!((world.database.count(DONE).await, world.database.count(PENDING).await), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_survives_terminated_connections() {
    let world = World::new().await;
    world.client.create(&offer("CUT", &json!({}))).await;
    let worker = world.worker();
    world.client.post("/api/offers/CUT/forecast", &json!({})).await.data();
    eventually("the first forecast is stored", async || world.database.count(STORED).await == 1).await;
    world
        .database
        .execute(
            "select pg_terminate_backend(pid) from pg_stat_activity
             where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid();
             delete from offer_forecasts",
        )
        .await;
    tokio::time::timeout(Duration::from_secs(30), async {
        while world.client.post("/api/offers/CUT/forecast", &json!({})).await.status.as_u16() != 202 {}
    })
    .await
    .unwrap();
    eventually("the second forecast is stored", async || world.database.count(STORED).await == 1).await;
    worker.stop().await;
}

fn enqueue_sql(offer_id: i64) -> String {
    format!(
        "insert into apalis.jobs (id, job_type, job, status, attempts, max_attempts, run_at, priority, idempotency_key)
         values (apalis.generate_ulid(), 'forecast.v1', convert_to('{{\"offer_id\": {offer_id}}}', 'UTF8'),
                 'Pending', 0, 4, now(), 0, 'pending:forecast-now:{offer_id}')
         on conflict do nothing"
    )
}
