//! `cargo xtask test`: everything that has to pass, part by part. A part that fails does not stop the others.

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

/// In this order: what is quick and what others need comes first.
const PARTS: &[Part] = &[
    Part { name: "fmt", about: "the code is formatted", run: rust::formatting },
    Part {
        name: "licences",
        about: "what we build on may be used, and comes from the registry",
        run: licences::check,
    },
    Part {
        name: "supply",
        about: "nothing that we build on was withdrawn or is known to be unsafe",
        run: supply::check,
    },
    Part { name: "web", about: "the dashboard builds for WASM", run: web::build },
    Part { name: "sqlx", about: ".sqlx is what the queries and the schema give", run: sqlx::check },
    Part { name: "clippy", about: "no warnings, on the server and in the browser", run: rust::clippy },
    Part {
        name: "rust",
        about: "unit, property and integration tests on a real PostgreSQL",
        run: rust::tests,
    },
    Part { name: "fuzz", about: "no input from outside breaks what reads it", run: fuzz::briefly },
    Part { name: "prove", about: "nothing lost or doubled, whatever dies meanwhile", run: proof },
    Part {
        name: "attacks",
        about: "the server lives, stays small and serves shops, whatever a client does",
        run: attacks::all,
    },
    Part {
        name: "containers",
        about: "docker-compose.yml and Dockerfile name what exists",
        run: containers::check,
    },
    Part { name: "browser", about: "the journeys of a user in a real browser", run: browser::journeys },
    Part {
        name: "api",
        about: "the OpenAPI document is valid, and the API does what it says",
        run: schema::check,
    },
];

fn proof() -> Result<()> {
    prove::briefly(&rust::server_program()?)
}

/// `cargo xtask lint`
const LINT: &[&str] = &["fmt", "clippy"];

struct Outcome {
    name: &'static str,
    took: Duration,
    result: Result<()>,
}

pub fn lint() -> Result<()> {
    run(LINT.iter().filter_map(|name| find(name)).collect())
}

/// All parts, or those named.
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
                format!("there is no part `{name}`; `cargo xtask test --list` names them").into()
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

/// The table, and as the last line the sums.
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
    Err(format!("failed: {}; run one alone with `cargo xtask test PART`", failed.join(", ")).into())
}
