//! Requests with oversized or malformed parts.

use crate::raw::{Raw, client, request};
use crate::target::Target;
use crate::{Outcome, ensure};

const ATTACKER: u8 = 11;
/// How often each request is sent.
const TIMES: usize = 50;

pub async fn attack(target: &Target) -> Outcome {
    for (name, bytes, accepted) in requests() {
        for _ in 0..TIMES {
            let response = target.send(ATTACKER, &bytes).await?;
            // The server may close the connection while the client is still sending, before it has read the response.
            ensure(accepted.contains(&response.status) || response.status == 0, || {
                format!("{name}: {response:?}")
            })?;
        }
    }
    endless(target).await?;
    Ok(format!("{} requests, {TIMES} times each", requests().len()))
}

fn requests() -> Vec<(&'static str, Vec<u8>, Vec<u16>)> {
    let head = |more: &str| format!("GET /api/offers HTTP/1.1\r\nHost: localhost\r\n{more}\r\n").into_bytes();
    let post = |more: &str| {
        let head = "POST /api/offers HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
        format!("{head}{more}\r\n").into_bytes()
    };
    let url = format!("GET /api/offers?q={} HTTP/1.1\r\nHost: localhost\r\n\r\n", "a".repeat(1 << 20));
    let rows = format!("[{}]", vec!["{}"; 1_001].join(","));
    let row = format!("[{{\"offer\":\"{}\"}}]", "x".repeat(1_000_000));
    vec![
        ("a head of 1 MiB", head(&format!("X-Long: {}\r\n", "a".repeat(1 << 20))), vec![431]),
        ("100,000 headers", head(&"X: y\r\n".repeat(100_000)), vec![400, 431]),
        ("1,000 headers", head(&"X: y\r\n".repeat(1_000)), vec![400, 431]),
        ("a URL of 1 MiB", url.into_bytes(), vec![400, 414, 431]),
        ("a body of 1 MiB", request("POST", "/api/offers", &vec![b' '; 1 << 20]), vec![413]),
        ("a batch of 4 MiB", request("POST", "/api/redemptions/batch", &vec![b' '; 4 << 20]), vec![413]),
        ("1,001 rows", request("POST", "/api/redemptions/batch", rows.as_bytes()), vec![422]),
        ("a row of 1 MB", request("POST", "/api/redemptions/batch", row.as_bytes()), vec![200]),
        ("a body of 9 * 10^17 bytes", post("Content-Length: 900000000000000000\r\n"), vec![413]),
        ("a length that overflows", post("Content-Length: 99999999999999999999999\r\n"), vec![400, 413]),
        ("two lengths", post("Content-Length: 2\r\nContent-Length: 3\r\n"), vec![400]),
        ("a length and chunks", post("Content-Length: 2\r\nTransfer-Encoding: chunked\r\n"), vec![400]),
        ("not HTTP", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".repeat(100), vec![400]),
        ("HTTP/2 without TLS", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(), vec![400]),
    ]
}

/// Sends chunks without end until the server closes the connection.
async fn endless(target: &Target) -> Result<(), String> {
    let mut raw = Raw::connect(target.address, client(ATTACKER)).await.map_err(|error| error.to_string())?;
    let head = "POST /api/offers HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
                Transfer-Encoding: chunked\r\n\r\n";
    raw.send_until_closed(head.as_bytes()).await;
    let chunk = format!("4000\r\n{}\r\n", " ".repeat(0x4000));
    while raw.send(chunk.as_bytes()).await.is_ok() {}
    Ok(())
}
