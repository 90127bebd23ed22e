//! `cargo xtask bench live`: how far behind open dashboards are while their offers are redeemed, and what they cost an API.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{Shutdown, TcpStream};
use std::process::Command;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::database::client;
use crate::places;
use crate::process::{cargo, output, run};
use crate::tools;
use crate::ui::{Context, Result, say};

use super::load::{Load, Target};
use super::setting::Setting;

/// Each open on an offer of its own.
const DASHBOARDS: u32 = 500;
/// Redemptions a second of all those offers together, through two processes; all are watched through the first. More
/// than the 1,000 that are wanted: who waits for an answer does not ask.
const PACE: f64 = 1_100.0;
const CONNECTIONS: usize = 256;
const TIME: Duration = Duration::from_secs(30);
/// After the load: the last events are on their way.
const REST: Duration = Duration::from_secs(3);

/// What a dashboard was told.
struct Event {
    /// Milliseconds since 1970, by the clock that the server has too.
    at: f64,
    redemptions: u32,
}

/// An open dashboard.
struct Watcher {
    stream: TcpStream,
    events: JoinHandle<Vec<Event>>,
}

pub fn bench() -> Result<()> {
    tools::wrk()?;
    say("building the release server");
    run(cargo().args(["build", "--release", "--package", "offercast"]))?;
    let setting = Setting::prepare("bench-live", DASHBOARDS)?;
    let (api, other) = (setting.api()?, setting.api()?);
    say(format!("{DASHBOARDS} dashboards, {PACE} redemptions a second"));
    let watchers: Vec<Watcher> =
        (1..=DASHBOARDS).map(|offer| Watcher::open(&api.address, offer)).collect::<Result<_>>()?;
    let addresses = [api.address.clone(), other.address.clone()];
    let load = Load {
        addresses: &addresses,
        connections: CONNECTIONS,
        target: Target::Many(DASHBOARDS),
        pace: Some(PACE),
        folder: &setting.folder,
    };
    let figures = load.run(TIME)?;
    thread::sleep(REST);
    let megabytes = api.megabytes().unwrap_or_default();
    let times = decided(&setting.database.url)?;
    let (mut behind, mut events, mut unseen) = (Vec::new(), 0, 0);
    for (offer, watcher) in (1..).zip(watchers) {
        let told = watcher.close()?;
        events += told.len();
        let last = told.last().map_or(0, |event| event.redemptions);
        unseen += times.keys().filter(|(of, redemptions)| *of == offer && *redemptions > last).count();
        behind.extend(delays(&told, |redemptions| times.get(&(offer, redemptions)).copied()));
    }
    behind.sort_by(f64::total_cmp);
    let at = |percent: usize| behind.get((behind.len() * percent / 100).min(behind.len().saturating_sub(1)));
    let [p50, p99, most] = [50, 99, 100].map(|percent| at(percent).copied().unwrap_or_default());
    println!(
        "\n{DASHBOARDS} dashboards, {:.0} redemptions/s: {events} events, behind by {p50:.0} ms (p50), {p99:.0} (p99), \
         {most:.0} at most; {unseen} redemptions not seen in the end; the API that shows them has {megabytes:.0} MB at most",
        figures.requests_per_s
    );
    super::write(
        "live",
        &format!(
            "{{\"dashboards\": {DASHBOARDS}, \"requests_per_s\": {:.1}, \"events\": {events}, \"behind_p50_ms\": {p50:.1}, \
             \"behind_p99_ms\": {p99:.1}, \"behind_most_ms\": {most:.1}, \"unseen\": {unseen}, \"api_rss_mb\": {megabytes:.1}}}\n",
            figures.requests_per_s
        ),
    )
}

impl Watcher {
    fn open(address: &str, offer: u32) -> Result<Watcher> {
        let mut stream = TcpStream::connect(address).context(address)?;
        let request = format!(
            "GET /api/offers/BENCH-{offer}/events HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).context(address)?;
        let lines = BufReader::new(stream.try_clone().context(address)?).lines();
        let events = thread::spawn(move || {
            lines.map_while(std::io::Result::ok).filter_map(|line| event(&line)).collect()
        });
        Ok(Watcher { stream, events })
    }

    fn close(self) -> Result<Vec<Event>> {
        // The server may have gone first.
        let _ = self.stream.shutdown(Shutdown::Both);
        self.events.join().map_err(|_| "a watcher broke down".into())
    }
}

/// None for a line that does not say how often the offer has been redeemed.
fn event(line: &str) -> Option<Event> {
    let (_, rest) = line.split_once("\"total_redemptions\":")?;
    let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of this century")]
    let at = places::moment() as f64;
    Some(Event { at, redemptions: rest[..digits].parse().ok()? })
}

/// How long each event's oldest news was not shown.
fn delays(told: &[Event], decided: impl Fn(u32) -> Option<f64>) -> Vec<f64> {
    let pairs = told.windows(2).filter(|pair| pair[1].redemptions > pair[0].redemptions);
    pairs.filter_map(|pair| Some(pair[1].at - decided(pair[0].redemptions + 1)?)).collect()
}

/// When each redemption was decided, in milliseconds since 1970, by offer and its number there.
fn decided(database_url: &str) -> Result<HashMap<(u32, u32), f64>> {
    let rows = "select substr(o.code, 7), r.redeemed_after, extract(epoch from r.redeemed_at) * 1000
                from redemptions r join offers o on o.id = r.offer_id";
    let mut psql = Command::new(client("psql")?);
    psql.args(["--no-psqlrc", "--tuples-only", "--no-align", "--field-separator", " ", "--command", rows]);
    let said = output(psql.arg(database_url)).ok_or("the ledger could not be read")?;
    let row = |line: &str| {
        let mut words = line.split(' ');
        Some(((words.next()?.parse().ok()?, words.next()?.parse().ok()?), words.next()?.parse().ok()?))
    };
    said.lines().map(|line| row(line).ok_or_else(|| format!("not a redemption: {line}").into())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_late_by_its_oldest_news() {
        let event = |at, redemptions| Event { at, redemptions };
        let told = [event(0.0, 3), event(10.0, 3), event(100.0, 6), event(200.0, 7)];
        assert_eq!(delays(&told, |n| Some(f64::from(n * 10))), [60.0, 130.0]);
    }

    #[test]
    fn totals_are_read_from_events() {
        let line = r#"data: {"kpis":{"total_redemptions":42,"total_discount":1}}"#;
        assert_eq!(event(line).map(|event| event.redemptions), Some(42));
        assert!(event("event: offer").is_none());
    }
}
