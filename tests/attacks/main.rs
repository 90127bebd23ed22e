//! The part `attacks` of `cargo xtask test`: attacks by clients that can reach the port. Each attack starts its own
//! `offercast api`. Afterwards the process must still run, use little memory and serve a shop.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "an attack that cannot be run must fail, and the program prints a report"
)]

mod bombs;
mod cross_site;
mod disk;
mod guesses;
mod limits;
mod oversized;
mod raw;
mod slow;
mod target;

#[path = "../prove/test_disk.rs"]
mod test_disk;

use std::path::Path;
use std::pin::Pin;
use std::process::ExitCode;
use std::time::Instant;

use offercast_database::{Options, Server, migrate};
use target::Target;
use test_disk::TestDisk;

/// A summary, or the reason why the server failed the test.
type Outcome = Result<String, String>;

type Attempt<'a> = Pin<Box<dyn Future<Output = Outcome> + 'a>>;

struct Attack {
    name: &'static str,
    /// Settings of the attacked server that differ from the defaults.
    settings: &'static [(&'static str, &'static str)],
    run: for<'a> fn(&'a Target, &'a Option<TestDisk>) -> Attempt<'a>,
}

/// Timeouts short enough for a test.
const SHORT_TIMEOUTS: &[(&str, &str)] = &[
    ("OFFERCAST_HEAD_TIMEOUT", "2"),
    ("OFFERCAST_BODY_TIMEOUT", "2"),
    ("OFFERCAST_ANSWER_TIMEOUT", "3"),
    ("OFFERCAST_IDLE_TIMEOUT", "3"),
];
const MANY_CONNECTIONS: &[(&str, &str)] =
    &[("OFFERCAST_MAX_CONNECTIONS", "12000"), ("OFFERCAST_MAX_CONNECTIONS_PER_ADDRESS", "500")];

const ATTACKS: &[Attack] = &[
    Attack { name: "bombs", settings: &[], run: |target, _| Box::pin(bombs::attack(target)) },
    Attack { name: "oversized", settings: &[], run: |target, _| Box::pin(oversized::attack(target)) },
    Attack { name: "cross-site", settings: &[], run: |target, _| Box::pin(cross_site::attack(target)) },
    Attack { name: "slow heads", settings: SHORT_TIMEOUTS, run: |target, _| Box::pin(slow::heads(target)) },
    Attack { name: "slow bodies", settings: SHORT_TIMEOUTS, run: |target, _| Box::pin(slow::bodies(target)) },
    Attack {
        name: "slow readers",
        settings: SHORT_TIMEOUTS,
        run: |target, _| Box::pin(slow::readers(target)),
    },
    Attack { name: "idle", settings: MANY_CONNECTIONS, run: |target, _| Box::pin(limits::idle(target)) },
    Attack { name: "streams", settings: &[], run: |target, _| Box::pin(limits::streams(target)) },
    Attack { name: "exports", settings: &[], run: |target, _| Box::pin(limits::exports(target)) },
    Attack { name: "guesses", settings: &[], run: |target, _| Box::pin(guesses::attack(target)) },
    Attack { name: "full disk", settings: &[], run: |target, disk| Box::pin(disk::attack(target, disk)) },
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
    limits::raise_open_files();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    if runtime.block_on(attack_all(&program, only.as_deref())) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Runs the attacks. Returns whether the server withstood all of them.
async fn attack_all(program: &str, only: Option<&str>) -> bool {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("attacks");
    let server = start_database(&folder).await;
    let disk = TestDisk::mount(&folder.join("postgres").canonicalize().unwrap(), &server.owner_url()).await;
    if let Err(error) = &disk {
        println!("skipping the full disk: no disk can be mounted ({error})");
    }
    migrate(&server.owner_url()).await.unwrap();
    target::create_offers(&Target::start(program, &server.application_url(), &[]).await).await.unwrap();
    let disk = disk.ok();
    let mut is_safe = true;
    for attack in ATTACKS.iter().filter(|attack| only.is_none_or(|only| only == attack.name)) {
        is_safe &= run_attack(attack, program, &server.application_url(), &disk).await;
    }
    is_safe
}

async fn start_database(folder: &Path) -> Server {
    if let Ok(postgres) = folder.join("postgres").canonicalize() {
        TestDisk::clear(&postgres);
    }
    if folder.exists() {
        std::fs::remove_dir_all(folder).unwrap();
    }
    Server::start(folder, Options::durable().say(|_| ())).await.unwrap()
}

async fn run_attack(attack: &Attack, program: &str, url: &str, disk: &Option<TestDisk>) -> bool {
    let started = Instant::now();
    let mut target = Target::start(program, url, attack.settings).await;
    let outcome = (attack.run)(&target, disk).await;
    let state = target.check().await;
    let seconds = started.elapsed().as_secs_f64();
    match (outcome, state) {
        (Ok(summary), Ok(megabytes)) => {
            println!("{:<14} {seconds:>5.1} s {megabytes:>4.0} MB at most; {summary}", attack.name);
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

/// Fails with this message if the condition is false.
fn ensure(condition: bool, message: impl FnOnce() -> String) -> Result<(), String> {
    if condition { Ok(()) } else { Err(message()) }
}
