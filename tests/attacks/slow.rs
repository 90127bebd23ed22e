//! Clients that take their time.

use futures_util::future::join_all;
use tokio::time::sleep;

use crate::raw::{Answer, PAUSE, Raw, client, get};
use crate::target::Target;
use crate::{Outcome, ensure};

const ATTACKER: u8 = 13;
const CLIENTS: usize = 300;

pub async fn heads(target: &Target) -> Outcome {
    let mut given_up = 0;
    for first in ["", "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"] {
        for half in ["GET /api/offers HTTP/1.1\r\nX-Slow: ", "G"] {
            let begin: Vec<u8> = format!("{first}{half}").into_bytes();
            let clients =
                (0..CLIENTS / 4).map(|number| trickle(target, begin.clone(), b"a", number % 2 == 0));
            for answer in join_all(clients).await {
                let answer = answer?;
                // What came along with a request is given up with the connection, when that is idle for too long.
                let is_good = answer.code() == "request_timeout" || answer.status == 200 && !first.is_empty();
                ensure(is_good, || format!("{first}{half}: {answer:?}"))?;
                given_up += 1;
            }
        }
    }
    target.until("offercast_connections_closed_total{reason=\"slow_head\"}", 1.0).await?;
    Ok(format!("{given_up} slow heads were given up"))
}

pub async fn bodies(target: &Target) -> Outcome {
    let head = |path: &str, framing: &str| {
        format!("POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{framing}{{")
            .into_bytes()
    };
    let mut given_up = 0;
    for (path, framing, more) in [
        ("/api/offers/SHOP/redeem", "Content-Length: 60000\r\n\r\n", &b" "[..]),
        ("/api/redemptions/1/reverse", "Content-Length: 60000\r\n\r\n", b" "),
        ("/api/offers/SHOP/redeem", "Transfer-Encoding: chunked\r\n\r\n1\r\n", b"\r\n1\r\n "),
        ("/api/redemptions/batch", "Content-Length: 1000000\r\n\r\n", b" "),
    ] {
        let clients =
            (0..CLIENTS / 4).map(|number| trickle(target, head(path, framing), more, number % 2 == 0));
        for answer in join_all(clients).await {
            let answer = answer?;
            ensure(answer.code() == "request_timeout", || format!("{path} {framing}: {answer:?}"))?;
            given_up += 1;
        }
    }
    large_ones(target).await?;
    Ok(format!("{given_up} slow bodies were given up"))
}

/// Almost all of a batch, and then nothing: they do not pile up.
async fn large_ones(target: &Target) -> Result<(), String> {
    let head = "POST /api/redemptions/batch HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
                Content-Length: 1000000\r\n\r\n";
    let body = [head.as_bytes(), &vec![b' '; 999_000]].concat();
    let clients = (0..CLIENTS).map(|_| stall(target, &body));
    for answer in join_all(clients).await {
        let answer = answer?;
        let is_good = answer.status == 0 || ["request_timeout", "busy"].contains(&&*answer.code());
        ensure(is_good, || format!("{answer:?}"))?;
    }
    Ok(())
}

async fn stall(target: &Target, bytes: &[u8]) -> Result<Answer, String> {
    let mut raw = connect(target, None).await?;
    raw.send_all_it_takes(bytes).await;
    raw.until_closed().await
}

/// Sends a beginning, and then more of it now and then or nothing, until the server has enough of it.
async fn trickle(target: &Target, begin: Vec<u8>, more: &[u8], is_alive: bool) -> Result<Answer, String> {
    let mut raw = connect(target, None).await?;
    raw.send_all_it_takes(&begin).await;
    if is_alive { raw.trickle(more).await } else { raw.until_closed().await }
}

/// The server's connections hold so little, and the clients' take so little, that a part of the answers has to wait.
pub async fn readers(target: &Target) -> Outcome {
    let requests = get("/docs/swagger-ui-bundle.js").repeat(16);
    let mut clients = Vec::new();
    for _ in 0..CLIENTS {
        let mut raw = connect(target, Some(4096)).await?;
        raw.send_all_it_takes(&requests).await;
        clients.push(raw);
    }
    let (sipping, _silent) = clients.split_at_mut(CLIENTS / 2);
    let sips = join_all(sipping.iter_mut().map(async |raw| {
        while raw.sip().await {
            sleep(PAUSE).await;
        }
    }));
    let closed = target.until("offercast_connections_closed_total{reason=\"slow_reader\"}", as_f64(CLIENTS));
    tokio::select! {
        _ = sips => Err("the connections were closed, but not for being slow".to_owned()),
        closed = closed => closed.map(|()| format!("{CLIENTS} connections of slow readers were closed")),
    }
}

fn as_f64(number: usize) -> f64 {
    u32::try_from(number).unwrap().into()
}

async fn connect(target: &Target, buffer: Option<u32>) -> Result<Raw, String> {
    Raw::with_buffer(target.address, client(ATTACKER), buffer).await.map_err(|error| error.to_string())
}
