//! `cargo xtask test`: runs all checks, part by part. The other parts run even if one fails.

mod attacks;
mod browser;
mod containers;
mod licences;
mod rust;
mod schema;
mod supply;

use std::time::{Duration, Instant};

pub use browser::{measure, screenshots};

use crate::ui::{Result, all_not_checked, say};
use crate::{fuzz, prove, sqlx, web};

struct Part {
    name: &'static str,
    about: &'static str,
    run: fn() -> Result<()>,
}

/// The parts in the order in which they run: quick parts and prerequisites of others first.
const PARTS: &[Part] = &[
    Part { name: "fmt", about: "the code is formatted", run: rust::formatting },
    Part {
        name: "licences",
        about: "licences and sources of the dependencies are allowed",
        run: licences::check,
    },
    Part {
        name: "supply",
        about: "no dependency is yanked or has known vulnerabilities",
        run: supply::check,
    },
    Part { name: "web", about: "the dashboard builds for WASM", run: web::build },
    Part { name: "sqlx", about: ".sqlx matches the queries and the schema", run: sqlx::check },
    Part { name: "clippy", about: "no warnings, for the server and the browser", run: rust::clippy },
    Part {
        name: "rust",
        about: "unit, property and integration tests on a real PostgreSQL",
        run: rust::tests,
    },
    Part { name: "fuzz", about: "no external input breaks a parser", run: fuzz::short_run },
    Part {
        name: "prove",
        about: "no redemption is lost or applied twice while processes are killed",
        run: proof,
    },
    Part {
        name: "attacks",
        about: "the server keeps running, uses little memory and serves shops under attack",
        run: attacks::all,
    },
    Part {
        name: "containers",
        about: "everything that docker-compose.yml and Dockerfile name exists",
        run: containers::check,
    },
    Part { name: "browser", about: "end-to-end tests in a real browser", run: browser::journeys },
    Part {
        name: "api",
        about: "the OpenAPI document is valid, and the API conforms to it",
        run: schema::check,
    },
];

fn proof() -> Result<()> {
    prove::short_run(&rust::server_program()?)
}

/// The parts of `cargo xtask lint`.
const LINT: &[&str] = &["fmt", "clippy"];

struct Outcome {
    name: &'static str,
    took: Duration,
    result: Result<()>,
}

pub fn lint() -> Result<()> {
    run(LINT.iter().filter_map(|name| find(name)).collect())
}

/// Runs all parts, or only those named.
pub fn test(names: &[String]) -> Result<()> {
    if names == ["--list"] {
        for part in PARTS {
            println!("{:<12} {}", part.name, part.about);
        }
        return Ok(());
    }
    if names.is_empty() {
        return run(PARTS.iter().collect());
    }
    let parts: Result<Vec<_>> = names
        .iter()
        .map(|name| {
            find(name).ok_or_else(|| {
                format!("unknown part `{name}`; `cargo xtask test --list` lists all parts").into()
            })
        })
        .collect();
    run(parts?)
}

fn find(name: &str) -> Option<&'static Part> {
    PARTS.iter().find(|part| part.name == name)
}

fn run(parts: Vec<&Part>) -> Result<()> {
    let outcomes: Vec<Outcome> = parts.into_iter().map(perform).collect();
    report(&outcomes)
}

fn perform(part: &Part) -> Outcome {
    say(format!("=== {}: {}", part.name, part.about));
    let started = Instant::now();
    let result = (part.run)();
    if let Err(error) = &result {
        say(format!("{} failed: {error}", part.name));
    }
    Outcome { name: part.name, took: started.elapsed(), result }
}

/// Prints the table of results; its last line has the numbers of passed and failed parts.
fn report(outcomes: &[Outcome]) -> Result<()> {
    println!("\n{:<12} {:>8}", "part", "seconds");
    for outcome in outcomes {
        let verdict = outcome.result.as_ref().map_or("FAILED", |()| "passed");
        println!("{:<12} {:>8.1}  {verdict}", outcome.name, outcome.took.as_secs_f64());
    }
    let total: Duration = outcomes.iter().map(|outcome| outcome.took).sum();
    println!("{:<12} {:>8.1}\n", "all", total.as_secs_f64());
    for what in all_not_checked() {
        println!("not checked: {what}");
    }
    let failed: Vec<&str> = outcomes.iter().filter(|o| o.result.is_err()).map(|o| o.name).collect();
    println!("{} passed, {} failed", outcomes.len() - failed.len(), failed.len());
    if failed.is_empty() {
        return Ok(());
    }
    Err(format!("failed: {}; run a single part with `cargo xtask test PART`", failed.join(", ")).into())
}
