//! Batches of codes that nobody has issued, while a shop redeems.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::raw::{Raw, client, request};
use crate::target::{Target, order};
use crate::{Outcome, ensure};

const CONNECTIONS: usize = 100;
const ROWS: usize = 1_000;
const FIRST_CLIENT: u8 = 20;
/// With and without the attack, one after the other, so that both see the same machine.
const ROUNDS: usize = 3;
const ROUND: Duration = Duration::from_secs(5);
/// By how much the 99th percentile of the shop may grow in a debug build, where a row costs ten times what it costs in a
/// release build. It grew by 1.3 to 3.1; when batches ran on the threads of the web server, by 190.
const MOST: f64 = 10.0;

pub async fn attack(target: &Target) -> Outcome {
    let (mut quiet, mut attacked) = (Vec::new(), Vec::new());
    // The first order finds cold caches.
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
        "p99 of the shop {:.1} ms, and {:.1} ms under {batches} batches of guesses",
        quiet.as_secs_f64() * 1e3,
        attacked.as_secs_f64() * 1e3
    );
    ensure(attacked.as_secs_f64() <= MOST * quiet.as_secs_f64(), || figures.clone())?;
    Ok(figures)
}

/// The 99th percentile of the times that a shop's orders take.
async fn measure(target: &Target) -> Result<Duration, String> {
    let mut shop = target.shop().await;
    let mut times = Vec::new();
    let begin = Instant::now();
    while begin.elapsed() < ROUND {
        let started = Instant::now();
        shop.send_all_it_takes(&order()).await;
        let answer = shop.answer().await?;
        ensure(answer.status == 201, || format!("the shop is not served: {answer:?}"))?;
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

    /// Gives the number of batches that were answered.
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
    // Made once: the attacker is not to take the machine away from the server and the shop.
    let batch = request("POST", "/api/redemptions/batch", format!("[{}]", rows.join(",")).as_bytes());
    while !stop.load(Ordering::Relaxed) {
        let Ok(mut raw) = Raw::connect(address, client(from)).await else { continue };
        while !stop.load(Ordering::Relaxed) {
            raw.send_all_it_takes(&batch).await;
            let Ok(answer) = raw.answer().await else { break };
            if answer.status == 200 {
                sent.fetch_add(1, Ordering::Relaxed);
            }
        }
    }
}
