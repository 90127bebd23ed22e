//! The part `attacks` of `cargo xtask test`: what somebody may do who can reach the port. Every attack is against an
//! `offercast api` of its own; after each the process has to live, to be small, and to serve a shop.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "an attack that cannot be tried fails, and it reports"
)]

mod bombs;
mod crowds;
mod disk;
mod guesses;
mod oversized;
mod raw;
mod slow;
mod strangers;
mod target;

#[path = "../prove/space.rs"]
mod space;

use std::path::Path;
use std::pin::Pin;
use std::process::ExitCode;
use std::time::Instant;

use offercast_database::{Options, Server, migrate};
use space::Space;
use target::Target;

/// What was seen, or why the server has failed.
type Outcome = Result<String, String>;

type Attempt<'a> = Pin<Box<dyn Future<Output = Outcome> + 'a>>;

struct Attack {
    name: &'static str,
    /// Of the server that is attacked, where they differ from the defaults.
    settings: &'static [(&'static str, &'static str)],
    run: for<'a> fn(&'a Target, &'a Option<Space>) -> Attempt<'a>,
}

/// Shorter ones than anybody would set: what is tried is that there are any.
const IMPATIENT: &[(&str, &str)] = &[
    ("OFFERCAST_HEAD_TIMEOUT", "2"),
    ("OFFERCAST_BODY_TIMEOUT", "2"),
    ("OFFERCAST_ANSWER_TIMEOUT", "3"),
    ("OFFERCAST_IDLE_TIMEOUT", "3"),
];
const ROOMY: &[(&str, &str)] =
    &[("OFFERCAST_MAX_CONNECTIONS", "12000"), ("OFFERCAST_MAX_CONNECTIONS_PER_ADDRESS", "500")];

const ATTACKS: &[Attack] = &[
    Attack { name: "bombs", settings: &[], run: |target, _| Box::pin(bombs::attack(target)) },
    Attack { name: "oversized", settings: &[], run: |target, _| Box::pin(oversized::attack(target)) },
    Attack { name: "strangers", settings: &[], run: |target, _| Box::pin(strangers::attack(target)) },
    Attack { name: "slow heads", settings: IMPATIENT, run: |target, _| Box::pin(slow::heads(target)) },
    Attack { name: "slow bodies", settings: IMPATIENT, run: |target, _| Box::pin(slow::bodies(target)) },
    Attack { name: "slow readers", settings: IMPATIENT, run: |target, _| Box::pin(slow::readers(target)) },
    Attack { name: "idle", settings: ROOMY, run: |target, _| Box::pin(crowds::idle(target)) },
    Attack { name: "streams", settings: &[], run: |target, _| Box::pin(crowds::streams(target)) },
    Attack { name: "exports", settings: &[], run: |target, _| Box::pin(crowds::exports(target)) },
    Attack { name: "guesses", settings: &[], run: |target, _| Box::pin(guesses::attack(target)) },
    Attack { name: "full disk", settings: &[], run: |target, space| Box::pin(disk::attack(target, space)) },
];

const USAGE: &str = "usage: attacks --program PATH [--only NAME]";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (program, only) = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["--program", program] => (program.to_owned(), None),
        ["--program", program, "--only", name] => (program.to_owned(), Some(name.to_owned())),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    crowds::raise_open_files();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    if runtime.block_on(attack_all(&program, only.as_deref())) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Whether all of them have failed.
async fn attack_all(program: &str, only: Option<&str>) -> bool {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("attacks");
    let server = start_database(&folder).await;
    let space = Space::make(&folder.join("postgres").canonicalize().unwrap(), &server.owner_url()).await;
    if let Err(error) = &space {
        println!("the disk will not be full in this run: none can be mounted ({error})");
    }
    migrate(&server.owner_url()).await.unwrap();
    target::make_offers(&Target::start(program, &server.application_url(), &[]).await).await.unwrap();
    let space = space.ok();
    let mut is_safe = true;
    for attack in ATTACKS.iter().filter(|attack| only.is_none_or(|only| only == attack.name)) {
        is_safe &= try_one(attack, program, &server.application_url(), &space).await;
    }
    is_safe
}

async fn start_database(folder: &Path) -> Server {
    if let Ok(postgres) = folder.join("postgres").canonicalize() {
        Space::clear(&postgres);
    }
    if folder.exists() {
        std::fs::remove_dir_all(folder).unwrap();
    }
    Server::start(folder, Options::durable().say(|_| ())).await.unwrap()
}

async fn try_one(attack: &Attack, program: &str, url: &str, space: &Option<Space>) -> bool {
    let started = Instant::now();
    let mut target = Target::start(program, url, attack.settings).await;
    let outcome = (attack.run)(&target, space).await;
    let state = target.check().await;
    let seconds = started.elapsed().as_secs_f64();
    match (outcome, state) {
        (Ok(seen), Ok(megabytes)) => {
            println!("{:<14} {seconds:>5.1} s {megabytes:>4.0} MB at most; {seen}", attack.name);
            return true;
        }
        (Err(failure), Ok(_)) => println!("{:<14} {seconds:>5.1} s FAILED: {failure}", attack.name),
        (Ok(_), Err(state)) => println!("{:<14} {seconds:>5.1} s FAILED: {state}", attack.name),
        (Err(failure), Err(state)) => {
            println!("{:<14} {seconds:>5.1} s FAILED: {failure}; {state}", attack.name);
        }
    }
    false
}

/// Fails with these words unless it holds.
fn ensure(holds: bool, words: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(words()) }
}
