use serde_json::json;
use sqlx::postgres::PgListener;

use crate::support::{Program, World, eventually, offer};

const LISTENERS: &str = "select count(*) from pg_stat_activity
                         where datname = current_database() and query like 'LISTEN%'";

#[tokio::test(flavor = "multi_thread")]
async fn a_redemption_through_another_process_is_streamed() {
    let world = World::new().await;
    world.client.create(&offer("SEEN", &json!({"budget": 100, "max_redemptions": 20}))).await;
    world.client.redeem("SEEN", &json!(50)).await.data();
    let mut stream = world.client.subscribe("SEEN").await;
    let first = stream.offer().await;
    let dashboard = world.client.get("/api/offers/SEEN/dashboard").await;
    for part in ["offer", "as_of", "kpis", "budget"] {
        assert_eq!(first[part], dashboard.data()[part], "{part}");
    }
    assert_eq!(first["today"], dashboard.data()["daily"].as_array().unwrap().last().unwrap().clone());
    world.replica().redeem("SEEN", &json!(50)).await.data();
    let second = stream.offer().await;
    assert_eq!(second["kpis"]["total_redemptions"], 2);
    assert_eq!(second["budget"], json!({"total": 100, "spent": 10, "held": 0, "remaining": 90}));
    assert_eq!(second["today"], json!({"date": "2026-06-15", "redemptions": 2, "discount_given": 10}));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_notifies_others_of_its_changes() {
    let world = World::new().await;
    let id = world.client.create(&offer("NOTIFY", &json!({}))).await["id"].clone();
    let mut listener = PgListener::connect(&world.database.url).await.unwrap();
    listener.listen("offercast_offers").await.unwrap();
    world.client.redeem("NOTIFY", &json!(50)).await.data();
    assert_eq!(listener.recv().await.unwrap().payload(), id.to_string());
    world.client.patch("/api/offers/NOTIFY", &json!({"name": "New"})).await.data();
    assert_eq!(listener.recv().await.unwrap().payload(), id.to_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_reservation_released_by_another_process_is_streamed() {
    let world = World::new().await;
    world.client.create(&offer("PASSING", &json!({"budget": 7}))).await;
    let body = json!({"customer_id": 1, "order_amount": 70, "ttl_seconds": 60});
    world.client.post("/api/offers/PASSING/reserve", &body).await.data();
    let mut stream = world.client.subscribe("PASSING").await;
    assert_eq!(stream.offer().await["budget"]["held"], 7);
    world.clock.set("2026-06-15T12:01:00Z");
    assert_eq!(world.replica().redeem("PASSING", &json!(80)).await.code(), "budget_exhausted");
    assert_eq!(stream.offer().await["budget"]["held"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn headers_prevent_buffering_of_a_stream() {
    let world = World::new().await;
    world.client.create(&offer("FLOW", &json!({}))).await;
    let stream = world.client.subscribe("FLOW").await;
    let header =
        |name: &str| stream.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    assert_eq!(header("content-type").as_deref(), Some("text/event-stream"));
    assert_eq!(
        header("content-encoding").as_deref(),
        Some("identity"),
        "a compressed stream would be buffered in the encoder"
    );
    assert_eq!(header("x-accel-buffering").as_deref(), Some("no"));
    assert_eq!(header("cache-control").as_deref(), Some("no-store"));
    assert_eq!(world.client.get("/api/offers/NONE/events").await.code(), "offer_not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn edits_are_streamed_and_the_stream_of_a_deleted_offer_ends() {
    let world = World::new().await;
    world.client.create(&offer("EDIT", &json!({}))).await;
    let mut stream = world.client.subscribe("EDIT").await;
    assert_eq!(stream.offer().await["offer"]["state"], "active");
    world.client.patch("/api/offers/EDIT", &json!({"status": "paused"})).await.data();
    let paused = stream.offer().await;
    assert_eq!((&paused["offer"]["state"], &paused["offer"]["version"]), (&json!("paused"), &json!(2)));
    world.client.delete("/api/offers/EDIT").await.data();
    assert!(stream.next().await.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn no_event_is_lost_if_the_database_connection_fails() {
    let world = World::new().await;
    world.client.create(&offer("LOST", &json!({}))).await;
    let mut stream = world.client.subscribe("LOST").await;
    stream.offer().await;
    eventually("it listens", async || world.database.count(LISTENERS).await == 1).await;
    let end = "select pg_terminate_backend(pid) from pg_stat_activity
               where datname = current_database() and query like 'LISTEN%'";
    world.database.execute(end).await;
    world.client.redeem("LOST", &json!(50)).await.data();
    assert_eq!(stream.offer().await["kpis"]["total_redemptions"], 1);
    eventually("it listens again", async || world.database.count(LISTENERS).await == 1).await;
    world.client.redeem("LOST", &json!(50)).await.data();
    assert_eq!(stream.offer().await["kpis"]["total_redemptions"], 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn all_subscribers_of_a_process_share_one_connection_which_is_closed_with_the_last() {
    let world = World::new().await;
    let mut streams = Vec::new();
    for code in ["SHARE-1", "SHARE-2"] {
        world.client.create(&offer(code, &json!({}))).await;
        for _ in 0..10 {
            let mut stream = world.client.subscribe(code).await;
            assert_eq!(stream.offer().await["offer"]["code"], code);
            streams.push(stream);
        }
    }
    eventually("they listen", async || world.database.count(LISTENERS).await == 1).await;
    assert_eq!(world.app.live_subscribers(), 20);
    world.replica().redeem("SHARE-2", &json!(50)).await.data();
    for stream in &mut streams[10..] {
        assert_eq!(stream.offer().await["kpis"]["total_redemptions"], 1);
    }
    // The server notices a disconnected client only when a write fails; this ends all streams immediately.
    world.app.close_subscriptions();
    for stream in &mut streams {
        assert!(stream.next().await.is_none());
    }
    eventually("no connection listens", async || world.database.count(LISTENERS).await == 0).await;
    assert_eq!(world.app.live_subscribers(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopping_process_ends_its_streams() {
    let world = World::new().await;
    world.client.create(&offer("STOP", &json!({"start_date": "2000-01-01", "end_date": "2199-12-31"}))).await;
    let (api, client) = Program::api(&world.database).await;
    let mut stream = client.subscribe("STOP").await;
    assert_eq!(stream.offer().await["offer"]["code"], "STOP");
    let ending = tokio::spawn(api.terminate());
    assert!(stream.next().await.is_none());
    assert_eq!(ending.await.unwrap(), Some(0));
}
