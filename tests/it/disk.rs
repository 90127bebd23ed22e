use serde_json::json;

use crate::support::{World, offer};

/// A trigger that raises PostgreSQL's error for a full disk. `cargo xtask prove` fills a real one.
const FULL: &str = "create function full_disk() returns trigger language plpgsql as
     $$ begin raise exception 'could not extend file' using errcode = 'disk_full'; end $$;
     create trigger full_disk before insert on redemptions for each row execute function full_disk()";

#[tokio::test(flavor = "multi_thread")]
async fn a_redemption_on_a_full_disk_is_busy() {
    let world = World::new().await;
    world.client.create(&offer("FULL", &json!({}))).await;
    world.database.execute(FULL).await;
    let response = world.client.redeem("FULL", &json!(10)).await;
    assert_eq!((response.status.as_u16(), response.code()), (503, "busy"));
    assert!(response.headers.contains_key("retry-after"));
    assert_eq!(world.client.get("/api/offers/FULL").await.status, 200);
    world.database.execute("drop trigger full_disk on redemptions").await;
    assert_eq!(world.client.redeem("FULL", &json!(10)).await.data()["total_redemptions"], 1);
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_refuses_connections_is_busy() {
    let world = World::new().await;
    world.client.create(&offer("CLOSED", &json!({}))).await;
    let closed = "do $$ begin
                      execute format('revoke connect on database %I from public, %I', current_database(), current_user);
                  end $$";
    world.database.execute(closed).await;
    let refused = world.replica().redeem("CLOSED", &json!(50)).await;
    assert_eq!((refused.status.as_u16(), refused.code()), (503, "busy"));
}
