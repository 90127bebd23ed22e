//! Every call with every role and scope, compared with docs/access-matrix.md.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::Duration;

use offercast_app::access::{self, Caller, KeyDraft, Role, Scope};
use reqwest::Method;
use serde_json::json;

use crate::support::{Client, World, create_key, guarded_world, key, offer, send_request};

const DOCUMENT: &str = include_str!("../../../docs/access-matrix.md");

/// The callers, in the order of the columns.
async fn callers(world: &World) -> Vec<(String, Client)> {
    let mut callers = vec![("nobody".to_owned(), world.client.clone())];
    for role in [Role::Analyst, Role::Manager, Role::Owner] {
        let email = format!("{}@example.com", role.as_str());
        callers.push((role.as_str().to_owned(), world.with_person(&email, role).await));
    }
    for scope in Scope::ALL {
        callers.push((scope.as_str().to_owned(), world.with_key(&key(&[scope])).await));
    }
    callers
}

/// Callers whose key or session has ended, and who are nobody therefore.
async fn ended(world: &World) -> [(&'static str, Client); 3] {
    let now = world.app.clock.now();
    let soon = KeyDraft { expires_at: Some(now + Duration::from_secs(1)), ..key(&Scope::ALL) };
    let expired = world.with_key(&soon).await;
    let (id, secret) = create_key(&world.app, &key(&Scope::ALL)).await;
    access::revoke_key(&world.app, id, &Caller::command_line()).await.unwrap();
    let person = world.with_person("gone@example.com", Role::Owner).await;
    person.delete("/api/session").await;
    world.clock.advance(Duration::from_secs(1));
    [("expired", expired), ("revoked", world.client.with_bearer(&secret)), ("signed out", person)]
}

/// Whether the call is rejected because of who calls.
async fn cell(client: &Client, method: &str, path: &str) -> &'static str {
    // Nothing exists with these ids, so that a permitted call changes nothing.
    let path = path.replace("{offer}", "NONE").replace("{id}", "987654321");
    let method = Method::from_bytes(method.as_bytes()).unwrap();
    let request = client.request(method.clone(), &path);
    let request = if method == Method::GET { request } else { request.json(&json!({})) };
    let response = send_request(request).await;
    match (response.status.as_u16(), response.body["error"]["code"].as_str()) {
        (401, Some("unauthenticated")) => "401",
        (403, Some("forbidden")) => "403",
        _ => "yes",
    }
}

fn documented_calls() -> Vec<(String, String)> {
    let document = serde_json::to_value(offercast_api::openapi_document()).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let calls = paths.iter().flat_map(|(path, item)| {
        let methods = item.as_object().unwrap().keys();
        methods.map(|method| (method.to_uppercase(), path.clone())).collect::<Vec<_>>()
    });
    let pages = ["/api/openapi.json", "/docs/"].map(|path| ("GET".to_owned(), path.to_owned()));
    calls.chain(pages).collect()
}

fn row(cells: &[String]) -> String {
    format!("| {} |", cells.join(" | "))
}

/// The rows of the table in the document, by call.
fn committed() -> BTreeMap<String, String> {
    let rows = DOCUMENT.lines().filter(|line| line.starts_with("| `"));
    rows.map(|line| (line.split('`').nth(1).unwrap().to_owned(), line.to_owned())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_call_is_permitted_to_whom_the_table_says() {
    let world = guarded_world().await;
    let callers = callers(&world).await;
    let ended = ended(&world).await;
    let mut actual = BTreeMap::new();
    for (method, path) in documented_calls() {
        // Ends the session of the caller.
        let is_last = (method.as_str(), path.as_str()) == ("DELETE", "/api/session");
        if is_last {
            continue;
        }
        if cell(&world.client, &method, &path).await == "401" {
            for (name, client) in &ended {
                assert_eq!(cell(client, &method, &path).await, "401", "{name}: {method} {path}");
            }
        }
        let mut cells = vec![format!("`{method} {path}`")];
        for (_, client) in &callers {
            cells.push(cell(client, &method, &path).await.to_owned());
        }
        actual.insert(format!("{method} {path}"), row(&cells));
    }
    let mut cells = vec!["`DELETE /api/session`".to_owned()];
    for (_, client) in &callers {
        cells.push(cell(client, "DELETE", "/api/session").await.to_owned());
    }
    actual.insert("DELETE /api/session".to_owned(), row(&cells));
    let mut expected = String::new();
    actual.values().for_each(|row| writeln!(expected, "{row}").unwrap());
    assert!(committed() == actual, "docs/access-matrix.md must have these rows:\n{expected}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_offer_that_a_key_may_not_see_answers_as_if_it_were_not_there() {
    let world = guarded_world().await;
    let owner = world.with_full_key().await;
    let seen = owner.create(&offer("SEEN", &json!({}))).await["id"].as_i64().unwrap();
    let hidden = owner.create(&offer("HIDDEN", &json!({}))).await["id"].as_i64().unwrap();
    let redemption = owner.redeem("HIDDEN", &json!(50)).await.data()["redemption_id"].clone();
    let order = json!({"customer_id": 1, "order_amount": 50});
    let reservation = owner.post("/api/offers/HIDDEN/reserve", &order).await.data()["reservation_id"].clone();
    let codes = owner.post("/api/offers/HIDDEN/codes", &json!({"count": 1})).await;
    let code = codes.data()["codes"][0].clone();
    let limited = KeyDraft { offer_ids: Some(vec![seen]), ..key(&Scope::ALL) };
    let limited = world.with_key(&limited).await;
    for (method, path) in documented_calls().iter().filter(|(_, path)| path.contains("{offer}")) {
        let send = async |name: &str| {
            let method = Method::from_bytes(method.as_bytes()).unwrap();
            let request = limited.request(method.clone(), &path.replace("{offer}", name));
            let body = match (method.as_str(), path.rsplit('/').next().unwrap()) {
                ("PATCH", _) => json!({"name": "Other"}),
                ("PUT", _) => offer("OTHER", &json!({})),
                (_, "codes") => json!({"count": 1}),
                (_, "what-if") => json!({"budget": 1}),
                _ => order.clone(),
            };
            let request = if method == Method::GET { request } else { request.json(&body) };
            let response = send_request(request).await;
            (response.status, response.body["message"].clone(), response.body["error"]["code"].clone())
        };
        let unknown = send("UNKNOWN").await;
        assert_eq!(unknown.0, 404, "{method} {path}");
        for name in ["HIDDEN", &hidden.to_string()] {
            assert_eq!(send(name).await, unknown, "{method} {path} {name}");
        }
    }
    let reverse = limited.post(&format!("/api/redemptions/{redemption}/reverse"), &json!({})).await;
    assert_eq!((reverse.status.as_u16(), reverse.code()), (404, "redemption_not_found"));
    for action in ["confirm", "release"] {
        let closed = limited.post(&format!("/api/reservations/{reservation}/{action}"), &json!({})).await;
        assert_eq!((closed.status.as_u16(), closed.code()), (404, "reservation_not_found"));
    }
    for code in [code, json!("HIDDEN")] {
        let body = json!({"code": code, "customer_id": 2, "order_amount": 50});
        let redeemed = limited.post("/api/redeem", &body).await;
        assert_eq!((redeemed.status.as_u16(), redeemed.code()), (404, "code_not_found"), "{body}");
    }
    let rows = json!([
        {"offer": "HIDDEN", "customer_id": 3, "order_amount": 50},
        {"offer": "SEEN", "customer_id": 3, "order_amount": 50},
        {"offer": hidden, "customer_id": 3, "order_amount": 50},
    ]);
    let batch = limited.post("/api/redemptions/batch", &rows).await;
    let statuses: Vec<_> = batch.data().as_array().unwrap().iter().map(|row| &row["http_status"]).collect();
    assert_eq!(statuses, [404, 201, 404]);
    let listed = limited.get("/api/offers").await;
    let listed: Vec<_> = listed.data().as_array().unwrap().iter().map(|offer| &offer["code"]).collect();
    assert_eq!(listed, ["SEEN"]);
    let overview = limited.get("/api/overview").await;
    assert_eq!(overview.data()["redemptions"]["total"], 1, "{overview:?}");
    assert!(!overview.body.to_string().contains("HIDDEN"));
    let created = limited.post("/api/offers", &offer("NEW", &json!({}))).await;
    assert_eq!((created.status.as_u16(), created.code()), (403, "forbidden"));
    assert_eq!(owner.get("/api/offers/HIDDEN").await.data()["totals"]["redemptions"], 1);
}
