//! `cargo xtask prove`: drives a real API at full load while processes are killed, the database crashes, its disk is
//! full and clients hang up, then holds every answer that was given against what the database holds.
//!
//! The checker shares no code with the server: it speaks HTTP and reads tables, and works everything out anew.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a proof that cannot go on fails, and it reports"
)]
#![expect(clippy::disallowed_types, reason = "the checker looks at whatever the server answers")]

mod check;
mod client;
mod faults;
mod offers;
mod space;
mod told;
mod world;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use told::Told;
use world::World;

/// What is done, and how long. The same seed sends the same requests and plans the same faults.
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
        println!("Nothing lost, nothing doubled, no limit passed.");
        return ExitCode::SUCCESS;
    }
    println!("{} findings; the same again with --seed {}", findings.len(), plan.seed);
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
    let mut told: Vec<Told> = Vec::new();
    for client in clients {
        told.extend(client.await.unwrap());
    }
    client::settle(&world, &mut told).await;
    let attempts: usize = told.iter().map(Told::attempts).sum();
    println!(
        "{} orders in {attempts} requests, {faults}, {:.0} s",
        told.len(),
        started.elapsed().as_secs_f64()
    );
    println!("{}", told::summary(&told));
    let findings = check::check(&world, &told, &pauses).await;
    let mut all = findings;
    all.extend(check::can_fail(&world, &told, &pauses).await);
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
