//! Unique codes: each can be redeemed once.

use std::collections::HashSet;

use futures_util::future::join_all;
use offercast_app::{App, CodeKey, Pool};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Client, Response, World, offer, send_request, serve};

async fn issue(client: &Client, offer: &str, body: &Value) -> Value {
    let issued = client.post(&format!("/api/offers/{offer}/codes"), body).await;
    assert_eq!(issued.status, StatusCode::CREATED, "{issued:?}");
    issued.data().clone()
}

async fn codes(client: &Client, offer: &str, count: usize) -> Vec<String> {
    let issued = issue(client, offer, &json!({"count": count})).await;
    let codes = issued["codes"].as_array().unwrap().iter();
    codes.map(|code| code.as_str().unwrap().to_owned()).collect()
}

fn order(code: &str, customer: i64) -> Value {
    json!({"code": code, "customer_id": customer, "order_amount": 50})
}

async fn redeem(client: &Client, body: &Value) -> Response {
    client.post("/api/redeem", body).await
}

async fn post_with_key(client: &Client, path: &str, key: &str, body: &Value) -> Response {
    send_request(client.request(Method::POST, path).header("idempotency-key", key).json(body)).await
}

fn is_replay(response: &Response) -> bool {
    response.headers.get("idempotency-replayed").is_some_and(|value| value == "true")
}

/// The rows of the CSV without the header.
async fn list(client: &Client, offer: &str, query: &str) -> Vec<Vec<String>> {
    let csv = client.get(&format!("/api/offers/{offer}/codes{query}")).await;
    assert_eq!(csv.status, StatusCode::OK, "{csv:?}");
    assert_eq!(csv.headers["content-type"], "text/csv; charset=utf-8");
    let mut lines = csv.body.as_str().unwrap().lines();
    assert_eq!(lines.next(), Some("code,issued_at,redeemed_at,redemption_id,customer_id"));
    lines.map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_redeems_its_offer_once() {
    let world = World::new().await;
    world.client.create(&offer("OTHER", &json!({}))).await;
    let id = world.client.create(&offer("SUMMER", &json!({"budget": 100}))).await["id"].clone();
    let issued = issue(&world.client, "SUMMER", &json!({"count": 2, "prefix": "sun", "length": 14})).await;
    assert_eq!(
        (&issued["offer_id"], &issued["first_number"], &issued["last_number"]),
        (&id, &json!(1), &json!(2))
    );
    assert_eq!(
        (&issued["prefix"], &issued["length"], &issued["guess_bits"]),
        (&json!("SUN"), &json!(14), &json!(59))
    );
    let code = issued["codes"][0].as_str().unwrap().to_owned();
    assert!(code.starts_with("SUN-") && code.len() == "SUN-XXXX-XXXX-XXXX-XX".len(), "{code}");

    // As a customer may type it from a leaflet.
    let typed = code.to_lowercase().replace('-', " ").replace('0', "o").replace('1', "l");
    let redeemed = redeem(&world.client, &order(&typed, 7)).await;
    assert_eq!(redeemed.status, StatusCode::CREATED, "{redeemed:?}");
    let redeemed = redeemed.data();
    assert_eq!((&redeemed["offer_id"], &redeemed["discount_given"]), (&id, &json!(5)));
    assert_eq!((&redeemed["total_redemptions"], &redeemed["remaining_budget"]), (&json!(1), &json!(95)));

    let again = redeem(&world.client, &order(&code, 7)).await;
    assert_eq!((again.status, again.code()), (StatusCode::CONFLICT, "code_already_used"));
    assert_eq!(again.body["error"]["redemption_id"], redeemed["redemption_id"]);
    assert!(redeem(&world.client, &order(issued["codes"][1].as_str().unwrap(), 7)).await.status.is_success());

    // The offer's own code can be redeemed repeatedly.
    for _ in 0..2 {
        assert_eq!(redeem(&world.client, &order("summer", 7)).await.data()["offer_id"], id);
    }
    let rows = list(&world.client, "SUMMER", "").await;
    assert_eq!(rows.len(), 2);
    let redemption_id = redeemed["redemption_id"].to_string();
    let noon = "2026-06-15T12:00:00+00:00";
    assert_eq!(rows[0], [code.as_str(), noon, noon, &redemption_id, "7"]);
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn invalid_and_unknown_codes_are_not_found() {
    let world = World::new().await;
    world.client.create(&offer("MINE", &json!({}))).await;
    let code = codes(&world.client, "MINE", 1).await.remove(0);
    let last = code.chars().last().unwrap();
    let mistyped = format!("{}{}", &code[..code.len() - 1], if last == '7' { '8' } else { '7' });
    let with_prefix = format!("MINE-{code}");
    for text in
        [mistyped.as_str(), &with_prefix, "NOBODY", "12", "é", "0000-0000-0000-0000", &"A".repeat(500)]
    {
        let refused = redeem(&world.client, &order(text, 1)).await;
        assert_eq!((refused.status, refused.code()), (StatusCode::NOT_FOUND, "code_not_found"), "{text}");
    }
    // A valid code that this database has not issued.
    world.database.execute("delete from code_batches").await;
    assert_eq!(redeem(&world.client, &order(&code, 1)).await.code(), "code_not_found");
    let wrong = redeem(&world.client, &json!({"code": " ", "order_amount": -1})).await;
    let fields = wrong.fields();
    assert!(
        fields.contains(&("code", "required")) && fields.contains(&("customer_id", "required")),
        "{fields:?}"
    );
    assert_eq!(world.database.count("select count(*) from redemptions").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_code_of_an_offer_may_look_like_a_unique_code() {
    let world = World::new().await;
    world.client.create(&offer("LENDER", &json!({}))).await;
    let code = codes(&world.client, "LENDER", 1).await.remove(0);
    world.database.execute("delete from code_batches").await;
    let id = world.client.create(&offer(&code, &json!({}))).await["id"].clone();
    assert_eq!(redeem(&world.client, &order(&code, 1)).await.data()["offer_id"], id);
    assert_eq!(redeem(&world.client, &order(&code, 2)).await.data()["total_redemptions"], 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_apply_to_codes_and_a_declined_code_stays_unused() {
    let world = World::new().await;
    world.client.create(&offer("ONE-EACH", &json!({"max_redemptions_per_customer": 1}))).await;
    let codes = codes(&world.client, "ONE-EACH", 3).await;
    redeem(&world.client, &order(&codes[0], 1)).await.data();
    assert_eq!(redeem(&world.client, &order(&codes[1], 1)).await.code(), "customer_limit_reached");
    assert_eq!(world.client.redeem("ONE-EACH", &json!(50)).await.status, StatusCode::CREATED);
    world.client.patch("/api/offers/ONE-EACH", &json!({"status": "paused"})).await.data();
    assert_eq!(redeem(&world.client, &order(&codes[1], 2)).await.code(), "offer_paused");
    // "Already used" takes precedence over all other reasons.
    assert_eq!(redeem(&world.client, &order(&codes[0], 2)).await.code(), "code_already_used");
    world.client.patch("/api/offers/ONE-EACH", &json!({"status": "active"})).await.data();
    redeem(&world.client, &order(&codes[1], 2)).await.data();
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_requests_redeem_each_code_once() {
    let world = World::new().await;
    world.client.create(&offer("RACE", &json!({}))).await;
    let codes = codes(&world.client, "RACE", 20).await;
    let clients = [world.client.clone(), world.replica()];
    let tries = (0..200_usize).map(|n| {
        let (client, body) = (clients[n % 2].clone(), order(&codes[n % 20], i64::try_from(n).unwrap()));
        async move { redeem(&client, &body).await }
    });
    // Meanwhile other requests redeem the offer's own code.
    let fifty = json!(50);
    let others = (0..50).map(|_| world.client.redeem_with_retries("RACE", &fifty));
    let (tried, others) = tokio::join!(join_all(tries), join_all(others));
    assert!(others.iter().all(|response| response.status == StatusCode::CREATED));
    let accepted = tried.iter().filter(|response| response.status == StatusCode::CREATED).count();
    assert_eq!(accepted, 20);
    let refused: Vec<_> = tried.iter().filter(|response| response.status != StatusCode::CREATED).collect();
    assert!(refused.iter().all(|response| response.code() == "code_already_used"), "{refused:?}");
    let counts = send_request(
        world.client.request(Method::GET, "/api/offers/RACE/codes").header("accept", "application/json"),
    );
    let counts = counts.await.data().clone();
    assert_eq!((&counts["issued"], &counts["used"]), (&json!(20), &json!(20)));
    assert_eq!(world.database.count("select redeemed from offer_counters").await, 70);
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_retry_by_key_or_by_order_gets_the_first_response() {
    let world = World::new().await;
    let id = world.client.create(&offer("AGAIN", &json!({}))).await["id"].clone();
    let codes = codes(&world.client, "AGAIN", 3).await;
    let replica = world.replica();

    let once = post_with_key(&world.client, "/api/redeem", "k", &order(&codes[0], 1)).await;
    assert!(once.status == StatusCode::CREATED && !is_replay(&once));
    let again = post_with_key(&replica, "/api/redeem", "k", &order(&codes[0].to_lowercase(), 1)).await;
    assert!(is_replay(&again));
    assert_eq!(again.body, once.body);
    let other = post_with_key(&replica, "/api/redeem", "k", &order(&codes[1], 1)).await;
    assert_eq!(other.code(), "idempotency_key_reused");
    // A declined response is stored too, and repeated even when the code could be redeemed again.
    let refused = post_with_key(&replica, "/api/redeem", "l", &order(&codes[0], 2)).await;
    assert_eq!(refused.code(), "code_already_used");
    let path = format!("/api/redemptions/{}/reverse", once.data()["redemption_id"]);
    world.client.post(&path, &json!({})).await.data();
    let refused_again = post_with_key(&world.client, "/api/redeem", "l", &order(&codes[0], 2)).await;
    assert!(is_replay(&refused_again));
    assert_eq!(refused_again.body, refused.body);

    let of_order = |code: &str, customer: i64| json!({"code": code, "customer_id": customer, "order_amount": 50, "order_id": "o"});
    let once = redeem(&world.client, &of_order(&codes[1], 1)).await;
    let again = redeem(&replica, &of_order(&codes[1], 1)).await;
    assert_eq!((is_replay(&again), &again.body), (true, &once.body));
    for other in [of_order(&codes[2], 1), of_order(&codes[1], 2)] {
        let refused = redeem(&replica, &other).await;
        assert_eq!(refused.code(), "order_already_redeemed");
        assert_eq!(refused.body["error"]["redemption_id"], once.data()["redemption_id"]);
    }
    assert_eq!(world.client.get(&format!("/api/offers/{id}")).await.data()["totals"]["redemptions"], 1);
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_can_be_redeemed_again_after_a_reversal() {
    let world = World::new().await;
    world.client.create(&offer("BACK", &json!({}))).await;
    let code = codes(&world.client, "BACK", 1).await.remove(0);
    let mut redemptions = HashSet::new();
    for customer in 1..=3 {
        let id =
            redeem(&world.client, &order(&code, customer)).await.data()["redemption_id"].as_i64().unwrap();
        assert!(redemptions.insert(id));
        assert_eq!(redeem(&world.replica(), &order(&code, 9)).await.code(), "code_already_used");
        world.client.post(&format!("/api/redemptions/{id}/reverse"), &json!({})).await.data();
        world.assert_verified().await;
    }
    assert_eq!(list(&world.client, "BACK", "").await[0][2..], ["", "", ""]);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_code_is_issued_twice() {
    let world = World::new().await;
    for code in ["A", "B"] {
        world.client.create(&offer(code, &json!({}))).await;
    }
    let clients = [world.client.clone(), world.replica()];
    let issuing = (0..40_usize).map(|n| {
        let (client, offer) = (clients[n % 2].clone(), ["A", "B"][n / 2 % 2]);
        // Without hyphens, a code may begin like one with another prefix and length.
        let prefix = ["", "W", "WI"][n % 3];
        let body = json!({"count": 100, "prefix": prefix, "length": 12 + n % 4});
        async move { issue(&client, offer, &body).await }
    });
    let issued = join_all(issuing).await;
    let codes = issued.iter().flat_map(|issued| issued["codes"].as_array().unwrap());
    let codes: HashSet<_> = codes.map(|code| code.as_str().unwrap().replace('-', "")).collect();
    assert_eq!(codes.len(), 4_000);
    let listed = list(&world.client, "A", "").await.into_iter().chain(list(&world.client, "B", "").await);
    assert_eq!(listed.map(|row| row[0].replace('-', "")).collect::<HashSet<_>>(), codes);
}

#[tokio::test(flavor = "multi_thread")]
async fn codes_are_listed_in_ranges_and_a_retry_gets_the_same_codes() {
    let world = World::new().await;
    world.client.create(&offer("MANY", &json!({}))).await;
    issue(&world.client, "MANY", &json!({"count": 3})).await;
    let body = json!({"count": 25_000, "prefix": "BULK"});
    let path = "/api/offers/MANY/codes";
    let (one, two) = tokio::join!(post_with_key(&world.client, path, "k", &body), async {
        post_with_key(&world.replica(), path, "k", &body).await
    });
    assert_eq!(one.body, two.body);
    assert_eq!(one.headers["location"], two.headers["location"]);
    assert!(is_replay(&one) != is_replay(&two));
    assert_eq!(one.data()["codes"], Value::Null);
    let other = post_with_key(&world.client, path, "k", &json!({"count": 25_001, "prefix": "BULK"})).await;
    assert_eq!(other.code(), "idempotency_key_reused");

    let all = list(&world.client, "MANY", "").await;
    assert_eq!(all.len(), 25_003);
    let location = one.headers["location"].to_str().unwrap();
    let query = &location[location.find('?').unwrap()..];
    let range = list(&world.client, "MANY", query).await;
    assert!(range.len() == 25_000 && range.iter().all(|row| row[0].starts_with("BULK-")));
    assert_eq!(range[..], all[3..]);
    assert_eq!(list(&world.client, "MANY", "?from=30000").await.len(), 0);
    assert_eq!(world.client.get("/api/offers/MANY/codes?from=0").await.fields(), [("from", "out_of_range")]);
    // The last code can be redeemed.
    redeem(&world.client, &order(&all[25_002][0], 1)).await.data();
    assert_eq!(list(&world.client, "MANY", "?from=25003").await[0][4], "1");
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn codes_that_are_easy_to_guess_are_not_issued() {
    let world = World::new().await;
    world.client.create(&offer("GUESS", &json!({}))).await;
    world.client.create(&offer("OTHER", &json!({}))).await;
    let path = "/api/offers/GUESS/codes";
    for (body, field) in [
        (json!({}), ("count", "required")),
        (json!({"count": 0}), ("count", "out_of_range")),
        (json!({"count": 10_000_001}), ("count", "out_of_range")),
        (json!({"count": 1.5}), ("count", "invalid")),
        (json!({"count": 1, "length": 11}), ("length", "out_of_range")),
        (json!({"count": 1, "length": 25}), ("length", "out_of_range")),
        (json!({"count": 1, "prefix": "A-B"}), ("prefix", "invalid")),
        (json!({"count": 1, "prefix": "ABCDEFGHJKMNPQRST"}), ("prefix", "invalid")),
        (json!({"count": 2_000_000, "length": 12}), ("length", "out_of_range")),
    ] {
        assert_eq!(world.client.post(path, &body).await.fields(), [field], "{body}");
    }
    // An offer may use only a part of all codes of a length, including those that look alike, to leave some for other
    // offers.
    issue(&world.client, "GUESS", &json!({"count": 65_536, "prefix": "UO", "length": 12})).await;
    let more = world.client.post(path, &json!({"count": 1, "prefix": "V0", "length": 12})).await;
    assert_eq!(more.fields(), [("length", "out_of_range")]);
    assert!(more.body["message"].as_str().unwrap().contains("use 13 characters"), "{more:?}");
    issue(&world.client, "GUESS", &json!({"count": 1, "prefix": "V0", "length": 13})).await;
    issue(&world.client, "OTHER", &json!({"count": 65_536, "prefix": "V0", "length": 12})).await;
    assert_eq!(
        world.client.post("/api/offers/UNKNOWN/codes", &json!({"count": 1})).await.code(),
        "offer_not_found"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn verify_detects_codes_that_differ_from_the_ledger() {
    let world = World::new().await;
    world.client.create(&offer("PROOF", &json!({}))).await;
    let codes = codes(&world.client, "PROOF", 2).await;
    for code in &codes {
        redeem(&world.client, &order(code, 1)).await.data();
    }
    world.assert_verified().await;
    for (damage, repair) in [
        (
            "update redemption_codes set serial = 5 where serial = 1",
            "update redemption_codes set serial = 1 where serial = 5",
        ),
        ("update redemptions set code_serial = 0", "update redemptions set code_serial = id - 1"),
        ("update code_batches set codes = 1", "update code_batches set codes = 2"),
    ] {
        world.database.execute(damage).await;
        let differences = offercast_app::verify(&world.database.url).await.unwrap();
        assert!(
            differences.iter().any(|difference| difference.what.starts_with("code ")),
            "{damage}: {differences:?}"
        );
        world.database.execute(repair).await;
        world.assert_verified().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn deleting_an_offer_without_redemptions_deletes_its_codes() {
    let world = World::new().await;
    world.client.create(&offer("GONE", &json!({}))).await;
    let code = codes(&world.client, "GONE", 1).await.remove(0);
    assert_eq!(world.client.delete("/api/offers/GONE").await.data()["result"], "deleted");
    assert_eq!(redeem(&world.client, &order(&code, 1)).await.code(), "code_not_found");
    world.client.create(&offer("GONE", &json!({}))).await;
    assert_eq!(redeem(&world.client, &order(&code, 1)).await.code(), "code_not_found");
    assert_ne!(codes(&world.client, "GONE", 1).await, [code]);
}

fn code_key(id: u32, byte: &str) -> CodeKey {
    CodeKey::parse(&format!("{id}:{}", byte.repeat(32))).unwrap()
}

/// An API whose settings have these keys.
fn with_code_keys(world: &World, keys: &[CodeKey]) -> Client {
    let pool = Pool::new(&world.database.url, 8).unwrap();
    serve(App::new(pool, world.clock.clock()).with_code_keys(keys.to_vec()))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_key_encrypts_new_codes_and_the_codes_of_earlier_keys_stay_valid() {
    let world = World::new().await;
    let keys = [code_key(1, "0a"), code_key(2, "0b")];
    let (first, both) = (with_code_keys(&world, &keys[..1]), with_code_keys(&world, &keys));
    world.client.create(&offer("KEYS", &json!({"budget": 1000}))).await;
    let mut issued = codes(&world.client, "KEYS", 2).await;
    issued.extend(codes(&first, "KEYS", 2).await);
    issued.extend(codes(&both, "KEYS", 2).await);
    for (customer, code) in (0..).zip(issued.iter().step_by(2)) {
        redeem(&both, &order(code, customer)).await.data();
        assert_eq!(redeem(&both, &order(code, 9)).await.code(), "code_already_used");
    }
    let listed: Vec<String> = list(&both, "KEYS", "").await.iter().map(|row| row[0].clone()).collect();
    assert_eq!(listed, issued);
    let unknown = redeem(&both, &order("0000-0000-0000-0000", 1)).await;
    assert_eq!((unknown.status, unknown.code()), (StatusCode::NOT_FOUND, "code_not_found"));
    // Without the key, the database is not enough.
    let last = issued.last().unwrap();
    for client in [&first, &world.client] {
        let response = redeem(client, &order(last, 1)).await;
        assert_eq!((response.status, response.code()), (StatusCode::NOT_FOUND, "code_not_found"));
        let csv = client.request(Method::GET, "/api/offers/KEYS/codes").send().await.unwrap();
        assert!(csv.text().await.is_err(), "a download without a key must not look complete");
    }
    redeem(&both, &order(last, 1)).await.data();
    world.assert_verified().await;
}
