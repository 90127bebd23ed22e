use std::time::Duration;

use offercast_app::access::{self, Caller, KeyDraft, Role, Scope};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::{
    Client, create_key, eventually, guarded_replica, guarded_world, key, offer, send_request,
};

const REDEEM: &[Scope] = &[Scope::RedemptionsWrite, Scope::OffersRead];

async fn status(client: &Client) -> u16 {
    client.get("/api/offers").await.status.as_u16()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_created_listed_rotated_and_revoked() {
    let world = guarded_world().await;
    let admin = world.with_full_key().await;
    let input = json!({"name": "Web shop", "scopes": ["redemptions:write", "offers:read"]});
    let created = admin.post("/api/keys", &input).await;
    assert_eq!(created.status, StatusCode::CREATED, "{created:?}");
    let secret = created.data()["secret"].as_str().unwrap().to_owned();
    let id = created.data()["key"]["id"].clone();
    assert!(secret.starts_with(created.data()["key"]["prefix"].as_str().unwrap()));
    let shop = world.client.with_bearer(&secret);
    assert_eq!(status(&shop).await, 200);
    let list = admin.get("/api/keys").await;
    assert!(!list.body.to_string().contains(&secret), "a list must not show secrets");
    assert_eq!(list.data()[0]["name"], "Web shop");

    let rotated = admin.post(&format!("/api/keys/{id}/rotate"), &json!({"former_valid_seconds": 60})).await;
    let new = world.client.with_bearer(rotated.data()["secret"].as_str().unwrap());
    assert_eq!((status(&shop).await, status(&new).await), (200, 200));
    world.clock.advance(Duration::from_secs(61));
    assert_eq!((status(&shop).await, status(&new).await), (401, 200));

    let new_id = rotated.data()["key"]["id"].clone();
    let revoked = admin.delete(&format!("/api/keys/{new_id}")).await;
    assert_eq!(revoked.data()["status"], "revoked");
    assert_eq!(status(&new).await, 401);
    let again = admin.post(&format!("/api/keys/{new_id}/rotate"), &json!({})).await;
    assert_eq!((again.status.as_u16(), again.code()), (409, "key_ended"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_works_until_it_expires_and_from_its_networks_only() {
    let world = guarded_world().await;
    let in_a_minute = world.app.clock.now() + Duration::from_secs(60);
    let expiring = world.with_key(&KeyDraft { expires_at: Some(in_a_minute), ..key(REDEEM) }).await;
    assert_eq!(status(&expiring).await, 200);
    world.clock.advance(Duration::from_secs(60));
    assert_eq!(status(&expiring).await, 401);
    let networks = |text: &str| KeyDraft { networks: Some(vec![text.to_owned()]), ..key(REDEEM) };
    assert_eq!(status(&world.with_key(&networks("127.0.0.0/8")).await).await, 200);
    assert_eq!(status(&world.with_key(&networks("192.0.2.0/24")).await).await, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn faults_of_a_new_key_are_named() {
    let world = guarded_world().await;
    let admin = world.with_full_key().await;
    let faults = async |input: Value| {
        let response = admin.post("/api/keys", &input).await;
        response.fields().iter().map(|(field, code)| format!("{field} {code}")).collect::<Vec<_>>()
    };
    assert_eq!(faults(json!({})).await, ["name required", "scopes required"]);
    let input =
        json!({"name": "x", "scopes": ["offers:read"], "offer_ids": [987_654], "networks": ["10.0.0.0/8"]});
    assert_eq!(faults(input).await, ["offer_ids unknown"]);
    let input = json!({"name": "x", "scopes": ["offers:read"], "networks": ["10.0.0.0/80"]});
    assert_eq!(faults(input).await, ["networks invalid"]);
    // Nobody can give away what they do not have.
    let limited = world.with_key(&key(&[Scope::Admin])).await;
    let input = json!({"name": "x", "scopes": ["offers:write"]});
    assert_eq!(limited.post("/api/keys", &input).await.fields(), [("scopes", "forbidden")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_credentials_are_rejected() {
    let world = guarded_world().await;
    let (_, secret) = create_key(&world.app, &key(REDEEM)).await;
    let other = format!("{}{}", &secret[..52], if secret.ends_with('0') { '1' } else { '0' });
    for wrong in [&other, &secret[4..], "ofc_", "", "x y"] {
        let response = world.client.with_bearer(wrong).get("/api/offers").await;
        assert_eq!((response.status.as_u16(), response.code()), (401, "unauthenticated"), "{wrong}");
        assert_eq!(response.headers["www-authenticate"], "Bearer");
    }
    let basic =
        world.client.request(reqwest::Method::GET, "/api/offers").basic_auth("user", Some("password"));
    assert_eq!(send_request(basic).await.status, StatusCode::UNAUTHORIZED);
    let in_query = world.client.get(&format!("/api/offers?key={secret}&api_key={secret}")).await;
    assert_eq!(in_query.status, StatusCode::UNAUTHORIZED, "keys are not read from queries");
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_keys_are_limited_by_address() {
    let world = guarded_world().await;
    let unknown = world.client.with_bearer("ofc_unknown");
    // A thousand are free, and ten more each second.
    let mut free = 0;
    while status(&unknown).await == 401 {
        free += 1;
        assert!(free < 10_000, "unknown keys are not limited");
    }
    assert!(free >= 1_000);
    assert_eq!(status(&unknown).await, 429);
    let (_, secret) = create_key(&world.app, &key(REDEEM)).await;
    assert_eq!(status(&world.client.with_bearer(&secret)).await, 200, "a valid key is not delayed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revocation_reaches_other_processes_and_their_streams() {
    let world = guarded_world().await;
    let admin = world.with_full_key().await;
    admin.create(&offer("STREAM", &json!({}))).await;
    let replica = guarded_replica(&world).await;
    let (id, secret) = create_key(&world.app, &key(&[Scope::ReportsRead, Scope::OffersRead])).await;
    let client = replica.with_bearer(&secret);
    eventually("the replica knows the key", async || status(&client).await == 200).await;
    let stream = client.request(reqwest::Method::GET, "/api/offers/STREAM/events").send().await.unwrap();
    assert_eq!(stream.status(), StatusCode::OK);
    access::revoke_key(&world.app, id, &Caller::command_line()).await.unwrap();
    let revoked = std::time::Instant::now();
    // Reading ends when the server ends the stream.
    tokio::time::timeout(Duration::from_secs(20), stream.bytes()).await.expect("the stream must end").ok();
    assert_eq!(status(&client).await, 401);
    assert!(
        revoked.elapsed() < Duration::from_secs(15),
        "before the first heartbeat, so it was not a heartbeat"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn each_owner_has_idempotency_keys_of_its_own() {
    let world = guarded_world().await;
    let admin = world.with_full_key().await;
    admin.create(&offer("OWNED", &json!({}))).await;
    let redeem = async |client: &Client, customer: i64| {
        let body = json!({"customer_id": customer, "order_amount": 50});
        let request = client.request(reqwest::Method::POST, "/api/offers/OWNED/redeem").json(&body);
        send_request(request.header("idempotency-key", "the-same-key")).await
    };
    let (id, secret) = create_key(&world.app, &key(REDEEM)).await;
    let one = world.client.with_bearer(&secret);
    let other = world.with_key(&key(REDEEM)).await;
    let first = redeem(&one, 1).await.data()["redemption_id"].clone();
    let foreign = redeem(&other, 1).await;
    assert_eq!(foreign.status, StatusCode::CREATED);
    assert_ne!(foreign.data()["redemption_id"], first, "the key of somebody else is another key");
    assert_eq!(redeem(&one, 1).await.data()["redemption_id"], first);
    assert_eq!(redeem(&one, 2).await.code(), "idempotency_key_reused");
    // A rotated key is the same owner.
    let rotated = access::rotate_key(&world.app, id, None, &Caller::command_line()).await.unwrap();
    let replayed = redeem(&world.client.with_bearer(&rotated.secret), 1).await;
    assert_eq!(replayed.data()["redemption_id"], first);
    assert_eq!(replayed.headers["idempotency-replayed"], "true");
}

/// As the version before stored it: without an owner.
#[tokio::test(flavor = "multi_thread")]
async fn idempotency_keys_from_before_the_upgrade_are_found_for_a_day() {
    let world = guarded_world().await;
    let admin = world.with_full_key().await;
    admin.create(&offer("FORMER", &json!({}))).await;
    let redeem = async |client: &Client| {
        let body = json!({"customer_id": 1, "order_amount": 50});
        let request = client.request(reqwest::Method::POST, "/api/offers/FORMER/redeem").json(&body);
        send_request(request.header("idempotency-key", "before")).await
    };
    let first = redeem(&admin).await.data()["redemption_id"].clone();
    let strip = "update redemption_keys set key = split_part(key, E'\\t', 2);
                 update access_state set former_idempotency_keys_until = '2026-06-16T12:00:00Z'";
    world.database.execute(strip).await;
    let upgraded = guarded_replica(&world).await;
    let (_, secret) = create_key(&world.app, &key(REDEEM)).await;
    let client = upgraded.with_bearer(&secret);
    eventually("the replica knows the key", async || status(&client).await == 200).await;
    assert_eq!(redeem(&client).await.data()["redemption_id"], first, "replayed after the upgrade");
    world.clock.advance(Duration::from_secs(25 * 60 * 60));
    assert_ne!(redeem(&client).await.data()["redemption_id"], first, "a day later it is a new key");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_current_reading_of_the_keys_requests_are_rejected_as_busy() {
    let world = guarded_world().await;
    let client = world.with_key(&key(REDEEM)).await;
    assert_eq!(status(&client).await, 200);
    let lock = world.lock_access_state().await;
    eventually("requests are rejected", async || status(&client).await == 503).await;
    lock.release().await;
    eventually("requests are accepted again", async || status(&client).await == 200).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_ledger_records_who_redeemed() {
    let world = guarded_world().await;
    let admin = world.with_full_key().await;
    admin.create(&offer("WHO", &json!({}))).await;
    let (id, secret) = create_key(&world.app, &key(REDEEM)).await;
    let shop = world.client.with_bearer(&secret);
    let redemption = shop.redeem("WHO", &json!(50)).await.data()["redemption_id"].clone();
    let order = json!({"customer_id": 1, "order_amount": 50});
    shop.post("/api/offers/WHO/reserve", &order).await.data();
    admin.post(&format!("/api/redemptions/{redemption}/reverse"), &json!({})).await.data();
    let actors = world.database.texts("select actor from redemptions order by id").await;
    assert_eq!(actors, [format!("key:{id}"), "key:1".to_owned()]);
    assert_eq!(world.database.texts("select actor from reservations").await, [format!("key:{id}")]);
}

/// A retry under load must find its key, so combined batches must write owners too.
#[tokio::test(flavor = "multi_thread")]
async fn concurrent_requests_of_many_owners_are_each_redeemed_once() {
    let world = guarded_world().await;
    let admin = world.with_full_key().await;
    admin.create(&offer("MANY", &json!({"max_redemptions": 50}))).await;
    let mut clients = Vec::new();
    for _ in 0..5 {
        clients.push(world.with_key(&key(REDEEM)).await);
    }
    let requests = clients.iter().flat_map(|client| (0..40).map(move |number| (client, number % 20)));
    let results = futures_util::future::join_all(requests.map(async |(client, number)| {
        let body = json!({"customer_id": number, "order_amount": 50});
        let request = client.request(reqwest::Method::POST, "/api/offers/MANY/redeem").json(&body);
        send_request(request.header("idempotency-key", format!("k{number}"))).await.status.as_u16()
    }))
    .await;
    assert_eq!(results.iter().filter(|status| **status == 201).count(), 100, "each of 50 and its retry");
    assert_eq!(results.iter().filter(|status| **status == 409).count(), 100);
    assert_eq!(admin.get("/api/offers/MANY").await.data()["totals"]["redemptions"], 50);
    world.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_gives_away_no_more_than_it_has() {
    let world = guarded_world().await;
    let owner = world.with_person("owner@example.com", Role::Owner).await;
    let owner_id = owner.account().await["id"].clone();
    let admin_only = world.with_key(&key(&[Scope::Admin])).await;
    let invite = json!({"email": "x@example.com", "name": "X", "role": "owner"});
    for (path, body) in [
        ("/api/users".to_owned(), invite.clone()),
        (format!("/api/users/{owner_id}/link"), json!({})),
        ("/api/keys/1/rotate".to_owned(), json!({})),
    ] {
        // Key 1 may do more.
        if path == "/api/keys/1/rotate" {
            create_key(&world.app, &key(&Scope::ALL)).await;
        }
        let id = world.database.text("select max(id)::text from api_keys").await;
        let path = path.replace("/1/", &format!("/{id}/"));
        assert_eq!(admin_only.post(&path, &body).await.code(), "forbidden", "{path}");
    }
    let demote = admin_only.patch(&format!("/api/users/{owner_id}"), &json!({"role": "analyst"})).await;
    assert_eq!(demote.code(), "forbidden");
    assert_eq!(admin_only.delete(&format!("/api/users/{owner_id}")).await.code(), "forbidden");
    let tomorrow = world.app.clock.now() + Duration::from_secs(24 * 60 * 60);
    for limited in [
        KeyDraft { expires_at: Some(tomorrow), ..key(&Scope::ALL) },
        KeyDraft { networks: Some(vec!["127.0.0.1".to_owned()]), ..key(&Scope::ALL) },
    ] {
        let limited = world.with_key(&limited).await;
        let new = json!({"name": "x", "scopes": ["offers:read"]});
        assert_eq!(limited.post("/api/keys", &new).await.code(), "forbidden");
        assert_eq!(limited.post("/api/users", &invite).await.code(), "forbidden");
    }
}

/// A code belongs to another offer from one request to the next; what was cached must not decide who may see it.
#[tokio::test(flavor = "multi_thread")]
async fn a_limited_key_follows_a_code_that_moves() {
    let world = guarded_world().await;
    let admin = world.with_full_key().await;
    let seen = admin.create(&offer("FIRST", &json!({}))).await["id"].as_i64().unwrap();
    admin.create(&offer("SECOND", &json!({}))).await;
    let limited = world.with_key(&KeyDraft { offer_ids: Some(vec![seen]), ..key(REDEEM) }).await;
    assert_eq!(limited.redeem("FIRST", &json!(50)).await.data()["offer_id"], seen);
    for (from, to) in [("FIRST", "THIRD"), ("SECOND", "FIRST")] {
        assert_eq!(
            admin.patch(&format!("/api/offers/{from}"), &json!({"code": to})).await.status,
            StatusCode::OK
        );
    }
    assert_eq!(limited.redeem("FIRST", &json!(50)).await.code(), "offer_not_found");
    assert_eq!(limited.get("/api/offers/FIRST").await.code(), "offer_not_found");
    assert_eq!(limited.redeem("THIRD", &json!(50)).await.data()["offer_id"], seen);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_key_has_a_rate_of_its_own() {
    let world = guarded_world().await;
    let mut edge = offercast_api::Edge::default();
    edge.caps.requests_per_second = 2.try_into().unwrap();
    let limited = crate::support::serve_with(world.app.clone(), edge);
    let client = |secret: &str| limited.with_bearer(secret);
    let (one, other) =
        (create_key(&world.app, &key(REDEEM)).await.1, create_key(&world.app, &key(REDEEM)).await.1);
    let first = client(&one).get("/api/offers").await;
    assert_eq!(first.headers["ratelimit-policy"], "\"default\";q=2;w=1");
    assert_eq!(first.headers["ratelimit"], "\"default\";r=1;t=1");
    let results =
        futures_util::future::join_all((0..10).map(|_| async { status(&client(&one)).await })).await;
    assert!(results.contains(&429), "{results:?}");
    assert_eq!(status(&client(&other)).await, 200);
    let rows: Vec<_> = (0..3).map(|n| json!({"offer": "X", "customer_id": n, "order_amount": 5})).collect();
    let other_again = create_key(&world.app, &key(REDEEM)).await.1;
    let batch = client(&other_again).post("/api/redemptions/batch", &json!(rows)).await;
    assert_eq!(batch.status, StatusCode::TOO_MANY_REQUESTS, "a batch counts with its rows: {batch:?}");
}
