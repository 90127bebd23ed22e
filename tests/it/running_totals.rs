//! The ledger carries what the offer adds up to after each entry.

use serde_json::json;
use sqlx::Connection;

use crate::support::{World, offer};

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_holds_what_its_answer_said() {
    let world = World::new().await;
    world.client.create(&offer("CHAIN", &json!({"budget": 100}))).await;
    for (n, amount) in [(1, 70), (2, 30), (3, 95)] {
        if n == 3 {
            // A later edit changes no entry that is there.
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

/// A ledger from before: the migration fills it in, in order of id, offer by offer.
#[tokio::test(flavor = "multi_thread")]
async fn the_migration_fills_in_what_is_there() {
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
