//! Each entry of the ledger contains the totals of the offer after it.

use serde_json::json;
use sqlx::Connection;

use crate::support::{World, offer};

#[tokio::test(flavor = "multi_thread")]
async fn the_totals_of_an_entry_equal_those_of_its_response() {
    let world = World::new().await;
    world.client.create(&offer("CHAIN", &json!({"budget": 100}))).await;
    for (n, amount) in [(1, 70), (2, 30), (3, 95)] {
        if n == 3 {
            // A later edit does not change existing entries.
            world.client.patch("/api/offers/CHAIN", &json!({"budget": 60})).await.data();
        }
        let redeemed = world.client.redeem("CHAIN", &json!(amount)).await;
        let data = redeemed.data();
        let same = format!(
            "select count(*) from redemptions
             where id = {} and redeemed_after = {} and budget - spent_after = {} and discount = {}",
            data["redemption_id"],
            data["total_redemptions"],
            data["remaining_budget"],
            data["discount_given"]
        );
        assert_eq!(world.database.count(&same).await, 1, "{data}");
    }
    world.assert_verified().await;
}

/// Simulates a ledger from before the migration.
#[tokio::test(flavor = "multi_thread")]
async fn the_migration_computes_the_totals_of_existing_entries() {
    let world = World::new().await;
    for code in ["A", "B"] {
        world.client.create(&offer(code, &json!({}))).await;
        for amount in [10, 20, 30] {
            world.client.redeem(code, &json!(amount)).await.data();
        }
    }
    world
        .database
        .execute(
            "alter table redemptions drop column redeemed_after, drop column spent_after, drop column budget",
        )
        .await;
    let migration = include_str!("../../migrations/20261124000100_running_totals.sql");
    world.database.execute(migration).await;
    world.assert_verified().await;
    let mut connection = world.database.connect().await;
    let totals: Vec<(i64, i64)> =
        sqlx::query_as("select redeemed_after, spent_after::bigint from redemptions order by offer_id, id")
            .fetch_all(&mut connection)
            .await
            .unwrap();
    connection.close().await.unwrap();
    assert_eq!(totals, [(1, 1), (2, 3), (3, 6), (1, 1), (2, 3), (3, 6)]);
}
