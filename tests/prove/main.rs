//! `cargo xtask prove`: puts a real API under full load while processes are killed, the database crashes, its disk is
//! full and clients disconnect, then compares every response with the database.
//!
//! The checker shares no code with the server: it sends HTTP requests, reads tables and recomputes everything.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a proof that cannot continue must fail, and the program prints a report"
)]
#![expect(clippy::disallowed_types, reason = "the checker reads responses as untyped JSON")]

mod check;
mod client;
mod faults;
mod offers;
mod test_disk;
mod transcript;
mod world;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use transcript::Transcript;
use world::World;

/// The parameters of a run. The same seed gives the same requests and faults.
struct Plan {
    seconds: u64,
    seed: u64,
    program: String,
}

const USAGE: &str = "usage: prove --program PATH [--seconds N] [--seed N]";
const CLIENTS: u32 = 32;

fn main() -> ExitCode {
    let Some(plan) = Plan::parse(std::env::args().skip(1)) else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let findings = runtime.block_on(prove(&plan));
    for finding in findings.iter().take(50) {
        println!("FOUND: {finding}");
    }
    if findings.is_empty() {
        println!("No redemption was lost or applied twice, and no limit was exceeded.");
        return ExitCode::SUCCESS;
    }
    println!("{} findings; to repeat the run: --seed {}", findings.len(), plan.seed);
    ExitCode::FAILURE
}

async fn prove(plan: &Plan) -> Vec<String> {
    println!("seed {}, {} s, {CLIENTS} clients, 2 API processes, 1 worker", plan.seed, plan.seconds);
    let world = Arc::new(World::new(&plan.program).await);
    let codes = Arc::new(offers::create(&world).await);
    let started = Instant::now();
    let end = started + Duration::from_secs(plan.seconds);
    let clients: Vec<_> = (0..CLIENTS)
        .map(|number| tokio::spawn(client::run(world.clone(), codes.clone(), number, plan.seed, end)))
        .collect();
    let staff = tokio::spawn(offers::edit(world.clone(), plan.seed, end));
    let faults = faults::inject(&world, plan.seed, end).await;
    let pauses = staff.await.unwrap();
    let mut transcripts: Vec<Transcript> = Vec::new();
    for client in clients {
        transcripts.extend(client.await.unwrap());
    }
    client::resolve(&world, &mut transcripts).await;
    let requests: usize = transcripts.iter().map(Transcript::requests).sum();
    println!(
        "{} orders in {requests} requests, {faults}, {:.0} s",
        transcripts.len(),
        started.elapsed().as_secs_f64()
    );
    println!("{}", transcript::summary(&transcripts));
    let findings = check::check(&world, &transcripts, &pauses).await;
    let mut all = findings;
    all.extend(check::check_detects_corruptions(&world, &transcripts, &pauses).await);
    all
}

impl Plan {
    fn parse(mut arguments: impl Iterator<Item = String>) -> Option<Plan> {
        let mut plan = Plan { seconds: 20, seed: fastrand::u64(..1_000_000), program: String::new() };
        while let Some(name) = arguments.next() {
            let value = arguments.next()?;
            match name.as_str() {
                "--seconds" => plan.seconds = value.parse().ok()?,
                "--seed" => plan.seed = value.parse().ok()?,
                "--program" => plan.program = value,
                _ => return None,
            }
        }
        (!plan.program.is_empty()).then_some(plan)
    }
}
