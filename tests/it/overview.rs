use serde_json::{Value, json};

use crate::support::{World, offer};

/// Redeems this often at this time, for orders of 50.
async fn redeem(world: &World, code: &str, moment: &str, times: usize) {
    world.clock.set(moment);
    for _ in 0..times {
        world.client.redeem(code, &json!(50)).await.data();
    }
}

async fn overview(world: &World, query: &str) -> Value {
    world.client.get(&format!("/api/overview{query}")).await.data().clone()
}

/// Code and reason of each offer that needs attention.
fn attention(overview: &Value) -> Vec<(&str, &str)> {
    let all = overview["attention"].as_array().unwrap();
    all.iter().map(|one| (one["offer"]["code"].as_str().unwrap(), one["reason"].as_str().unwrap())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn totals_include_all_offers_and_are_separate_for_each_currency() {
    let world = World::new().await;
    for (code, fields) in
        [("DOLLAR", json!({})), ("CENT", json!({"discount_value": 1})), ("EURO", json!({"currency": "EUR"}))]
    {
        world.client.create(&offer(code, &fields)).await;
    }
    redeem(&world, "DOLLAR", "2026-06-09T12:00:00Z", 4).await;
    redeem(&world, "DOLLAR", "2026-06-11T12:00:00Z", 2).await;
    redeem(&world, "CENT", "2026-06-11T12:00:00Z", 4).await;
    redeem(&world, "EURO", "2026-06-12T12:00:00Z", 3).await;
    redeem(&world, "EURO", "2026-06-13T12:00:00Z", 1).await;
    let overview = overview(&world, "?from=2026-06-11").await;
    assert_eq!(overview["range"], json!({"from": "2026-06-11", "to": "2026-06-13"}));
    // Today is incomplete, so the two days before it are compared with the two days before them.
    assert_eq!(
        overview["compared"],
        json!({"now": {"from": "2026-06-11", "to": "2026-06-12"}, "before": {"from": "2026-06-09", "to": "2026-06-10"}})
    );
    assert_eq!(overview["redemptions"], json!({"total": 10, "change": 125.0}));
    assert_eq!(
        overview["discounts"],
        json!([{"currency": "USD", "total": 12, "change": -40.0}, {"currency": "EUR", "total": 20, "change": null}])
    );
    assert_eq!(
        overview["daily"],
        json!([{"date": "2026-06-11", "redemptions": 6}, {"date": "2026-06-12", "redemptions": 3},
               {"date": "2026-06-13", "redemptions": 1}])
    );
    let top: Vec<_> =
        overview["top_offers"].as_array().unwrap().iter().map(|top| &top["offer"]["code"]).collect();
    assert_eq!(top, ["CENT", "EURO", "DOLLAR"]);
    assert_eq!(overview["top_offers"][2]["redemptions"], json!({"total": 2, "change": -50.0}));
    assert_eq!(overview["top_offers"][2]["discount_given"], 10);
    assert_eq!(overview["offers"], json!({"active": 3, "scheduled": 0, "exhausted": 0}));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_overview_agrees_with_the_dashboards() {
    let world = World::new().await;
    for code in ["ONE", "TWO"] {
        world.client.create(&offer(code, &json!({"timezone": "Asia/Tokyo"}))).await;
        redeem(&world, code, "2026-06-13T20:00:00Z", 3).await;
    }
    world.clock.set("2026-06-14T10:00:00Z");
    let overview = overview(&world, "?from=2026-06-12&to=2026-06-14").await;
    for code in ["ONE", "TWO"] {
        let dashboard =
            world.client.get(&format!("/api/offers/{code}/dashboard?from=2026-06-12&to=2026-06-14")).await;
        // 20:00 UTC is the next day in Tokyo.
        assert_eq!(dashboard.data()["daily"][2]["redemptions"], 3);
    }
    assert_eq!(overview["daily"][2], json!({"date": "2026-06-14", "redemptions": 6}));
}

#[tokio::test(flavor = "multi_thread")]
async fn there_is_an_overview_without_offers() {
    let world = World::new().await;
    let overview = overview(&world, "").await;
    assert_eq!(overview["range"], json!({"from": "2026-05-17", "to": "2026-06-15"}));
    assert_eq!(overview["daily"].as_array().unwrap().len(), 30);
    assert_eq!(overview["redemptions"], json!({"total": 0, "change": null}));
    for list in ["discounts", "top_offers", "attention"] {
        assert_eq!(overview[list], json!([]), "{list}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn offers_that_need_attention_are_sorted_by_urgency() {
    let world = World::new().await;
    for (code, fields) in [
        ("QUIET", json!({})),
        ("ENDS", json!({"end_date": "2026-06-17"})),
        ("PAUSED", json!({"end_date": "2026-06-16", "status": "paused"})),
        ("GONE", json!({"start_date": "2026-06-01", "end_date": "2026-06-14"})),
        ("SPENT", json!({"budget": 5})),
        ("SOLD-OUT", json!({"max_redemptions": 1})),
    ] {
        world.client.create(&offer(code, &fields)).await;
    }
    redeem(&world, "SPENT", "2026-06-15T12:00:00Z", 1).await;
    redeem(&world, "SOLD-OUT", "2026-06-15T12:00:00Z", 1).await;
    let overview = overview(&world, "").await;
    assert_eq!(
        attention(&overview),
        [("SPENT", "budget_exhausted"), ("SOLD-OUT", "redemptions_exhausted"), ("ENDS", "ends")]
    );
    assert_eq!(overview["attention"][2]["date"], "2026-06-17");
    assert_eq!(overview["attention_total"], 3);
    assert_eq!(overview["offers"], json!({"active": 2, "scheduled": 0, "exhausted": 2}));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_offer_that_runs_out_soon_is_shown_in_overview_and_list() {
    let world = World::new().await;
    world.clock.set("2026-06-01T08:00:00Z");
    let id =
        world.client.create(&offer("SOON", &json!({"max_redemptions": 36}))).await["id"].as_i64().unwrap();
    for day in 1..=8 {
        redeem(&world, "SOON", &format!("2026-06-{day:02}T12:00:00Z"), 3).await;
    }
    world.clock.set("2026-06-09T12:00:00Z");
    let job = offercast_app::ComputeOfferForecast { offer_id: id };
    offercast_app::compute_offer_forecast(&world.app, &job).await.unwrap();
    let forecast = world.client.get("/api/offers/SOON/forecast").await;
    let run_out = &forecast.data()["run_out"];
    let overview = overview(&world, "").await;
    assert_eq!(attention(&overview), [("SOON", "runs_out")]);
    assert_eq!(overview["attention"][0]["date"], run_out["median"]);
    assert_eq!(overview["attention"][0]["limit"], "max_redemptions");
    let list = world.client.get("/api/offers").await;
    assert_eq!(&list.data()[0]["run_out"], run_out);
    // After an edit the stored forecast no longer applies.
    world.clock.set("2026-06-09T12:00:01Z");
    world.client.patch("/api/offers/SOON", &json!({"max_redemptions": 10_000})).await.data();
    assert_eq!(attention(&self::overview(&world, "").await), []);
    assert_eq!(world.client.get("/api/offers").await.data()[0]["run_out"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invalid_range_of_the_overview_is_reported() {
    let world = World::new().await;
    for query in
        ["from=2026-06-16", "from=2026-06-09&to=2026-06-08", "from=2025-01-01", "from=2026-6-1", "to=x"]
    {
        let refused = world.client.get(&format!("/api/overview?{query}")).await;
        assert!(["from", "to"].contains(&refused.fields()[0].0), "{query}");
    }
    assert_eq!(overview(&world, "?to=2199-01-01").await["range"]["to"], "2026-06-16");
}

#[tokio::test(flavor = "multi_thread")]
async fn declined_redemptions_are_counted_with_their_discount() {
    let world = World::new().await;
    world.client.create(&offer("FULL", &json!({"budget": 12}))).await;
    redeem(&world, "FULL", "2026-06-13T12:00:00Z", 2).await;
    for _ in 0..20 {
        assert_eq!(world.client.redeem("FULL", &json!(50)).await.code(), "budget_exhausted");
    }
    world.clock.set("2026-06-14T12:00:00Z");
    world.client.patch("/api/offers/FULL", &json!({"status": "paused"})).await.data();
    assert_eq!(world.client.redeem("FULL", &json!(100)).await.code(), "offer_paused");
    world.client.patch("/api/offers/FULL", &json!({"status": "active"})).await.data();
    let dashboard = world.client.get("/api/offers/FULL/dashboard?from=2026-06-12").await;
    assert_eq!(
        dashboard.data()["refusals"],
        json!([{"date": "2026-06-12", "refusals": 0}, {"date": "2026-06-13", "refusals": 20},
               {"date": "2026-06-14", "refusals": 1}])
    );
    assert_eq!(
        dashboard.data()["unmet"],
        json!({"refusals": 21, "discount_not_given": 110,
               "reasons": [{"reason": "budget_exhausted", "refusals": 20, "discount_not_given": 100},
                           {"reason": "offer_paused", "refusals": 1, "discount_not_given": 10}]})
    );
    let later = world.client.get("/api/offers/FULL/dashboard?from=2026-06-14").await;
    assert_eq!(later.data()["unmet"]["refusals"], 1);
    let overview = overview(&world, "").await;
    assert_eq!(attention(&overview), [("FULL", "turned_away")]);
    let one = &overview["attention"][0];
    assert_eq!(
        (&one["refusals"], &one["discount_not_given"], &one["redemptions"]),
        (&json!(21), &json!(110), &json!(2))
    );
}
