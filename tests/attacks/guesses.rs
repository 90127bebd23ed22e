//! Batches of codes that were never issued, while a shop redeems.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::raw::{Raw, client, request};
use crate::target::{Target, order};
use crate::{Outcome, ensure};

const CONNECTIONS: usize = 100;
const ROWS: usize = 1_000;
const FIRST_CLIENT: u8 = 20;
/// Each round measures without and with the attack, so that both are measured under similar load of the machine.
const ROUNDS: usize = 3;
const ROUND: Duration = Duration::from_secs(5);
/// The largest accepted factor by which the shop's 99th percentile grows. In a debug build, where a row costs ten times
/// as much as in a release build, it was 1.3 to 3.1; when batches ran on the threads of the web server, it was 190.
const MAX_FACTOR: f64 = 10.0;

pub async fn attack(target: &Target) -> Outcome {
    let (mut quiet, mut attacked) = (Vec::new(), Vec::new());
    // Fills the caches.
    target.redeem().await?;
    let mut batches = 0;
    for _ in 0..ROUNDS {
        quiet.push(measure(target).await?);
        let attack = Guessing::start(target);
        attacked.push(measure(target).await?);
        batches += attack.stop().await;
    }
    let (quiet, attacked) = (median(quiet), median(attacked));
    let figures = format!(
        "p99 of the shop {:.1} ms, with {batches} batches of guesses {:.1} ms",
        quiet.as_secs_f64() * 1e3,
        attacked.as_secs_f64() * 1e3
    );
    ensure(attacked.as_secs_f64() <= MAX_FACTOR * quiet.as_secs_f64(), || figures.clone())?;
    Ok(figures)
}

/// The 99th percentile of the response times of a shop's orders.
async fn measure(target: &Target) -> Result<Duration, String> {
    let mut shop = target.shop().await;
    let mut times = Vec::new();
    let begin = Instant::now();
    while begin.elapsed() < ROUND {
        let started = Instant::now();
        shop.send_until_closed(&order()).await;
        let response = shop.response().await?;
        ensure(response.status == 201, || format!("the shop cannot redeem: {response:?}"))?;
        times.push(started.elapsed());
    }
    times.sort();
    Ok(times[times.len() * 99 / 100])
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

struct Guessing {
    stop: Arc<AtomicBool>,
    sent: Arc<AtomicUsize>,
    tasks: Vec<tokio::task::JoinHandle<()>>,
}

impl Guessing {
    fn start(target: &Target) -> Guessing {
        let (stop, sent) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
        let tasks = (0..CONNECTIONS)
            .map(|number| {
                let from = FIRST_CLIENT + u8::try_from(number % 10).unwrap();
                tokio::spawn(guess(target.address, from, number, stop.clone(), sent.clone()))
            })
            .collect();
        Guessing { stop, sent, tasks }
    }

    /// Stops the attack and returns the number of processed batches.
    async fn stop(self) -> usize {
        self.stop.store(true, Ordering::Relaxed);
        for task in self.tasks {
            task.await.unwrap();
        }
        self.sent.load(Ordering::Relaxed)
    }
}

async fn guess(
    address: std::net::SocketAddr,
    from: u8,
    number: usize,
    stop: Arc<AtomicBool>,
    sent: Arc<AtomicUsize>,
) {
    let row =
        |row: usize| format!("{{\"offer\":\"GUESS-{number}-{row}\",\"customer_id\":1,\"order_amount\":9}}");
    let rows: Vec<String> = (0..ROWS).map(row).collect();
    // Built once, so that the attacker uses little of the machine.
    let batch = request("POST", "/api/redemptions/batch", format!("[{}]", rows.join(",")).as_bytes());
    while !stop.load(Ordering::Relaxed) {
        let Ok(mut raw) = Raw::connect(address, client(from)).await else { continue };
        while !stop.load(Ordering::Relaxed) {
            raw.send_until_closed(&batch).await;
            let Ok(response) = raw.response().await else { break };
            if response.status == 200 {
                sent.fetch_add(1, Ordering::Relaxed);
            }
        }
    }
}
