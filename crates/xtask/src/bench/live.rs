//! `cargo xtask bench live`: the delay of open dashboards while their offers are redeemed, and the API's memory.

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

/// Open dashboards, each of a different offer.
const DASHBOARDS: u32 = 500;
/// Redemptions per second of all these offers together, through two processes; all dashboards are connected to the
/// first. Somewhat more than the target of 1,000, because a connection waits for each response.
const PACE: f64 = 1_100.0;
const CONNECTIONS: usize = 256;
const TIME: Duration = Duration::from_secs(30);
/// Time for the last events to arrive after the load.
const REST: Duration = Duration::from_secs(3);

/// An event that a dashboard received.
struct Event {
    /// Milliseconds since 1970. Client and server use the same clock.
    at: f64,
    redemptions: u32,
}

/// The event stream of an open dashboard.
struct Subscriber {
    stream: TcpStream,
    events: JoinHandle<Vec<Event>>,
}

pub fn bench() -> Result<()> {
    tools::wrk()?;
    say("building the release server");
    run(cargo().args(["build", "--release", "--package", "offercast"]))?;
    let setting = Setting::prepare("bench-live", DASHBOARDS)?;
    let (api, other) = (setting.api()?, setting.api()?);
    say(format!("{DASHBOARDS} dashboards, {PACE} redemptions per second"));
    let subscribers: Vec<Subscriber> =
        (1..=DASHBOARDS).map(|offer| Subscriber::open(&api.address, offer)).collect::<Result<_>>()?;
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
    let (mut all_delays, mut events, mut unseen) = (Vec::new(), 0, 0);
    for (offer, subscriber) in (1..).zip(subscribers) {
        let received = subscriber.close()?;
        events += received.len();
        let last = received.last().map_or(0, |event| event.redemptions);
        unseen += times.keys().filter(|(of, redemptions)| *of == offer && *redemptions > last).count();
        all_delays.extend(delays(&received, |redemptions| times.get(&(offer, redemptions)).copied()));
    }
    all_delays.sort_by(f64::total_cmp);
    let last_index = all_delays.len().saturating_sub(1);
    let at = |percent: usize| all_delays.get((all_delays.len() * percent / 100).min(last_index));
    let [p50, p99, most] = [50, 99, 100].map(|percent| at(percent).copied().unwrap_or_default());
    println!(
        "\n{DASHBOARDS} dashboards, {:.0} redemptions/s: {events} events, delayed by {p50:.0} ms (p50), {p99:.0} (p99), \
         {most:.0} at most; {unseen} redemptions not shown at the end; peak memory of the API with the dashboards: \
         {megabytes:.0} MB",
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

impl Subscriber {
    fn open(address: &str, offer: u32) -> Result<Subscriber> {
        let mut stream = TcpStream::connect(address).context(address)?;
        let request = format!(
            "GET /api/offers/BENCH-{offer}/events HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).context(address)?;
        let lines = BufReader::new(stream.try_clone().context(address)?).lines();
        let events = thread::spawn(move || {
            lines.map_while(std::io::Result::ok).filter_map(|line| event(&line)).collect()
        });
        Ok(Subscriber { stream, events })
    }

    fn close(self) -> Result<Vec<Event>> {
        // Fails if the server has closed the connection, which is fine.
        let _ = self.stream.shutdown(Shutdown::Both);
        self.events.join().map_err(|_| "the thread of a subscriber panicked".into())
    }
}

/// Parses a line of an event stream; `None` for lines without the number of redemptions.
fn event(line: &str) -> Option<Event> {
    let (_, rest) = line.split_once("\"total_redemptions\":")?;
    let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of this century")]
    let at = places::moment() as f64;
    Some(Event { at, redemptions: rest[..digits].parse().ok()? })
}

/// The delay of each event: the time from the oldest redemption that it is the first to show.
fn delays(events: &[Event], decided: impl Fn(u32) -> Option<f64>) -> Vec<f64> {
    let pairs = events.windows(2).filter(|pair| pair[1].redemptions > pair[0].redemptions);
    pairs.filter_map(|pair| Some(pair[1].at - decided(pair[0].redemptions + 1)?)).collect()
}

/// The time of each redemption in milliseconds since 1970, by offer and number of redemption in that offer.
fn decided(database_url: &str) -> Result<HashMap<(u32, u32), f64>> {
    let rows = "select substr(o.code, 7), r.redeemed_after, extract(epoch from r.redeemed_at) * 1000
                from redemptions r join offers o on o.id = r.offer_id";
    let mut psql = Command::new(client("psql")?);
    psql.args(["--no-psqlrc", "--tuples-only", "--no-align", "--field-separator", " ", "--command", rows]);
    let text = output(psql.arg(database_url)).ok_or("the ledger could not be read")?;
    let row = |line: &str| {
        let mut words = line.split(' ');
        Some(((words.next()?.parse().ok()?, words.next()?.parse().ok()?), words.next()?.parse().ok()?))
    };
    text.lines().map(|line| row(line).ok_or_else(|| format!("not a redemption: {line}").into())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delay_of_an_event_counts_from_its_oldest_redemption() {
        let event = |at, redemptions| Event { at, redemptions };
        let events = [event(0.0, 3), event(10.0, 3), event(100.0, 6), event(200.0, 7)];
        assert_eq!(delays(&events, |n| Some(f64::from(n * 10))), [60.0, 130.0]);
    }

    #[test]
    fn totals_are_parsed_from_events() {
        let line = r#"data: {"kpis":{"total_redemptions":42,"total_discount":1}}"#;
        assert_eq!(event(line).map(|event| event.redemptions), Some(42));
        assert!(event("event: offer").is_none());
    }
}
