use serde_json::json;

use crate::support::{World, offer};

/// Shows that each check of `verify` can fail.
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
        ("update offers set budget = 4", "limit exceeded by redemption"),
        ("update offers set max_redemptions = 2", "limit exceeded by redemption"),
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
async fn an_offer_with_redemptions_cannot_be_deleted_and_a_ledger_without_an_offer_is_found() {
    let world = World::new().await;
    world.client.create(&offer("KEPT", &json!({}))).await;
    world.client.redeem("KEPT", &json!(50)).await.data();
    let deleted = sqlx::raw_sql("delete from offers").execute(&mut world.database.connect().await).await;
    assert!(deleted.unwrap_err().to_string().contains("offer_daily"));
    world
        .database
        .execute(
            "insert into redemptions (offer_id, customer_id, order_amount, discount, redeemed_at, redemption_date,
                                      redeemed_after, spent_after)
             values (99, 'x', 50, 5, '2026-06-15T12:00:00Z', '2026-06-15', 1, 5)",
        )
        .await;
    let differences = offercast_app::verify(&world.database.url).await.unwrap();
    assert_eq!(differences.len(), 1, "{differences:?}");
    assert_eq!(differences[0].offer_code, "no offer 99");
}

#[tokio::test(flavor = "multi_thread")]
async fn imported_redemptions_may_exceed_a_limit_and_decided_ones_may_not() {
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

/// Inserts an imported redemption with a discount of 80.
async fn import_eighty(world: &World) {
    world
        .database
        .execute(
            "insert into redemptions (offer_id, customer_id, order_amount, discount, redeemed_at, redemption_date, source,
                                      redeemed_after, spent_after)
             select offer_id, 'x', 800, 80, '2026-06-15T12:00:00Z', '2026-06-15', 'imported', redeemed + 1, spent + 80
             from offer_counters;
             update offer_counters set redeemed = redeemed + 1, spent = spent + 80;
             insert into offer_daily select offer_id, '2026-06-15', 1, 80 from offer_counters
             on conflict (offer_id, day) do update set redemptions = offer_daily.redemptions + 1,
                                                       discount = offer_daily.discount + 80",
        )
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reservation_confirmed_after_an_import_is_not_a_violation() {
    let world = World::new().await;
    world.client.create(&offer("PROMISED", &json!({"budget": 100, "max_redemptions": 1}))).await;
    let body = json!({"customer_id": 1, "order_amount": 500});
    world.client.post("/api/offers/PROMISED/reserve", &body).await.data();
    import_eighty(&world).await;
    world.client.post("/api/reservations/1/confirm", &json!({})).await.data();
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_lowered_after_a_reversal_is_not_a_violation() {
    let world = World::new().await;
    world.client.create(&offer("LOWERED", &json!({"budget": 100, "max_redemptions": 2}))).await;
    for _ in 0..2 {
        world.client.redeem("LOWERED", &json!(500)).await.data();
    }
    world.client.post("/api/redemptions/2/reverse", &json!({})).await.data();
    world.client.patch("/api/offers/LOWERED", &json!({"budget": 60, "max_redemptions": 1})).await.data();
    import_eighty(&world).await;
    world.assert_verified().await;
    // A redemption above the limit after the reversal is a violation.
    world.database.execute("update redemptions set source = 'live'").await;
    assert_eq!(offercast_app::verify(&world.database.url).await.unwrap().len(), 1);
}

/// The same for reversals, reservations and redemptions per customer.
#[tokio::test(flavor = "multi_thread")]
async fn damage_to_reversals_reservations_and_customer_usage_is_found() {
    for (damage, found) in [
        ("update redemptions set reverses = 2 where reverses = 1", "reversal 3"),
        ("update redemptions set discount = -4 where reverses = 1", "reversal 3"),
        ("update redemptions set redemption_date = redemption_date - 1 where reverses = 1", "reversal 3"),
        (
            "update redemptions set redeemed_after = redeemed_after + 1 where reverses = 1",
            "running totals of redemption 3",
        ),
        ("update redemptions set held_after = 95 where id = 2", "running totals of redemption 2"),
        ("update offer_counters set held = held + 1", "held (redemptions, discount)"),
        ("update offer_counters set held_redemptions = 0", "held (redemptions, discount)"),
        (
            "update reservations set state = 'released', closed_at = now() where id = 2",
            "held (redemptions, discount)",
        ),
        ("update reservations set redemption_id = 2 where id = 1", "redemption of reservation 1"),
        ("update offer_customers set uses = uses + 1", "usage of customer 1001"),
        ("delete from offer_customers", "usage of customer 1001"),
        ("insert into redemption_orders values (1, 'o', 1)", "order o"),
    ] {
        let world = World::new().await;
        let limits = json!({"budget": 100, "max_redemptions_per_customer": 100});
        world.client.create(&offer("V", &limits)).await;
        let order = |id: &str| json!({"customer_id": 1001, "order_amount": 50, "order_id": id});
        let post = async |path: &str, body| world.client.post(path, &body).await.data().clone();
        for id in ["o", "p"] {
            post("/api/offers/V/redeem", order(id)).await;
        }
        post("/api/redemptions/1/reverse", json!({})).await;
        post("/api/offers/V/reserve", order("q")).await;
        post("/api/reservations/1/confirm", json!({})).await;
        post("/api/offers/V/reserve", order("r")).await;
        world.assert_verified().await;
        world.database.execute(damage).await;
        let differences = offercast_app::verify(&world.database.url).await.unwrap();
        assert!(differences.iter().any(|d| d.what.starts_with(found)), "{damage}: {differences:?}");
    }
}
