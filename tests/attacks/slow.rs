//! Clients that send or read slowly.

use futures_util::future::join_all;
use tokio::time::sleep;

use crate::raw::{PAUSE, Raw, Response, client, get};
use crate::target::Target;
use crate::{Outcome, ensure};

const ATTACKER: u8 = 13;
const CLIENTS: usize = 300;

pub async fn heads(target: &Target) -> Outcome {
    let mut closed = 0;
    for first in ["", "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"] {
        for half in ["GET /api/offers HTTP/1.1\r\nX-Slow: ", "G"] {
            let begin: Vec<u8> = format!("{first}{half}").into_bytes();
            let clients =
                (0..CLIENTS / 4).map(|number| trickle(target, begin.clone(), b"a", number % 2 == 0));
            for response in join_all(clients).await {
                let response = response?;
                // After a complete request, the connection may also be closed as idle.
                let is_expected =
                    response.code() == "request_timeout" || response.status == 200 && !first.is_empty();
                ensure(is_expected, || format!("{first}{half}: {response:?}"))?;
                closed += 1;
            }
        }
    }
    target.until("offercast_connections_closed_total{reason=\"slow_head\"}", 1.0).await?;
    Ok(format!("{closed} connections with slow heads were closed"))
}

pub async fn bodies(target: &Target) -> Outcome {
    let head = |path: &str, framing: &str| {
        format!("POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{framing}{{")
            .into_bytes()
    };
    let mut closed = 0;
    for (path, framing, more) in [
        ("/api/offers/SHOP/redeem", "Content-Length: 60000\r\n\r\n", &b" "[..]),
        ("/api/redemptions/1/reverse", "Content-Length: 60000\r\n\r\n", b" "),
        ("/api/offers/SHOP/redeem", "Transfer-Encoding: chunked\r\n\r\n1\r\n", b"\r\n1\r\n "),
        ("/api/redemptions/batch", "Content-Length: 1000000\r\n\r\n", b" "),
    ] {
        let clients =
            (0..CLIENTS / 4).map(|number| trickle(target, head(path, framing), more, number % 2 == 0));
        for response in join_all(clients).await {
            let response = response?;
            ensure(response.code() == "request_timeout", || format!("{path} {framing}: {response:?}"))?;
            closed += 1;
        }
    }
    large_bodies(target).await?;
    Ok(format!("{closed} connections with slow bodies were closed"))
}

/// Sends almost all of a batch and then stalls. The server must not buffer all of these bodies.
async fn large_bodies(target: &Target) -> Result<(), String> {
    let head = "POST /api/redemptions/batch HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
                Content-Length: 1000000\r\n\r\n";
    let body = [head.as_bytes(), &vec![b' '; 999_000]].concat();
    let clients = (0..CLIENTS).map(|_| stall(target, &body));
    for response in join_all(clients).await {
        let response = response?;
        let is_expected = response.status == 0 || ["request_timeout", "busy"].contains(&&*response.code());
        ensure(is_expected, || format!("{response:?}"))?;
    }
    Ok(())
}

async fn stall(target: &Target, bytes: &[u8]) -> Result<Response, String> {
    let mut raw = connect(target, None).await?;
    raw.send_until_closed(bytes).await;
    raw.until_closed().await
}

/// Sends the beginning of a request, then more at intervals (`is_alive`) or nothing, until the server closes the
/// connection.
async fn trickle(target: &Target, begin: Vec<u8>, more: &[u8], is_alive: bool) -> Result<Response, String> {
    let mut raw = connect(target, None).await?;
    raw.send_until_closed(&begin).await;
    if is_alive { raw.trickle(more).await } else { raw.until_closed().await }
}

/// Clients that read one byte at a time or nothing. Socket buffers are small, so the server has to wait for the
/// clients.
pub async fn readers(target: &Target) -> Outcome {
    let requests = get("/docs/swagger-ui-bundle.js").repeat(16);
    let mut clients = Vec::new();
    for _ in 0..CLIENTS {
        let mut raw = connect(target, Some(4096)).await?;
        raw.send_until_closed(&requests).await;
        clients.push(raw);
    }
    let (slow, _silent) = clients.split_at_mut(CLIENTS / 2);
    let reads = join_all(slow.iter_mut().map(async |raw| {
        while raw.read_byte().await {
            sleep(PAUSE).await;
        }
    }));
    let closed = target.until("offercast_connections_closed_total{reason=\"slow_reader\"}", as_f64(CLIENTS));
    tokio::select! {
        _ = reads => Err("the connections were closed, but not counted as slow readers".to_owned()),
        closed = closed => closed.map(|()| format!("{CLIENTS} connections of slow readers were closed")),
    }
}

fn as_f64(number: usize) -> f64 {
    u32::try_from(number).unwrap().into()
}

async fn connect(target: &Target, buffer: Option<u32>) -> Result<Raw, String> {
    Raw::with_buffer(target.address, client(ATTACKER), buffer).await.map_err(|error| error.to_string())
}
