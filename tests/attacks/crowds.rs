//! More clients, or more of one client, than there is room for.

use futures_util::future::join_all;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::raw::{Raw, client, get};
use crate::target::Target;
use crate::{Outcome, ensure};

const IDLE: usize = 10_000;
/// Clients that have them, and what one may have by the settings.
const EACH: usize = 500;
const FIRST_CLIENT: u8 = 100;
const STREAMS: usize = 5_000;
const ATTACKER: u8 = 14;
/// Of streams, by default.
const ALLOWED: usize = 100;

/// As far as the system lets us.
pub fn raise_open_files() {
    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    let _ = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum });
}

/// What fits beside our own files.
fn room(wanted: usize) -> usize {
    let files = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
    let room = usize::try_from(files.saturating_sub(300)).unwrap_or(usize::MAX);
    if room < wanted {
        println!("only {room} of {wanted} connections: the system lets a process open {files} files");
    }
    wanted.min(room)
}

/// Connections that were of use once, and do nothing more.
pub async fn idle(target: &Target) -> Outcome {
    let wanted = room(IDLE);
    let mut open = Vec::with_capacity(wanted);
    for number in 0..wanted {
        let from = FIRST_CLIENT + u8::try_from(number / EACH).unwrap();
        let mut raw = Raw::connect(target.address, client(from)).await.map_err(|error| error.to_string())?;
        raw.send_all_it_takes(&get("/healthz")).await;
        let answer = raw.answer().await?;
        ensure(answer.status == 200, || format!("connection {number}: {answer:?}"))?;
        open.push(raw);
    }
    let one_more = target.ask(FIRST_CLIENT, &get("/healthz")).await?;
    let is_refused = one_more.status == 0 || one_more.code() == "rate_limited";
    ensure(is_refused, || format!("one client has more than its part: {one_more:?}"))?;
    let megabytes = target.megabytes("VmRSS:");
    ensure(target.redeem().await?.status == 201, || "the shop is not served".to_owned())?;
    Ok(format!("{} idle connections, {megabytes:.0} MB", open.len()))
}

pub async fn streams(target: &Target) -> Outcome {
    let mut open = Vec::new();
    let mut refused = 0;
    let wanted = room(STREAMS);
    for _ in 0..wanted.div_ceil(ALLOWED) {
        let stream = async || {
            let mut raw = Raw::connect(target.address, client(ATTACKER)).await.ok()?;
            raw.send_all_it_takes(&get("/api/offers/SHOP/events")).await;
            let answer = raw.answer().await.ok()?;
            Some((raw, answer))
        };
        for (raw, answer) in join_all((0..ALLOWED).map(|_| stream())).await.into_iter().flatten() {
            match (answer.status, &*answer.code()) {
                (200, _) => open.push(raw),
                (429, "rate_limited") if answer.head.contains("retry-after: ") => refused += 1,
                _ => return Err(format!("{answer:?}")),
            }
        }
    }
    ensure(open.len() == ALLOWED, || format!("one client has {} streams", open.len()))?;
    let mut other = target.shop().await;
    other.send_all_it_takes(&get("/api/offers/SHOP/events")).await;
    ensure(other.answer().await?.status == 200, || "another client has no stream".to_owned())?;
    let there_were = open.len();
    drop(open);
    until_free(target, "/api/offers/SHOP/events").await?;
    Ok(format!("{there_were} streams, {refused} refused; free again when their client went"))
}

pub async fn exports(target: &Target) -> Outcome {
    let export = get("/api/offers/CODES/codes");
    let mut open = Vec::new();
    let mut refused = 0;
    for _ in 0..50 {
        let mut raw = Raw::with_buffer(target.address, client(ATTACKER), Some(4096)).await.unwrap();
        raw.send_all_it_takes(&export).await;
        let answer = raw.answer().await?;
        match (answer.status, &*answer.code()) {
            (200, _) => open.push(raw),
            (429, "rate_limited") if answer.head.contains("retry-after: ") => refused += 1,
            _ => return Err(format!("{answer:?}")),
        }
    }
    ensure(open.len() == 2, || format!("one client has {} downloads", open.len()))?;
    let mut other = target.shop().await;
    other.send_all_it_takes(&export).await;
    ensure(other.answer().await?.status == 200, || "another client has no download".to_owned())?;
    drop(open);
    until_free(target, "/api/offers/CODES/codes").await?;
    Ok(format!("2 downloads, {refused} refused; free again when their client went"))
}

/// The attacker may have one again, once the server has noticed that its connections are gone.
async fn until_free(target: &Target, path: &str) -> Result<(), String> {
    for _ in 0..2_000 {
        if target.ask(ATTACKER, &get(path)).await?.status == 200 {
            return Ok(());
        }
    }
    Err(format!("{path} is never free again"))
}
