use serde_json::json;

use crate::support::{World, offer};

/// Each of these has to be found: a check that cannot fail proves nothing.
#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_damage_is_found() {
    for (damage, found) in [
        ("update offer_counters set redeemed = redeemed + 1", "counters (redeemed, spent)"),
        ("update offer_counters set spent = spent - 1", "counters (redeemed, spent)"),
        ("delete from offer_counters", "counters (redeemed, spent)"),
        ("update offer_daily set redemptions = redemptions - 1", "day 2026-06-15 (redemptions, discount)"),
        ("delete from offer_daily", "day 2026-06-15 (redemptions, discount)"),
        ("update offer_daily set day = day + 1", "day 2026-06-15 (redemptions, discount)"),
        ("update redemptions set redemption_date = redemption_date - 1", "day of redemption"),
        (
            "update redemptions set spent_after = spent_after + 1 where id = 2",
            "running totals of redemption 2",
        ),
        ("update redemptions set redeemed_after = null where id = 3", "running totals of redemption 3"),
        ("update redemptions set budget = 9 where id = 2", "running totals of redemption 2"),
        ("update redemptions set discount = 4 where id = 1", "running totals of redemption 1"),
        ("delete from redemptions where id = 2", "running totals of redemption 3"),
        ("insert into redemption_orders values (1, 'never', 2)", "order never"),
        ("update redemptions set order_id = 'o-9' where id = 3", "order o-9"),
        ("update offers set budget = 4", "limit passed by redemption"),
        ("update offers set max_redemptions = 2", "limit passed by redemption"),
    ] {
        let world = World::new().await;
        world.client.create(&offer("V", &json!({"budget": 100, "max_redemptions": 100}))).await;
        for _ in 0..3 {
            world.client.redeem("V", &json!(50)).await.data();
        }
        world.assert_verified().await;
        world.database.execute(damage).await;
        let differences = offercast_app::verify(&world.database.url).await.unwrap();
        assert!(differences.iter().any(|d| d.what.starts_with(found)), "{damage}: {differences:?}");
        assert!(differences.iter().all(|d| d.offer_code == "V"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn imported_facts_may_stand_above_a_limit_and_decisions_may_not() {
    let world = World::new().await;
    world.client.create(&offer("F", &json!({"max_redemptions": 2}))).await;
    world.client.redeem("F", &json!(50)).await.data();
    world.client.redeem("F", &json!(50)).await.data();
    world
        .database
        .execute(
            "insert into redemptions (offer_id, customer_id, order_amount, discount, redeemed_at, redemption_date, source,
                                      redeemed_after, spent_after)
             select id, 'x', 50, 5, '2026-06-15T12:00:00Z', '2026-06-15', 'imported', 3, 15 from offers;
             update offer_counters set redeemed = 3, spent = 15;
             update offer_daily set redemptions = 3, discount = 15",
        )
        .await;
    world.assert_verified().await;
    world.database.execute("update redemptions set source = 'live'").await;
    assert_eq!(offercast_app::verify(&world.database.url).await.unwrap().len(), 1);
}
