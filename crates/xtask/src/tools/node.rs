//! Node and npm packages.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::on_path;
use crate::process::{command, output, run};
use crate::ui::{Result, say};

const OLDEST: u32 = 20;

/// Fails unless Node with npm is installed. It is not installed automatically, because there are too many ways to do
/// it.
pub fn require_node() -> Result<()> {
    let version = output(Command::new("node").arg("--version"));
    let major = version.as_deref().and_then(|v| v.trim_start_matches('v').split('.').next()?.parse().ok());
    if major.is_some_and(|major: u32| major >= OLDEST) && on_path("npm") {
        return Ok(());
    }
    Err(format!(
        "Node {OLDEST} or newer with npm is required{}: install it from https://nodejs.org, or run `apt-get install nodejs npm` if that is new enough",
        version.map_or_else(String::new, |version| format!(", found {version}"))
    )
    .into())
}

/// Installs the npm packages of a folder, exactly as in its package-lock.json.
pub fn packages(folder: &Path, why: &str) -> Result<()> {
    if up_to_date(folder) {
        return Ok(());
    }
    say(format!("installing npm packages: {why}"));
    run(command("npm").args(["ci", "--no-audit", "--no-fund", "--prefix"]).arg(folder))
}

/// Compares the times of two files: npm writes node_modules/.package-lock.json at the end of an installation.
fn up_to_date(folder: &Path) -> bool {
    let changed = |name: &str| fs::metadata(folder.join(name)).and_then(|m| m.modified()).ok();
    match (changed("node_modules/.package-lock.json"), changed("package-lock.json")) {
        (Some(installed), Some(wanted)) => installed >= wanted,
        _ => false,
    }
}
