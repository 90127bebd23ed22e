//! The offers of the proof, and edits to them during the run.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use reqwest::Method;
use serde_json::{Value, json};

use crate::world::World;

/// Code, and the terms in addition to 10 % without limits.
const OFFERS: [(&str, &str); 7] = [
    ("OPEN", "{}"),
    ("MAXIMUM", r#"{"max_redemptions": 1000}"#),
    ("BUDGET", r#"{"budget": 5000}"#),
    ("PAUSED", "{}"),
    ("RAISED", r#"{"budget": 100, "max_redemptions": 1000000}"#),
    ("OVER", r#"{"end_date": "2020-12-31"}"#),
    ("COMING", r#"{"start_date": "2199-01-01"}"#),
];
pub const COUNT: usize = OFFERS.len();
const PAUSED: usize = 3;
const RAISED: usize = 4;

pub fn code(offer: usize) -> &'static str {
    OFFERS[offer].0
}

/// Unique codes per offer, few enough that several orders use the same one.
const CODES: usize = 200;

/// Creates the offers. Returns the unique codes of each.
pub async fn create(world: &World) -> Vec<Vec<String>> {
    let mut codes = Vec::new();
    for (code, terms) in OFFERS {
        let mut offer = json!({
            "code": code, "name": code, "discount_type": "percent", "discount_value": 10, "currency": "USD",
            "start_date": "2020-01-01", "end_date": "2199-12-31",
        });
        let terms: Value = serde_json::from_str(terms).unwrap();
        for (name, value) in terms.as_object().unwrap() {
            offer[name] = value.clone();
        }
        let response =
            world.http.post(format!("http://{}/api/offers", world.addresses[0])).json(&offer).send().await;
        assert_eq!(response.unwrap().status(), 201, "{code}");
        codes.push(issue(world, code).await);
    }
    codes
}

async fn issue(world: &World, code: &str) -> Vec<String> {
    let url = format!("http://{}/api/offers/{code}/codes", world.addresses[0]);
    let issued = world.http.post(url).json(&json!({"count": CODES})).send().await.unwrap();
    let issued: Value = issued.json().await.unwrap();
    let codes = issued["data"]["codes"].as_array().unwrap();
    codes.iter().map(|code| code.as_str().unwrap().to_owned()).collect()
}

/// A time during which an offer was certainly paused: from the response to pausing it until it is resumed.
pub struct Pause {
    pub code: &'static str,
    pub from: DateTime<Utc>,
    pub to: DateTime<Utc>,
}

/// Pauses and resumes one offer, and raises the budget of another step by step.
pub async fn edit(world: Arc<World>, seed: u64, end: Instant) -> Vec<Pause> {
    let mut random = fastrand::Rng::with_seed(seed ^ 0xed17);
    let mut pauses = Vec::new();
    let mut budget = 100;
    while Instant::now() < end {
        tokio::time::sleep(Duration::from_millis(random.u64(100..500))).await;
        budget += 100;
        patch(&world, RAISED, &json!({"budget": budget})).await;
        if patch(&world, PAUSED, &json!({"status": "paused"})).await {
            let from = now();
            tokio::time::sleep(Duration::from_millis(random.u64(50..300))).await;
            pauses.push(Pause { code: code(PAUSED), from, to: now() });
        }
        patch(&world, PAUSED, &json!({"status": "active"})).await;
    }
    pauses
}

async fn patch(world: &World, offer: usize, body: &Value) -> bool {
    let url = format!("http://{}/api/offers/{}", world.addresses[0], code(offer));
    let response = world.http.request(Method::PATCH, url).json(body).send().await;
    response.is_ok_and(|response| response.status().is_success())
}

/// The servers run on this machine and use the same clock.
#[expect(clippy::disallowed_methods, reason = "compared with the server's real clock")]
fn now() -> DateTime<Utc> {
    Utc::now()
}
