//! Requests that a browser sends for a page of another site (cross-site request forgery, DNS rebinding).

use serde_json::Value;

use crate::raw::get;
use crate::target::Target;
use crate::{Outcome, ensure};

const ATTACKER: u8 = 12;

pub async fn attack(target: &Target) -> Outcome {
    let redeemed: Value = serde_json::from_str(&target.redeem().await?.body).unwrap_or_default();
    let id = redeemed["data"]["redemption_id"].as_i64().ok_or("the shop cannot redeem")?;
    let reverse = format!("/api/redemptions/{id}/reverse");
    let mut tried = 0;
    for (lines, status) in FORGED {
        for path in [&reverse, "/api/offers/SHOP/forecast", "/api/offers/SHOP/redeem"] {
            let request = format!("POST {path} HTTP/1.1\r\n{lines}\r\n");
            let response = target.send(ATTACKER, request.as_bytes()).await?;
            ensure(response.status == *status, || format!("{request}: {response:?}"))?;
            ensure(response.code() != "" || *status == 400, || format!("{request}: {response:?}"))?;
            tried += 1;
        }
    }
    for line in ["Host: evil.example\r\n", "Host: localhost.evil.example:8080\r\n"] {
        for path in ["/api/offers", "/admin/offers", "/docs/", "/metrics", "/api/offers/SHOP/events"] {
            let response =
                target.send(ATTACKER, format!("GET {path} HTTP/1.1\r\n{line}\r\n").as_bytes()).await?;
            ensure(response.code() == "misdirected_request", || format!("{path} {line}: {response:?}"))?;
            tried += 1;
        }
    }
    check_not_reversed(target, id).await?;
    Ok(format!("{tried} forged requests, nothing was changed"))
}

/// Headers and the expected status.
const FORGED: &[(&str, u16)] = &[
    ("Host: evil.example\r\nContent-Length: 0\r\n", 421),
    ("Host: 192.0.2.1:8080\r\nContent-Length: 0\r\n", 421),
    ("Content-Length: 0\r\n", 400),
    ("Host: localhost\r\nHost: evil.example\r\nContent-Length: 0\r\n", 400),
    ("Host: localhost\r\nOrigin: http://evil.example\r\nContent-Length: 0\r\n", 403),
    ("Host: localhost\r\nOrigin: null\r\nContent-Length: 0\r\n", 403),
    ("Host: localhost\r\nSec-Fetch-Site: cross-site\r\nContent-Length: 0\r\n", 403),
    ("Host: localhost\r\nSec-Fetch-Site: same-site\r\nContent-Length: 0\r\n", 403),
    ("Host: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 0\r\n", 415),
    ("Host: localhost\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}", 415),
    ("Host: localhost\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 0\r\n", 415),
    ("Host: localhost\r\nContent-Length: 2\r\n\r\n{}", 415),
];

async fn check_not_reversed(target: &Target, id: i64) -> Result<(), String> {
    let ledger = target.send(ATTACKER, &get("/api/offers/SHOP/redemptions?limit=1000")).await?;
    let ledger: Value = serde_json::from_str(&ledger.body).map_err(|error| error.to_string())?;
    let rows = ledger["data"].as_array().ok_or("the ledger cannot be read")?;
    ensure(rows.iter().any(|row| row["redemption_id"] == id || row["id"] == id), || format!("{ledger}"))?;
    ensure(rows.iter().all(|row| row["reverses"].is_null()), || "something was reversed".to_owned())
}
