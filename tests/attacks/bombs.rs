//! Bodies that are cheap to send and expensive to parse, for every operation that accepts a body.

use serde_json::Value;

use crate::Outcome;
use crate::raw::{get, request};
use crate::target::Target;

/// Fields that are parsed as text or as a number by some operation.
const FIELDS: [&str; 10] = [
    "customer_id",
    "order_amount",
    "order_id",
    "discount_value",
    "budget",
    "max_redemptions",
    "reason",
    "ttl_seconds",
    "count",
    "code",
];
const ORDINARY: usize = 64 * 1024;
const BATCH: usize = 1024 * 1024;
const ATTACKER: u8 = 10;

pub async fn attack(target: &Target) -> Outcome {
    let mut sent = 0;
    for (method, path) in calls(target).await? {
        for body in bodies(&path) {
            let response = target.send(ATTACKER, &request(&method, &path, &body)).await?;
            let shown = String::from_utf8_lossy(&body[..body.len().min(60)]).into_owned();
            if !(200..500).contains(&response.status) {
                return Err(format!("{method} {path} with {shown}...: {response:?}"));
            }
            sent += 1;
        }
    }
    Ok(format!("{sent} bombs"))
}

/// Method and path of every operation that may accept a body.
async fn calls(target: &Target) -> Result<Vec<(String, String)>, String> {
    let document = target.send(ATTACKER, &get("/api/openapi.json")).await?;
    let document: Value = serde_json::from_str(&document.body).map_err(|error| error.to_string())?;
    let mut calls = Vec::new();
    for (path, methods) in document["paths"].as_object().ok_or("the document has no paths")? {
        // Not the shop's offer, which must stay usable.
        let path = path.replace("{offer}", "CODES").replace("{id}", "999999");
        for method in
            methods.as_object().unwrap().keys().filter(|method| !["get", "delete"].contains(&method.as_str()))
        {
            calls.push((method.to_uppercase(), path.clone()));
        }
    }
    if calls.len() < 10 { Err(format!("the document has only {calls:?}")) } else { Ok(calls) }
}

fn bodies(path: &str) -> Vec<Vec<u8>> {
    let is_batch = path.ends_with("/batch");
    let size = if is_batch { BATCH } else { ORDINARY } - 200;
    let bombs = [
        "[".repeat(size),
        "{\"a\":".repeat(size / 5),
        deep_inside_text("$serde_json::private::RawValue", size),
        deep_inside_text("$serde_json::private::Number", size),
        "9".repeat(size),
        format!("1e{}", "9".repeat(size)),
        format!("\"{}\"", "\\u0000".repeat(size / 6)),
    ];
    let in_field = |field: &str, bomb: &str| match is_batch {
        true => format!("[{{\"offer\":\"CODES\",\"{field}\":{bomb}}}]"),
        false => format!("{{\"{field}\":{bomb}}}"),
    };
    let fields = FIELDS.iter().flat_map(|field| bombs.iter().map(move |bomb| in_field(field, bomb)));
    fields.chain(bombs.iter().cloned()).map(String::into_bytes).collect()
}

/// Deep nesting through a private name of serde_json: it parses the text under this name as JSON, with a new limit of
/// depth.
fn deep_inside_text(name: &str, size: usize) -> String {
    let mut bomb = "1".to_owned();
    loop {
        let inner = serde_json::to_string(&bomb).unwrap();
        let next = format!("{}{{\"{name}\":{inner}}}{}", "[".repeat(124), "]".repeat(124));
        if next.len() > size {
            return bomb;
        }
        bomb = next;
    }
}
