//! More clients, or more connections, streams and downloads of one client, than allowed.

use futures_util::future::join_all;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::raw::{Raw, client, get};
use crate::target::Target;
use crate::{Outcome, ensure};

const IDLE: usize = 10_000;
/// Idle connections per client, which is also the limit in the settings of this attack.
const EACH: usize = 500;
const FIRST_CLIENT: u8 = 100;
const STREAMS: usize = 5_000;
const ATTACKER: u8 = 14;
/// The default limit of streams per client.
const ALLOWED: usize = 100;

/// Raises this process's limit of open files as far as the system allows.
pub fn raise_open_files() {
    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    let _ = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum });
}

/// The number of connections to open: as many as wanted, unless the limit of open files is lower.
fn possible_connections(wanted: usize) -> usize {
    let files = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
    let possible = usize::try_from(files.saturating_sub(300)).unwrap_or(usize::MAX);
    if possible < wanted {
        println!(
            "only {possible} of {wanted} connections: the system's limit is {files} open files per process"
        );
    }
    wanted.min(possible)
}

/// Connections that send one request and then stay idle.
pub async fn idle(target: &Target) -> Outcome {
    let wanted = possible_connections(IDLE);
    let mut open = Vec::with_capacity(wanted);
    for number in 0..wanted {
        let from = FIRST_CLIENT + u8::try_from(number / EACH).unwrap();
        let mut raw = Raw::connect(target.address, client(from)).await.map_err(|error| error.to_string())?;
        raw.send_until_closed(&get("/healthz")).await;
        let response = raw.response().await?;
        ensure(response.status == 200, || format!("connection {number}: {response:?}"))?;
        open.push(raw);
    }
    let one_more = target.send(FIRST_CLIENT, &get("/healthz")).await?;
    let is_refused = one_more.status == 0 || one_more.code() == "rate_limited";
    ensure(is_refused, || format!("one client has more connections than allowed: {one_more:?}"))?;
    let megabytes = target.megabytes("VmRSS:");
    ensure(target.redeem().await?.status == 201, || "the shop cannot redeem".to_owned())?;
    Ok(format!("{} idle connections, {megabytes:.0} MB", open.len()))
}

pub async fn streams(target: &Target) -> Outcome {
    let mut open = Vec::new();
    let mut refused = 0;
    let wanted = possible_connections(STREAMS);
    for _ in 0..wanted.div_ceil(ALLOWED) {
        let stream = async || {
            let mut raw = Raw::connect(target.address, client(ATTACKER)).await.ok()?;
            raw.send_until_closed(&get("/api/offers/SHOP/events")).await;
            let response = raw.response().await.ok()?;
            Some((raw, response))
        };
        for (raw, response) in join_all((0..ALLOWED).map(|_| stream())).await.into_iter().flatten() {
            match (response.status, &*response.code()) {
                (200, _) => open.push(raw),
                (429, "rate_limited") if response.head.contains("retry-after: ") => refused += 1,
                _ => return Err(format!("{response:?}")),
            }
        }
    }
    ensure(open.len() == ALLOWED, || format!("one client has {} streams", open.len()))?;
    let mut other = target.shop().await;
    other.send_until_closed(&get("/api/offers/SHOP/events")).await;
    ensure(other.response().await?.status == 200, || "another client cannot open a stream".to_owned())?;
    let opened = open.len();
    drop(open);
    until_free(target, "/api/offers/SHOP/events").await?;
    Ok(format!("{opened} streams, {refused} refused; allowed again after disconnecting"))
}

pub async fn exports(target: &Target) -> Outcome {
    let export = get("/api/offers/CODES/codes");
    let mut open = Vec::new();
    let mut refused = 0;
    for _ in 0..50 {
        let mut raw = Raw::with_buffer(target.address, client(ATTACKER), Some(4096)).await.unwrap();
        raw.send_until_closed(&export).await;
        let response = raw.response().await?;
        match (response.status, &*response.code()) {
            (200, _) => open.push(raw),
            (429, "rate_limited") if response.head.contains("retry-after: ") => refused += 1,
            _ => return Err(format!("{response:?}")),
        }
    }
    ensure(open.len() == 2, || format!("one client has {} downloads at a time", open.len()))?;
    let mut other = target.shop().await;
    other.send_until_closed(&export).await;
    ensure(other.response().await?.status == 200, || "another client cannot download".to_owned())?;
    drop(open);
    until_free(target, "/api/offers/CODES/codes").await?;
    Ok(format!("2 downloads, {refused} refused; allowed again after disconnecting"))
}

/// Waits until the attacker's request succeeds, which it does once the server has noticed the closed connections.
async fn until_free(target: &Target, path: &str) -> Result<(), String> {
    for _ in 0..2_000 {
        if target.send(ATTACKER, &get(path)).await?.status == 200 {
            return Ok(());
        }
    }
    Err(format!("{path} is still refused after disconnecting"))
}
