use offercast_app::access::{Role, Scope};
use serde_json::{Value, json};

use crate::support::{Client, PASSWORD, guarded_world, key, offer};

async fn entries(client: &Client, query: &str) -> Vec<Value> {
    client.get(&format!("/api/audit{query}")).await.data().as_array().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_change_of_an_offer_says_who_changed_what() {
    let world = guarded_world().await;
    let owner = world.with_person("ada@example.com", Role::Owner).await;
    let manager = world.with_person("bob@example.com", Role::Manager).await;
    let id = manager.create(&offer("AUDIT", &json!({"budget": 3000}))).await["id"].clone();
    let edited = owner.patch("/api/offers/AUDIT", &json!({"budget": 4000, "name": "Winter sale"})).await;
    owner.patch("/api/offers/AUDIT", &json!({"budget": 4000})).await;
    manager.post("/api/offers/AUDIT/codes", &json!({"count": 3})).await;
    let history = manager.get("/api/offers/AUDIT/history").await;
    let history = history.data().as_array().unwrap();
    let actions: Vec<_> = history.iter().map(|entry| entry["action"].as_str().unwrap()).collect();
    assert_eq!(
        actions,
        ["codes.issued", "offer.updated", "offer.created"],
        "an edit that changes nothing is none"
    );
    let update = &history[1];
    assert_eq!((&update["subject"], &update["offer_id"]), (&json!(format!("offer:{id}")), &id));
    let who = (update["actor_name"].as_str(), update["address"].as_str());
    assert_eq!(who, (Some("The owner"), Some("")), "the history has no addresses of people");
    let logged = entries(&owner, "?action=offer.updated").await;
    assert_eq!(logged[0]["address"], "127.0.0.1");
    assert_eq!(logged[0]["request_id"], edited.headers["x-request-id"].to_str().unwrap());
    assert_eq!(
        update["changes"],
        json!([
            {"field": "name", "before": "Summer sale", "after": "Winter sale"},
            {"field": "budget", "before": "3000", "after": "4000"},
        ])
    );
    let of_bob = entries(&owner, "?actor=manager&offer=AUDIT").await;
    assert_eq!(of_bob.len(), 2);
    let page = owner.get("/api/audit?offer=AUDIT&limit=2").await;
    let cursor = page.body["meta"]["next_cursor"].as_str().unwrap();
    let rest = entries(&owner, &format!("?offer=AUDIT&limit=2&cursor={cursor}")).await;
    assert_eq!(rest.len(), 1);
    let csv = owner.get("/api/audit?offer=AUDIT&format=csv").await;
    assert!(csv.body.as_str().unwrap().contains("budget: 3000 -> 4000"), "{csv:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn sign_ins_failed_attempts_and_keys_are_recorded_without_secrets() {
    let world = guarded_world().await;
    let owner = world.with_person("ada@example.com", Role::Owner).await;
    let page = world.client.as_page();
    page.sign_in("ada@example.com", "not the password").await;
    page.sign_in("ada@example.com", PASSWORD).await;
    let created = owner.post("/api/keys", &json!({"name": "Shop", "scopes": ["offers:read"]})).await;
    let id = created.data()["key"]["id"].clone();
    owner.delete(&format!("/api/keys/{id}")).await;
    let log = owner.get("/api/audit?limit=200").await;
    let actions: Vec<_> =
        log.data().as_array().unwrap().iter().map(|entry| entry["action"].as_str().unwrap()).collect();
    assert_eq!(
        actions,
        [
            "key.revoked",
            "key.created",
            "session.started",
            "session.failed",
            "session.started",
            "user.password_set",
            "user.invited"
        ]
    );
    let text = log.body.to_string();
    for secret in [PASSWORD, "not the password", created.data()["secret"].as_str().unwrap()] {
        assert!(!text.contains(secret));
    }
    assert_eq!(entries(&owner, "?action=key").await.len(), 2);
    assert_eq!(entries(&owner, "?action=key.created").await.len(), 1);
    assert_eq!(entries(&owner, "?from=2026-06-16").await.len(), 0);
    assert_eq!(entries(&owner, "?from=2026-06-15&to=2026-06-15").await.len(), 7);
    let analyst = world.with_key(&key(&[Scope::OffersRead])).await;
    assert_eq!(analyst.get("/api/audit").await.code(), "forbidden");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_fails_leaves_no_entry() {
    let world = guarded_world().await;
    let owner = world.with_full_key().await;
    owner.create(&offer("FAILS", &json!({}))).await;
    let refused = owner.patch("/api/offers/FAILS", &json!({"discount_value": -1})).await;
    assert_eq!(refused.status, 422);
    assert_eq!(entries(&owner, "?action=offer").await.len(), 1);
}
