use chrono::NaiveDate;
use offercast_contract::{Dashboard, OfferState};
use offercast_domain::{Analytics, Day, ForecastService, Offer, OfferDraft, OfferForecast, Totals, WhatIf};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::support::{World, offer};

/// Writes these daily counts into the roll-up, for the days up to 14 June 2026, with a discount of 5 per redemption.
async fn record(world: &World, code: &str, counts: &[i64]) {
    let first = format!("date '2026-06-15' - {}", counts.len());
    let counts = counts.iter().map(i64::to_string).collect::<Vec<_>>().join(",");
    let id = format!("(select id from offers where code = '{code}')");
    world
        .database
        .execute(&format!(
            "insert into offer_daily (offer_id, day, redemptions, discount)
             select {id}, {first} + (n::int - 1), count, 5 * count
             from unnest(array[{counts}]) with ordinality as days (count, n) where count > 0;
             update offer_counters set (redeemed, spent) =
                 (select sum(redemptions), sum(discount) from offer_daily where offer_id = {id})
             where offer_id = {id}"
        ))
        .await;
}

/// Eight weeks with about 4 redemptions per day, more on weekends.
fn weeks() -> Vec<i64> {
    (0..56).map(|day| [3, 4, 2, 5, 4, 8, 6][day % 7] + i64::from(day % 5 == 0)).collect()
}

async fn flat_offer(world: &World, code: &str, fields: &Value) {
    let mut all = json!({"discount_type": "flat", "discount_value": 5, "start_date": "2026-04-01",
                         "end_date": "2026-12-31"});
    for (field, value) in fields.as_object().unwrap() {
        all[field] = value.clone();
    }
    world.client.create(&offer(code, &all)).await;
}

fn day(value: &Value) -> NaiveDate {
    value.as_str().unwrap().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forecast_has_a_total_and_the_date_on_which_the_budget_runs_out() {
    let world = World::new().await;
    flat_offer(&world, "OUT", &json!({"budget": 1700, "max_redemptions": 100_000})).await;
    record(&world, "OUT", &weeks()).await;
    let response = world.client.get("/api/offers/OUT/forecast").await;
    let data = response.data();
    let sum: f64 =
        data["points"].as_array().unwrap().iter().map(|p| p["redemptions"].as_f64().unwrap()).sum();
    let total = &data["total"];
    assert!((total["redemptions"].as_f64().unwrap() - sum).abs() < 0.001, "{total}");
    let bounds =
        ["lower_95", "lower_80", "redemptions", "upper_80", "upper_95"].map(|f| total[f].as_f64().unwrap());
    assert!(bounds.is_sorted(), "{bounds:?}");
    // 1,340 of 1,700 are spent; the rest is enough for 72 redemptions, at about 4.8 per day.
    let run_out = &data["run_out"];
    assert_eq!((&run_out["probability"], &run_out["limit"]), (&json!(1.0), &json!("budget")));
    let expected: NaiveDate = "2026-06-29".parse().unwrap();
    assert!((day(&run_out["median"]) - expected).num_days().abs() <= 2, "{run_out}");
    assert!(day(&run_out["earliest_80"]) <= day(&run_out["median"]));
    assert!(day(&run_out["median"]) <= day(&run_out["latest_80"]));
    assert_eq!(world.client.get("/api/offers/OUT/dashboard").await.data()["forecast"]["run_out"], *run_out);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stored_forecast_equals_the_one_computed_on_the_fly() {
    let world = World::new().await;
    flat_offer(&world, "SAME", &json!({"budget": 1700})).await;
    flat_offer(&world, "FREE", &json!({})).await;
    for code in ["SAME", "FREE"] {
        record(&world, code, &weeks()).await;
        let path = format!("/api/offers/{code}/forecast");
        let mut computed = world.client.get(&path).await.data().clone();
        let id = world.client.get(&format!("/api/offers/{code}")).await.data()["id"].as_i64().unwrap();
        let job = offercast_app::ComputeOfferForecast { offer_id: id };
        offercast_app::compute_offer_forecast(&world.app, &job).await.unwrap();
        let stored = world.client.get(&path).await.data().clone();
        assert_eq!((&computed["source"], &stored["source"]), (&json!("computed"), &json!("cached")));
        computed["source"] = stored["source"].clone();
        assert_eq!(computed, stored);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forecast_stored_by_an_older_version_is_recomputed() {
    let world = World::new().await;
    let id = world.client.create(&offer("OLD", &json!({}))).await["id"].as_i64().unwrap();
    let source = async || world.client.get("/api/offers/OLD/forecast").await.data()["source"].clone();
    let old = |moment: &str| {
        format!(
            "insert into offer_forecasts
                 (offer_id, model, computed_at, first_day, history_days, redemptions_seen, points)
             values ({id}, 'auto', '{moment}', '2026-06-15', 0, 0, '[]')
             on conflict (offer_id) do update set computed_at = excluded.computed_at, points = excluded.points"
        )
    };
    world.database.execute(&old("2026-06-15T12:00:00Z")).await;
    assert_eq!(source().await, "computed");
    let job = offercast_app::ComputeOfferForecast { offer_id: id };
    offercast_app::compute_offer_forecast(&world.app, &job).await.unwrap();
    assert_eq!(source().await, "cached");
    // The older version still runs and overwrites the forecast.
    world.database.execute(&old("2026-06-15T12:30:00Z")).await;
    assert_eq!(source().await, "computed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_what_if_forecasts_other_terms_and_changes_nothing() {
    let world = World::new().await;
    flat_offer(&world, "IF", &json!({"budget": 1700})).await;
    record(&world, "IF", &weeks()).await;
    let before = world.client.get("/api/offers/IF").await.data().clone();
    let what_if = async |terms: Value| {
        world.client.post("/api/offers/IF/forecast/what-if", &terms).await.data().clone()
    };
    let own = what_if(json!({})).await;
    let forecast = world.client.get("/api/offers/IF/forecast").await.data().clone();
    assert_eq!((&own["points"], &own["run_out"]), (&forecast["points"], &forecast["run_out"]));
    let median = |response: &Value| day(&response["run_out"]["median"]);
    assert!(median(&what_if(json!({"budget": "2000.00"})).await) > median(&own));
    assert!(median(&what_if(json!({"discount_value": 10})).await) < median(&own));
    assert_eq!(what_if(json!({"budget": null})).await["run_out"], Value::Null);
    let counted = what_if(json!({"budget": null, "max_redemptions": 300})).await;
    assert_eq!(counted["run_out"]["limit"], "max_redemptions");
    let short = what_if(json!({"end_date": "2026-06-16"})).await;
    assert_eq!(short["points"][2]["upper_95"], 0.0);
    assert_eq!(short["run_out"]["median"], Value::Null);
    // The cost of a percentage is unknown, because order amounts are not recorded by day.
    assert_eq!(what_if(json!({"discount_type": "percent"})).await["run_out"], Value::Null);
    assert_eq!(world.client.get("/api/offers/IF").await.data(), &before);
    let jobs = "select count(*) from apalis.jobs where job_type = 'forecast.v1'";
    assert_eq!(world.database.count(jobs).await, 1, "only GET forecast queues a job");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_what_if_is_validated_like_an_edit() {
    let world = World::new().await;
    flat_offer(&world, "RULES", &json!({"budget": 1700})).await;
    record(&world, "RULES", &weeks()).await;
    let path = "/api/offers/RULES/forecast/what-if";
    for (terms, field, code) in [
        (json!({"budget": 100}), "budget", "out_of_range"),
        (json!({"max_redemptions": 10}), "max_redemptions", "out_of_range"),
        (json!({"max_redemptions": 0}), "max_redemptions", "out_of_range"),
        (json!({"end_date": "2026-03-31"}), "end_date", "out_of_range"),
        (json!({"end_date": null}), "end_date", "required"),
        (json!({"discount_value": "much"}), "discount_value", "invalid"),
        (json!({"discount_type": "percent", "discount_value": 101}), "discount_value", "out_of_range"),
        (json!({"budget": "1e30"}), "budget", "invalid"),
        (json!({"code": "OTHER"}), "code", "unknown"),
    ] {
        let refused = world.client.post(path, &terms).await;
        assert_eq!(refused.fields(), [(field, code)], "{terms}");
        // An edit has the same error.
        if field != "code" {
            assert_eq!(world.client.patch("/api/offers/RULES", &terms).await.fields(), [(field, code)]);
        }
    }
    let unknown = world.client.post("/api/offers/UNKNOWN/forecast/what-if", &json!({})).await;
    assert_eq!(unknown.code(), "offer_not_found");
}

/// Computes a what-if from a dashboard, as the page in the browser does without another request.
fn project(dashboard: &Dashboard, edit: impl FnOnce(&mut OfferDraft)) -> OfferForecast {
    let offer = &dashboard.offer;
    let mut draft = OfferDraft {
        name: offer.name.clone(),
        code: offer.code.clone(),
        discount_type: "flat".to_owned(),
        discount_value: offer.discount_value.to_string(),
        currency: offer.currency.clone(),
        start_date: offer.start_date.to_string(),
        end_date: offer.end_date.to_string(),
        budget: offer.budget.unwrap().to_string(),
        ..OfferDraft::default()
    };
    let stored = Offer { id: offer.id, terms: draft.check().unwrap() };
    edit(&mut draft);
    let history = &dashboard.history;
    let days: Vec<Day> = history
        .first_day
        .unwrap()
        .iter_days()
        .zip(history.redemptions.iter().zip(&history.discount_given))
        .map(|(date, (redemptions, discount))| Day { date, redemptions: *redemptions, discount: discount.0 })
        .collect();
    let (redeemed, spent) = (offer.totals.redemptions, offer.totals.discount_given.0);
    let totals = Totals { redeemed, spent, ..Totals::default() };
    let today = dashboard.as_of.date_naive();
    let analytics = Analytics { offer: &stored, totals, days: &days, today };
    ForecastService::default().what_if(&analytics, &WhatIf::from(&draft.check().unwrap()))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dashboard_of_any_range_has_all_data_for_a_what_if() {
    let world = World::new().await;
    flat_offer(&world, "PAGE", &json!({"budget": 1700})).await;
    record(&world, "PAGE", &weeks()).await;
    world.client.redeem("PAGE", &json!(50)).await.data();
    let response = world.client.get("/api/offers/PAGE/dashboard?from=2026-05-20&to=2026-05-30").await;
    let dashboard: Dashboard = offercast_contract::read(&response.data().to_string()).unwrap();
    assert_eq!(dashboard.offer.state, OfferState::Active);
    assert_eq!(dashboard.history.redemptions.len(), 57);
    let ours = project(&dashboard, |draft| draft.budget = "2000".to_owned());
    let response = world.client.post("/api/offers/PAGE/forecast/what-if", &json!({"budget": 2000})).await;
    let theirs: offercast_contract::Forecast =
        offercast_contract::read(&response.data().to_string()).unwrap();
    for (ours, theirs) in ours.points.iter().zip(&theirs.points) {
        assert!((ours.point.mean - theirs.redemptions).abs() < 1e-6, "{ours:?} {theirs:?}");
        assert!((ours.point.upper_95 - theirs.upper_95).abs() < 1e-6, "{ours:?} {theirs:?}");
    }
    let (ours, theirs) = (ours.run_out.unwrap(), theirs.run_out.unwrap());
    assert_eq!(
        (ours.median, ours.earliest, ours.latest),
        (theirs.median, theirs.earliest_80, theirs.latest_80)
    );
    assert_eq!(
        dashboard.history.discount_given.iter().map(|money| money.0).sum::<Decimal>(),
        Decimal::from(1345)
    );
}

async fn forecast_now(world: &World, id: i64) {
    let job = offercast_app::ComputeOfferForecast { offer_id: id };
    offercast_app::compute_offer_forecast(&world.app, &job).await.unwrap();
}

/// Its expected values become too small for single precision.
#[tokio::test(flavor = "multi_thread")]
async fn the_forecast_of_an_offer_without_recent_redemptions_is_stored() {
    let world = World::new().await;
    flat_offer(&world, "FADED", &json!({"start_date": "2024-01-01"})).await;
    let ten = (0..330).map(|day| i64::from(day % 33 == 0)).collect();
    record(&world, "FADED", &[ten, vec![0; 330]].concat()).await;
    let id = world.client.get("/api/offers/FADED").await.data()["id"].as_i64().unwrap();
    forecast_now(&world, id).await;
    assert_eq!(world.client.get("/api/offers/FADED/forecast").await.data()["source"], "cached");
    assert_eq!(world.database.count("select count(*) from forecast_accuracy").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forecast_is_compared_with_actual_values_when_its_days_are_over() {
    let world = World::new().await;
    flat_offer(&world, "PAST", &json!({})).await;
    record(&world, "PAST", &[vec![4; 49], vec![6; 7]].concat()).await;
    let id = world.client.get("/api/offers/PAST").await.data()["id"].as_i64().unwrap();
    forecast_now(&world, id).await;
    let stored = world.client.get("/api/offers/PAST/forecast").await.data().clone();
    assert_eq!((&stored["source"], &stored["accuracy"]), (&json!("cached"), &Value::Null));
    // Every second day has 3 redemptions, the last day none.
    world
        .database
        .execute(&format!(
            "insert into offer_daily (offer_id, day, redemptions, discount)
             select {id}, day, 3, 15 from generate_series(date '2026-06-15', '2026-06-27', interval '2 days') day"
        ))
        .await;
    world.clock.set("2026-06-28T12:00:00Z");
    forecast_now(&world, id).await;
    let accuracy =
        async || world.client.get("/api/offers/PAST/dashboard").await.data()["forecast"]["accuracy"].clone();
    assert_eq!(accuracy().await, Value::Null, "the last day is not over");
    world.clock.set("2026-06-29T00:00:00Z");
    for _ in 0..2 {
        forecast_now(&world, id).await;
        let accuracy = accuracy().await;
        assert_eq!(accuracy["forecasts"], 1);
        let expected = stored["total"]["redemptions"].as_f64().unwrap();
        let off = 100.0 * (expected - 21.0).abs() / 21.0;
        assert!(
            (accuracy["total_off_percent"].as_f64().unwrap() - off).abs() < 0.001,
            "{accuracy} {expected}"
        );
        // The last week had 6 redemptions per day, so the moving average forecasts 84.
        assert_eq!(accuracy["moving_average_off_percent"], 300.0, "{accuracy}");
        let within = |(day, point): (usize, &Value)| {
            let actual = if day % 2 == 0 { 3.0 } else { 0.0 };
            point["lower_80"].as_f64().unwrap() <= actual && actual <= point["upper_80"].as_f64().unwrap()
        };
        let days = stored["points"].as_array().unwrap().iter().enumerate().filter(|day| within(*day)).count();
        let share = 100.0 * days as f64 / 14.0;
        assert!(
            (accuracy["days_within_80_percent"].as_f64().unwrap() - share).abs() < 0.001,
            "{accuracy} {days}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_forecast_of_each_day_is_kept_and_old_ones_are_deleted() {
    let world = World::new().await;
    flat_offer(&world, "LONG", &json!({})).await;
    record(&world, "LONG", &weeks()).await;
    let id = world.client.get("/api/offers/LONG").await.data()["id"].as_i64().unwrap();
    let start: NaiveDate = "2026-06-15".parse().unwrap();
    for day in start.iter_days().take(60) {
        world.clock.set(&format!("{day}T00:05:00Z"));
        forecast_now(&world, id).await;
    }
    let stored = "select count(*) from forecast_accuracy";
    assert_eq!(world.database.count(stored).await, 45);
    let bands = "select count(*) from forecast_accuracy where lower_80 is not null";
    assert_eq!(world.database.count(bands).await, 14);
    let response = world.client.get("/api/offers/LONG/forecast").await;
    assert_eq!(response.data()["accuracy"]["forecasts"], 30);
    // A later forecast of the same day does not replace the first.
    let expected = "select sum(expected * 1000)::bigint from forecast_accuracy";
    let before = world.database.count(expected).await;
    world.client.redeem("LONG", &json!(50)).await.data();
    forecast_now(&world, id).await;
    assert_eq!(world.database.count(expected).await, before);
}
