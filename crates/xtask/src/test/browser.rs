//! Runs the tests in tests/browser.

use std::path::PathBuf;

use super::rust;
use crate::database::Database;
use crate::places;
use crate::process::{command, run};
use crate::server::Server;
use crate::ui::{Context, Result};
use crate::{tools, web};

pub fn journeys() -> Result<()> {
    let (folder, chromium) = browser()?;
    web::build()?;
    let program = rust::server_program()?;
    let database = Database::start("browser")?;
    let server = Server::up_on(&database, &program)?;
    let owner = server.credentials()?;
    // A second process on the same database, as behind a load balancer.
    let replica = Server::api_on(&database, &program)?;
    let mut files: Vec<PathBuf> = folder
        .read_dir()
        .context(folder.display())?
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.to_string_lossy().ends_with(".test.mjs"))
        .collect();
    files.sort();
    run(command("node")
        .args(["--test", "--test-concurrency=1", "--test-reporter=spec"])
        .args(files)
        .env("OFFERCAST_URL", &server.url)
        .env("OFFERCAST_REPLICA_URL", &replica.url)
        .env("OFFERCAST_KEY", &owner.api_key)
        .env("OFFERCAST_EMAIL", &owner.email)
        .env("OFFERCAST_PASSWORD", &owner.password)
        .env("OFFERCAST_CHROMIUM", chromium))
}

/// `cargo xtask screenshots [URL]`, for a running server with any data.
pub fn screenshots(arguments: &[String]) -> Result<()> {
    run_script(arguments, "screenshots.mjs", "docs/screenshots/all")
}

/// `cargo xtask measure [URL]`, for a running server with any data.
pub fn measure(arguments: &[String]) -> Result<()> {
    run_script(arguments, "measure.mjs", "docs/first-visit.md")
}

/// Runs a script of tests/browser against a running server. It writes its results to `into`.
fn run_script(arguments: &[String], script: &str, into: &str) -> Result<()> {
    let url = arguments.first().map_or("http://127.0.0.1:8080", String::as_str);
    let (folder, chromium) = browser()?;
    run(command("node")
        .arg(folder.join(script))
        .arg(places::root().join(into))
        .env("OFFERCAST_URL", url)
        .env("OFFERCAST_CHROMIUM", chromium))
}

fn browser() -> Result<(PathBuf, String)> {
    tools::require_node()?;
    let folder = places::root().join("tests/browser");
    tools::packages(
        &folder,
        "playwright-core drives the browser of the tests, axe-core checks accessibility",
    )?;
    Ok((folder, tools::chromium()?))
}
