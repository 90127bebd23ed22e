use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Client, World, offer};

#[tokio::test(flavor = "multi_thread")]
async fn an_offer_is_created_read_edited_and_deleted() {
    let world = World::new().await;
    let created = world.client.post("/api/offers", &offer("summer-10", &json!({"budget": "1000.00"}))).await;
    assert_eq!(created.status, StatusCode::CREATED);
    let id = created.data()["id"].as_i64().unwrap();
    assert_eq!(created.headers["location"], format!("/api/offers/{id}"));
    assert_eq!(created.data()["code"], "SUMMER-10");
    assert_eq!(created.data()["timezone"], "UTC");
    assert_eq!(created.data()["budget"].to_string(), "1000");
    assert_eq!(created.data()["state"], "active");

    // By id, and by code in upper or lower case.
    for name in [id.to_string(), "SUMMER-10".into(), "Summer-10".into()] {
        let read = world.client.get(&format!("/api/offers/{name}")).await;
        assert_eq!(read.data(), created.data());
    }
    let edited =
        world.client.patch("/api/offers/SUMMER-10", &json!({"name": "Autumn", "budget": null})).await;
    assert_eq!(edited.data()["name"], "Autumn");
    assert_eq!(edited.data()["budget"], Value::Null);
    assert_eq!(edited.data()["discount_value"], created.data()["discount_value"]);
    assert_eq!(edited.data()["version"], 2);

    let replaced =
        world.client.put("/api/offers/SUMMER-10", &offer("WINTER", &json!({"status": "paused"}))).await;
    assert_eq!(replaced.data()["code"], "WINTER");
    assert_eq!(replaced.data()["state"], "paused");

    let deleted = world.client.delete("/api/offers/winter").await;
    assert_eq!(deleted.data(), &json!({"id": id, "result": "deleted"}));
    assert_eq!(world.client.get("/api/offers/WINTER").await.code(), "offer_not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn deleting_an_offer_with_redemptions_archives_it() {
    let world = World::new().await;
    world.client.create(&offer("KEEP", &json!({}))).await;
    world.client.redeem("KEEP", &json!(50)).await.data();
    assert_eq!(world.client.delete("/api/offers/KEEP").await.data()["result"], "archived");
    let archived = world.client.get("/api/offers/KEEP").await;
    assert_eq!(archived.data()["state"], "archived");
    assert_eq!(archived.data()["totals"]["redemptions"], 1);
    assert_eq!(world.client.redeem("KEEP", &json!(50)).await.code(), "offer_archived");
}

#[tokio::test(flavor = "multi_thread")]
async fn codes_are_unique_regardless_of_case() {
    let world = World::new().await;
    world.client.create(&offer("SAME", &json!({}))).await;
    let other = world.client.create(&offer("OTHER", &json!({}))).await;
    let again = world.client.post("/api/offers", &offer("same", &json!({}))).await;
    assert_eq!(again.fields(), [("code", "taken")]);
    let renamed = world.client.patch("/api/offers/OTHER", &json!({"code": "Same"})).await;
    assert_eq!(renamed.fields(), [("code", "taken")]);
    assert_eq!(world.client.get("/api/offers/OTHER").await.data(), &other);
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_edits_do_not_overwrite_each_other() {
    let world = World::new().await;
    world.client.create(&offer("EDIT", &json!({}))).await;
    let edit = |name: &str| json!({"name": name, "version": 1});
    assert_eq!(world.client.patch("/api/offers/EDIT", &edit("first")).await.data()["version"], 2);
    let second = world.client.patch("/api/offers/EDIT", &edit("second")).await;
    assert_eq!((second.status, second.code()), (StatusCode::CONFLICT, "stale_offer"));
    let mut replacement = offer("EDIT", &json!({"name": "third"}));
    replacement["version"] = json!(1);
    assert_eq!(world.client.put("/api/offers/EDIT", &replacement).await.code(), "stale_offer");

    // The same with ETags.
    let read = world.client.get("/api/offers/EDIT").await;
    assert_eq!(read.headers["etag"], "\"2\"");
    let with = |etag: &str| {
        let request = world.client.request(Method::PATCH, "/api/offers/EDIT").header("if-match", etag);
        crate::support::send_request(request.json(&json!({"name": "by ETag"})))
    };
    assert_eq!(with("\"1\"").await.code(), "stale_offer");
    assert_eq!(with("nonsense").await.fields(), [("If-Match", "invalid")]);
    assert_eq!(with("\"2\"").await.data()["name"], "by ETag");
}

#[tokio::test(flavor = "multi_thread")]
async fn all_errors_of_an_invalid_offer_are_reported_and_nothing_is_stored() {
    let world = World::new().await;
    let bad = json!({"name": " ", "code": "123", "discount_type": "half", "discount_value": 10, "currency": "XXX",
                     "start_date": "2026-06-31", "end_date": "tomorrow", "max_redemptions": 0});
    let response = world.client.post("/api/offers", &bad).await;
    assert_eq!(response.status, StatusCode::UNPROCESSABLE_ENTITY);
    let fields: Vec<_> = response.fields().into_iter().map(|(field, _)| field).collect();
    let expected = ["name", "code", "discount_type", "currency", "start_date", "end_date", "max_redemptions"];
    assert_eq!(fields, expected);
    assert_eq!(world.client.get("/api/offers").await.data(), &json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_cannot_be_set_below_the_used_amount() {
    let world = World::new().await;
    world.client.create(&offer("USED", &json!({"budget": 100}))).await;
    for _ in 0..3 {
        world.client.redeem("USED", &json!(100)).await.data();
    }
    let edit = async |patch: Value| world.client.patch("/api/offers/USED", &patch).await;
    assert_eq!(edit(json!({"budget": 29.99})).await.fields(), [("budget", "out_of_range")]);
    assert_eq!(edit(json!({"max_redemptions": 2})).await.fields(), [("max_redemptions", "out_of_range")]);
    assert_eq!(edit(json!({"currency": "EUR"})).await.fields(), [("currency", "out_of_range")]);
    let exact = edit(json!({"budget": 30, "max_redemptions": 4})).await;
    assert_eq!(exact.data()["state"], "budget_exhausted");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_state_of_an_offer_matches_the_result_of_redeeming() {
    let world = World::new().await;
    let cases = [
        ("scheduled", json!({"start_date": "2026-06-16"}), "offer_not_started"),
        ("expired", json!({"start_date": "2026-05-01", "end_date": "2026-06-14"}), "offer_expired"),
        ("paused", json!({"status": "paused"}), "offer_paused"),
        ("archived", json!({"status": "archived"}), "offer_archived"),
        ("budget_exhausted", json!({"budget": 5}), "budget_exhausted"),
        ("redemptions_exhausted", json!({"max_redemptions": 1}), "max_redemptions_reached"),
    ];
    for (state, fields, refusal) in cases {
        let code = state.to_uppercase();
        world.client.create(&offer(&code, &fields)).await;
        if state.ends_with("exhausted") {
            world.client.redeem(&code, &json!(50)).await.data();
        }
        let read = world.client.get(&format!("/api/offers/{code}")).await;
        assert_eq!(read.data()["state"], state);
        assert_eq!(world.client.redeem(&code, &json!(50)).await.code(), refusal);
        let listed = world.client.get(&format!("/api/offers?state={state}")).await;
        assert_eq!(codes(listed.data()), [code]);
    }
    assert_eq!(world.client.get("/api/offers?state=active").await.data(), &json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_sort_order_lists_each_offer_once() {
    let world = World::new().await;
    for i in 0..7 {
        // Equal names and dates, so that there are ties.
        let fields =
            json!({"name": format!("Name {}", i % 3), "end_date": format!("2026-06-{}", 20 + i % 2)});
        world.client.create(&offer(&format!("LIST-{i}"), &fields)).await;
    }
    for _ in 0..3 {
        world.client.redeem("LIST-4", &json!(10)).await.data();
    }
    for (sort, first) in [
        ("-created", "LIST-6"),
        ("name", "LIST-0"),
        ("code", "LIST-0"),
        ("end_date", "LIST-0"),
        ("-redemptions", "LIST-4"),
    ] {
        for (limit, state) in [(1, ""), (3, ""), (3, "&state=active"), (200, "")] {
            let seen =
                all_pages(&world.client, &format!("/api/offers?sort={sort}&limit={limit}{state}")).await;
            assert_eq!(seen[0], first, "{sort}");
            let mut sorted = seen.clone();
            sorted.sort();
            assert_eq!(sorted, (0..7).map(|i| format!("LIST-{i}")).collect::<Vec<_>>(), "{sort} {limit}");
        }
    }
}

/// Follows the cursors to the last page.
async fn all_pages(client: &Client, path: &str) -> Vec<String> {
    let mut seen = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = client.get(&format!("{path}{cursor}")).await;
        seen.extend(codes(page.data()));
        match page.body["meta"]["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return seen,
        }
    }
}

fn codes(offers: &Value) -> Vec<String> {
    offers.as_array().unwrap().iter().map(|offer| offer["code"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_shows_the_last_fourteen_local_days_of_each_offer() {
    let world = World::new().await;
    world.client.create(&offer("ROME", &json!({"timezone": "Europe/Rome"}))).await;
    world.client.create(&offer("UTC", &json!({}))).await;
    world.client.create(&offer("QUIET", &json!({}))).await;
    for (moment, times) in
        [("2026-06-01T12:00:00Z", 4), ("2026-06-02T12:00:00Z", 3), ("2026-06-15T22:30:00Z", 1)]
    {
        world.clock.set(moment);
        for _ in 0..times {
            world.client.redeem("ROME", &json!(50)).await.data();
            world.client.redeem("UTC", &json!(50)).await.data();
        }
    }
    let list = world.client.get("/api/offers?sort=code").await;
    assert_eq!(codes(list.data()), ["QUIET", "ROME", "UTC"]);
    let days = |n: usize| list.data()[n]["daily"].as_array().unwrap();
    let shown =
        |n: usize| -> Vec<_> { days(n).iter().map(|day| day["redemptions"].as_i64().unwrap()).collect() };
    assert_eq!(shown(0), [0; 14]);
    // In Rome it is already half an hour past midnight, so the 14 days begin on 3 June.
    assert_eq!(shown(1), [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
    assert_eq!(shown(2), [3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
    assert_eq!(days(1)[13], json!({"date": "2026-06-16", "redemptions": 1, "discount_given": 5}));
    assert_eq!(days(2)[0], json!({"date": "2026-06-02", "redemptions": 3, "discount_given": 15}));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rare_state_is_found_among_many_offers() {
    let world = World::new().await;
    for code in ["RARE-1", "RARE-2", "RARE-3"] {
        world.client.create(&offer(code, &json!({"max_redemptions": 1}))).await;
        world.client.redeem(code, &json!(50)).await.data();
    }
    world
        .database
        .execute(
            "with offer as (
                 insert into offers (code, name, discount_type, discount_value, currency, timezone, start_date,
                                     end_date, created_at, updated_at)
                 select 'MANY-' || n, 'Many', 'flat', 5, 'USD', 'UTC', '2026-06-01', '2026-06-30', now(), now()
                 from generate_series(1, 3000) n returning id)
             insert into offer_counters (offer_id) select id from offer",
        )
        .await;
    let found = all_pages(&world.client, "/api/offers?state=redemptions_exhausted&limit=2").await;
    assert_eq!(found, ["RARE-3", "RARE-2", "RARE-1"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn search_treats_wildcards_literally() {
    let world = World::new().await;
    world.client.create(&offer("A_B", &json!({"name": "50 % off"}))).await;
    world.client.create(&offer("AXB", &json!({"name": "Winter"}))).await;
    let found = async |q: &str| codes(world.client.get(&format!("/api/offers?q={q}")).await.data());
    assert_eq!(found("a_b").await, ["A_B"]);
    assert_eq!(found("WINT").await, ["AXB"]);
    assert_eq!(found("%25").await, ["A_B"]);
    assert!(found("nothing").await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn invalid_query_parameters_of_the_list_are_reported() {
    let world = World::new().await;
    for (query, field, code) in [
        ("limit=0", "limit", "out_of_range"),
        ("limit=201", "limit", "out_of_range"),
        ("limit=many", "limit", "out_of_range"),
        ("state=gone", "state", "invalid"),
        ("sort=colour", "sort", "invalid"),
        ("cursor=abc", "cursor", "invalid"),
        ("q=%00", "q", "invalid"),
    ] {
        let response = world.client.get(&format!("/api/offers?{query}")).await;
        assert_eq!(response.fields(), [(field, code)], "{query}");
    }
}
