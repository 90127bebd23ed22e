use chrono::NaiveDate;
use serde_json::{Value, json};

use crate::support::{World, offer};

/// Redeems this often on each of these days of June 2026, for orders of 50.
async fn history(world: &World, code: &str, days: &[(u32, usize)]) {
    for &(day, times) in days {
        world.clock.set(&format!("2026-06-{day:02}T12:00:00Z"));
        for _ in 0..times {
            world.client.redeem(code, &json!(50)).await.data();
        }
    }
}

fn numbers(points: &Value, field: &str) -> Vec<f64> {
    points.as_array().unwrap().iter().map(|point| point[field].as_f64().unwrap()).collect()
}

fn dates(points: &Value) -> Vec<&str> {
    points.as_array().unwrap().iter().map(|point| point["date"].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_dashboard_shows_figures_of_the_redemptions() {
    let world = World::new().await;
    let fields = json!({"budget": 100, "max_redemptions": 20, "timezone": "Europe/Berlin"});
    world.client.create(&offer("D", &fields)).await;
    history(&world, "D", &[(1, 2), (3, 1), (4, 4)]).await;
    let dashboard = world.client.get("/api/offers/d/dashboard").await;
    let data = dashboard.data();
    assert_eq!(data["as_of"], "2026-06-04T14:00:00+02:00");
    assert_eq!(data["range"], json!({"from": "2026-06-01", "to": "2026-06-04"}));
    assert_eq!(
        data["kpis"],
        json!({"total_redemptions": 7, "total_discount_given": 35, "remaining_budget": 65,
               "redemption_rate": 35.0, "average_daily_redemptions": 1.75})
    );
    assert_eq!(
        data["daily"],
        json!([{"date": "2026-06-01", "redemptions": 2, "discount_given": 10},
               {"date": "2026-06-02", "redemptions": 0, "discount_given": 0},
               {"date": "2026-06-03", "redemptions": 1, "discount_given": 5},
               {"date": "2026-06-04", "redemptions": 4, "discount_given": 20}])
    );
    assert_eq!(numbers(&data["cumulative"], "redemptions"), [2.0, 2.0, 3.0, 7.0]);
    assert_eq!(numbers(&data["cumulative"], "discount_given"), [10.0, 10.0, 15.0, 35.0]);
    assert_eq!(numbers(&data["moving_average"], "value"), [2.0, 1.0, 1.0, 1.75]);
    assert_eq!(data["budget"], json!({"total": 100, "spent": 35, "held": 0, "remaining": 65}));
    assert_eq!(data["offer"]["totals"]["redemptions"], 7);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_forecast_starts_today_and_ends_with_the_offer() {
    let world = World::new().await;
    world.client.create(&offer("FC", &json!({"end_date": "2026-06-12"}))).await;
    history(&world, "FC", &[(1, 2), (3, 1), (4, 4)]).await;
    let forecast = world.client.get("/api/offers/FC/forecast").await;
    let data = forecast.data();
    assert_eq!(
        (&data["source"], &data["model"], &data["horizon"]),
        (&json!("computed"), &json!("auto"), &json!(14))
    );
    let points = &data["points"];
    assert_eq!((dates(points)[0], dates(points)[13]), ("2026-06-04", "2026-06-17"));
    // Today already has 4, more than expected after 2, 0 and 1.
    let means = numbers(points, "redemptions");
    assert!(means[0] >= 4.0 && means[0] < 4.5, "{means:?}");
    assert!(means[1..9].iter().all(|mean| *mean > 0.5 && *mean < 1.5), "{means:?}");
    // Days after the end date are 0.
    assert_eq!(numbers(points, "redemptions")[9..], [0.0; 5]);
    assert_eq!(numbers(points, "upper_95")[9..], [0.0; 5]);
    for point in points.as_array().unwrap() {
        let [low95, low80, mean, up80, up95] =
            ["lower_95", "lower_80", "redemptions", "upper_80", "upper_95"]
                .map(|f| point[f].as_f64().unwrap());
        assert!(low95 <= low80 && low80 <= mean && mean <= up80 && up80 <= up95, "{point}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_offer_without_redemptions_has_a_dashboard() {
    let world = World::new().await;
    world.client.create(&offer("EMPTY", &json!({"start_date": "2026-06-20"}))).await;
    let dashboard = world.client.get("/api/offers/EMPTY/dashboard").await;
    let data = dashboard.data();
    assert_eq!(data["kpis"]["total_redemptions"], 0);
    assert_eq!(
        (&data["kpis"]["redemption_rate"], &data["kpis"]["remaining_budget"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(numbers(&data["forecast"]["points"], "redemptions"), [0.0; 14]);
    assert_eq!(world.client.get("/api/offers/NONE/dashboard").await.code(), "offer_not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_range_limits_the_days_but_not_the_totals() {
    let world = World::new().await;
    world.client.create(&offer("CUT", &json!({}))).await;
    history(&world, "CUT", &[(1, 7), (8, 1), (10, 2)]).await;
    let get = async |query: &str| world.client.get(&format!("/api/offers/CUT/dashboard?{query}")).await;
    let cut = get("from=2026-06-07&to=2026-06-08").await;
    let data = cut.data();
    assert_eq!(numbers(&data["daily"], "redemptions"), [0.0, 1.0]);
    // The means of 7 days: 1 to 7 June, and 2 to 8 June.
    assert_eq!(numbers(&data["moving_average"], "value"), [1.0, 0.142857]);
    assert_eq!(dates(&data["cumulative"]).first(), Some(&"2026-06-01"));
    assert_eq!(numbers(&data["cumulative"], "redemptions").last(), Some(&8.0));
    assert_eq!(data["kpis"]["total_redemptions"], 10);
    // An end after today is replaced by today.
    assert_eq!(get("to=2026-12-31").await.data()["range"]["to"], "2026-06-10");
    for query in
        ["from=2026-06-11", "from=2026-06-09&to=2026-06-08", "from=1990-01-01", "from=2026-6-1", "to=x"]
    {
        let refused = get(query).await;
        assert!(["from", "to"].contains(&refused.fields()[0].0), "{query}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn all_parts_of_a_dashboard_are_consistent_during_redemptions() {
    let world = World::new().await;
    world.client.create(&offer("LIVE", &json!({"budget": 100_000}))).await;
    let redeeming = async {
        for _ in 0..150 {
            world.client.redeem("LIVE", &json!(50)).await.data();
        }
    };
    let reading = async {
        for _ in 0..40 {
            let dashboard = world.client.get("/api/offers/LIVE/dashboard").await;
            let data = dashboard.data();
            let total = data["kpis"]["total_redemptions"].as_f64().unwrap();
            assert_eq!(numbers(&data["daily"], "redemptions").iter().sum::<f64>(), total);
            assert_eq!(numbers(&data["cumulative"], "redemptions").last(), Some(&total));
            assert_eq!(data["budget"]["spent"].as_f64().unwrap(), total * 5.0);
        }
    };
    tokio::join!(redeeming, reading);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forecast_stored_before_an_edit_is_not_shown_after_it() {
    let world = World::new().await;
    world.clock.set("2026-06-01T00:00:00Z");
    let id = world.client.create(&offer("EDITED", &json!({}))).await["id"].as_i64().unwrap();
    history(&world, "EDITED", &[(1, 2), (2, 2)]).await;
    world.clock.set("2026-06-03T12:00:00Z");
    let job = offercast_app::ComputeOfferForecast { offer_id: id };
    offercast_app::compute_offer_forecast(&world.app, &job).await.unwrap();
    world.clock.set("2026-06-03T13:00:00Z");
    world.client.patch("/api/offers/EDITED", &json!({"status": "paused"})).await.data();
    let forecast = world.client.get("/api/offers/EDITED/forecast").await;
    assert_eq!(forecast.data()["source"], "computed");
    assert_eq!(numbers(&forecast.data()["points"], "redemptions"), [0.0; 14]);
}

#[tokio::test(flavor = "multi_thread")]
async fn yesterdays_forecast_is_not_shown_today() {
    let world = World::new().await;
    world.clock.set("2026-06-01T08:00:00Z");
    let id = world.client.create(&offer("STALE", &json!({}))).await["id"].as_i64().unwrap();
    history(&world, "STALE", &[(1, 2), (2, 2)]).await;
    let job = offercast_app::ComputeOfferForecast { offer_id: id };
    offercast_app::compute_offer_forecast(&world.app, &job).await.unwrap();
    let source = async || {
        let forecast = world.client.get("/api/offers/STALE/forecast").await;
        let first: NaiveDate = dates(&forecast.data()["points"])[0].parse().unwrap();
        (forecast.data()["source"].as_str().unwrap().to_owned(), first.to_string())
    };
    assert_eq!(source().await, ("cached".to_owned(), "2026-06-02".to_owned()));
    world.clock.set("2026-06-03T00:00:01Z");
    assert_eq!(source().await, ("computed".to_owned(), "2026-06-03".to_owned()));
}
