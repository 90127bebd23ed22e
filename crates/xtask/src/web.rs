//! The dashboard: frontend/ to frontend/dist.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use crate::places;
use crate::process::{command, run};
use crate::tools::WebTools;
use crate::ui::{Context, Result, say};

/// What the dashboard is made of. Anything else may change without a new build.
const SOURCES: &[&str] = &[
    ".cargo/config.toml",
    "Cargo.lock",
    "Cargo.toml",
    "Trunk.toml",
    "crates/contract",
    "crates/domain",
    "crates/forecast",
    "deploy/compress.mjs",
    "frontend",
];

/// In `frontend`, but made by a build.
const MADE: &[&str] = &["node_modules", "dist", "generated", "target"];

/// In the built folder, so that whoever replaces that folder replaces it too.
const STAMP: &str = ".built-from";

pub fn dist() -> PathBuf {
    places::root().join("frontend/dist")
}

/// Builds the dashboard unless it is there and nothing has changed.
pub fn build() -> Result<()> {
    let sources = fingerprint()?;
    let stamp = dist().join(STAMP);
    if fs::read_to_string(&stamp).is_ok_and(|built| built == sources) {
        return Ok(());
    }
    let tools = WebTools::ensure()?;
    say("building the dashboard");
    let mut trunk = command("trunk");
    tools.on_path(&mut trunk)?;
    run(trunk.args(["build", "--release", "--config", "Trunk.toml"]))?;
    run(command("node").arg("deploy/compress.mjs").arg(dist()))?;
    fs::write(&stamp, sources).context(stamp.display())
}

fn fingerprint() -> Result<String> {
    let mut hasher = DefaultHasher::new();
    for source in SOURCES {
        hash(&places::root().join(source), &mut hasher)?;
    }
    Ok(format!("{:016x}", hasher.finish()))
}

fn hash(path: &Path, hasher: &mut DefaultHasher) -> Result<()> {
    if path.is_dir() {
        let entries = path.read_dir().context(path.display())?;
        let mut inside: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        inside.sort();
        return inside.iter().filter(|path| !is_made(path)).try_for_each(|path| hash(path, hasher));
    }
    path.strip_prefix(places::root()).unwrap_or(path).hash(hasher);
    fs::read(path).context(path.display())?.hash(hasher);
    Ok(())
}

fn is_made(path: &Path) -> bool {
    path.file_name().is_some_and(|name| MADE.iter().any(|made| name == *made))
}
