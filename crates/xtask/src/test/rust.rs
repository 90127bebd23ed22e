//! Runs cargo's own checks: formatting, clippy and tests.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::database::Database;
use crate::places::{self, OwnFolder};
use crate::process::{cargo, run};
use crate::ui::{Context, Result};

pub fn formatting() -> Result<()> {
    run(cargo().args(["fmt", "--all", "--", "--check", "-l"]))
        .map_err(|_| "some files are not formatted: run `cargo fmt --all`".into())
}

pub fn clippy() -> Result<()> {
    run(cargo().args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))?;
    run(cargo()
        .args(["clippy", "--package", "offercast-frontend", "--target", "wasm32-unknown-unknown"])
        .args(["--", "-D", "warnings"]))
}

/// Builds the server's program with the same features as the tests, so that nothing is compiled twice.
pub fn server_program() -> Result<PathBuf> {
    run(cargo().args(["build", "--workspace", "--bins", "--tests"]))?;
    Ok(places::target().join("debug/offercast"))
}

pub fn tests() -> Result<()> {
    server_program()?;
    let database = Database::start("tests")?;
    let notes = OwnFolder::make("snapshots")?;
    let references = notes.path().join("used");
    run(cargo()
        .args(["test", "--workspace", "--no-fail-fast"])
        .env("OFFERCAST_TEST_DATABASE_URL", &database.url)
        // A new or changed snapshot fails the test; no files are written to the repository.
        .env("INSTA_UPDATE", "no")
        .env("INSTA_SNAPSHOT_REFERENCES_FILE", &references))?;
    no_unused_snapshots(&references)
}

/// Fails if the repository has a snapshot that no test has used.
fn no_unused_snapshots(references: &Path) -> Result<()> {
    let used = fs::read_to_string(references).unwrap_or_default();
    let used: HashSet<PathBuf> =
        used.lines().filter_map(|line| Path::new(line).canonicalize().ok()).collect();
    let mut unused = Vec::new();
    for folder in ["crates", "frontend/src", "frontend/tests", "tests"] {
        snapshots(&places::root().join(folder), &mut unused)?;
    }
    unused.retain(|path| !used.contains(path));
    if unused.is_empty() {
        return Ok(());
    }
    let names: Vec<_> = unused.iter().map(|path| path.display().to_string()).collect();
    Err(format!("no test uses these snapshots, remove them: {}", names.join(", ")).into())
}

fn snapshots(folder: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    if !folder.is_dir() || folder.ends_with("node_modules") {
        return Ok(());
    }
    for entry in folder.read_dir().context(folder.display())?.flatten() {
        let path = entry.path();
        if path.is_dir() {
            snapshots(&path, found)?;
        } else if path.extension().is_some_and(|extension| extension == "snap") {
            found.push(path);
        }
    }
    Ok(())
}
