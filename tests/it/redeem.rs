use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{World, offer, send_request};

#[tokio::test(flavor = "multi_thread")]
async fn a_redemption_has_the_documented_response() {
    let world = World::new().await;
    world.clock.set("2026-06-22T10:00:00Z");
    let created = world.client.create(&offer("TEN", &json!({"budget": 1000}))).await;
    let redeemed = world.client.redeem("TEN", &json!(500)).await;
    assert_eq!(redeemed.status, StatusCode::CREATED);
    let id = redeemed.data()["redemption_id"].clone();
    let expected = json!({"status": true, "message": "Redeemed", "data": {
        "redemption_id": id, "offer_id": created["id"], "remaining_budget": 950, "total_redemptions": 1,
        "discount_given": 50, "discount_asked": 50, "redemption_date": "2026-06-22", "currency": "USD"}});
    assert_eq!(redeemed.body, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn amounts_keep_their_exact_digits() {
    let world = World::new().await;
    let cases = [
        ("USD", "12.5", "\"99.99\"", "12.5"),
        ("USD", "10", "0.05", "0.01"),
        ("JPY", "10", "5", "1"),
        ("KWD", "10", "0.015", "0.002"),
        ("USD", "33.3333", "999999999999.99", "333333000000"),
        ("USD", "100", "33.335", "33.33"),
    ];
    for (n, (currency, percent, amount, discount)) in cases.into_iter().enumerate() {
        let code = format!("M-{n}");
        let fields = json!({"currency": currency, "discount_value": percent});
        world.client.create(&offer(&code, &fields)).await;
        let amount: Value = serde_json::from_str(amount).unwrap();
        let redeemed = world.client.redeem(&code, &amount).await;
        assert_eq!(redeemed.data()["discount_given"].to_string(), discount, "{currency} {amount}");
        assert_eq!(redeemed.data()["remaining_budget"], Value::Null);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flat_discount_is_limited_to_the_order_amount() {
    let world = World::new().await;
    world.client.create(&offer("FLAT", &json!({"discount_type": "flat", "discount_value": 20}))).await;
    assert_eq!(world.client.redeem("FLAT", &json!(7.5)).await.data()["discount_given"].to_string(), "7.5");
    assert_eq!(world.client.redeem("FLAT", &json!(100)).await.data()["discount_given"], 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn dates_are_in_the_time_zone_of_the_offer() {
    let world = World::new().await;
    let fields =
        json!({"timezone": "America/New_York", "start_date": "2026-06-10", "end_date": "2026-06-20"});
    world.client.create(&offer("ZONE", &fields)).await;
    let at = async |moment: &str| {
        world.clock.set(moment);
        world.client.redeem("ZONE", &json!(10)).await
    };
    assert_eq!(at("2026-06-10T03:59:59Z").await.code(), "offer_not_started");
    assert_eq!(at("2026-06-10T04:00:00Z").await.data()["redemption_date"], "2026-06-10");
    assert_eq!(at("2026-06-21T03:59:59Z").await.data()["redemption_date"], "2026-06-20");
    assert_eq!(at("2026-06-21T04:00:00Z").await.code(), "offer_expired");
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_declined_redemption_changes_nothing() {
    let world = World::new().await;
    world.client.create(&offer("FULL", &json!({"budget": 10}))).await;
    world.client.redeem("FULL", &json!(60)).await.data();
    let before = world.client.get("/api/offers/FULL").await;
    // 6 of 10 are spent: 5 more exceed the budget, 4 do not.
    let refused = world.client.redeem("FULL", &json!(50)).await;
    assert_eq!((refused.status, refused.code()), (StatusCode::CONFLICT, "budget_exhausted"));
    assert_eq!(world.client.get("/api/offers/FULL").await.body, before.body);
    assert_eq!(world.database.count("select count(*) from redemptions").await, 1);
    assert_eq!(world.client.redeem("FULL", &json!(40)).await.data()["remaining_budget"], 0);
    assert_eq!(world.client.redeem("UNKNOWN", &json!(40)).await.status, StatusCode::NOT_FOUND);
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn invalid_fields_of_a_request_are_reported() {
    let world = World::new().await;
    world.client.create(&offer("R", &json!({}))).await;
    let cases: [(Value, &[(&str, &str)]); 11] = [
        (json!({}), &[("customer_id", "required"), ("order_amount", "required")]),
        (json!({"customer_id": "", "order_amount": 1}), &[("customer_id", "required")]),
        (json!({"customer_id": 1.5, "order_amount": 1}), &[("customer_id", "invalid")]),
        (json!({"customer_id": "x".repeat(65), "order_amount": 1}), &[("customer_id", "too_long")]),
        (json!({"customer_id": "a\u{0}b", "order_amount": 1}), &[("customer_id", "invalid")]),
        (json!({"customer_id": 1, "order_amount": 0}), &[("order_amount", "out_of_range")]),
        (json!({"customer_id": 1, "order_amount": -5}), &[("order_amount", "out_of_range")]),
        (json!({"customer_id": 1, "order_amount": "ten"}), &[("order_amount", "invalid")]),
        (json!({"customer_id": 1, "order_amount": [10]}), &[("order_amount", "invalid")]),
        (json!({"customer_id": 1, "order_amount": 10, "order_id": ""}), &[("order_id", "required")]),
        (json!({"customer_id": 1, "order_amount": 10, "coupon": "X"}), &[("coupon", "unknown")]),
    ];
    for (body, fields) in cases {
        let refused = world.client.post("/api/offers/R/redeem", &body).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
        assert_eq!(refused.fields(), fields, "{body}");
    }
    assert_eq!(world.database.count("select count(*) from redemptions").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_ledger_is_paged_newest_first_and_exported_as_csv() {
    let world = World::new().await;
    world.client.create(&offer("LEDGER", &json!({}))).await;
    for n in 1..=5 {
        let body =
            json!({"customer_id": format!("c,{n}"), "order_amount": n * 10, "order_id": format!("o{n}")});
        world.client.post("/api/offers/LEDGER/redeem", &body).await.data();
    }
    let mut customers = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = world.client.get(&format!("/api/offers/LEDGER/redemptions?limit=2{cursor}")).await;
        let rows = page.data().as_array().unwrap();
        customers.extend(rows.iter().map(|row| row["customer_id"].as_str().unwrap().to_owned()));
        match page.body["meta"]["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(customers, ["c,5", "c,4", "c,3", "c,2", "c,1"]);

    let accept = async |types: &str| {
        send_request(
            world.client.request(Method::GET, "/api/offers/LEDGER/redemptions").header("accept", types),
        )
        .await
    };
    let csv = accept("text/csv").await;
    assert_eq!(csv.headers["content-type"], "text/csv; charset=utf-8");
    let lines: Vec<_> = csv.body.as_str().unwrap().lines().map(str::to_owned).collect();
    assert_eq!(lines[0], "offer_code,customer_id,order_amount,discount_given,redeemed_at,order_id");
    assert_eq!(lines[1], "LEDGER,\"c,1\",10,1,2026-06-15T12:00:00+00:00,o1");
    assert_eq!(lines.len(), 6);
    assert_eq!(
        accept("application/json;q=0.1, text/csv").await.headers["content-type"],
        "text/csv; charset=utf-8"
    );
    // For links, which cannot set the Accept header.
    let linked = world.client.get("/api/offers/LEDGER/redemptions?format=csv").await;
    assert_eq!(linked.body, csv.body);
    let wrong = world.client.get("/api/offers/LEDGER/redemptions?format=xlsx").await;
    assert_eq!(wrong.fields(), [("format", "invalid")]);
    for (query, field) in [("limit=0", ("limit", "out_of_range")), ("cursor=x", ("cursor", "invalid"))] {
        for format in ["json", "csv"] {
            let path = format!("/api/offers/LEDGER/redemptions?format={format}&{query}");
            assert_eq!(world.client.get(&path).await.fields(), [field], "{path}");
        }
    }
    let refused = accept("image/png").await;
    assert_eq!((refused.status, refused.code()), (StatusCode::NOT_ACCEPTABLE, "not_acceptable"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_and_the_same_text_are_one_customer() {
    let world = World::new().await;
    world.client.create(&offer("WHO", &json!({}))).await;
    for customer in [json!(1001), json!("1001"), json!(1001.0)] {
        let body = json!({"customer_id": customer, "order_amount": 10});
        world.client.post("/api/offers/WHO/redeem", &body).await.data();
    }
    assert_eq!(world.database.count("select count(distinct customer_id) from redemptions").await, 1);
}
