//! Generates and checks `.sqlx`, the committed descriptions of the queries.
//!
//! sqlx's macros write a description of each query when they are compiled with `SQLX_OFFLINE` off, a `DATABASE_URL` and
//! an output folder. These variables must be set for the storage crate only: apalis-postgres has its own queries, which
//! would then be checked against the database too. So xtask acts as cargo's wrapper around rustc and sets the variables
//! for that crate.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode};

use crate::database::Database;
use crate::places::{self, OwnFolder, variable};
use crate::process::{cargo, run};
use crate::ui::{Context, Result, say};

const CRATE: &str = "offercast_storage";
const PACKAGE: &str = "offercast-storage";
/// Set only when xtask runs as the wrapper.
const URL: &str = "OFFERCAST_XTASK_SQLX_URL";
const FOLDER: &str = "OFFERCAST_XTASK_SQLX_FOLDER";

/// Regenerates `.sqlx`. If the crate does not compile, the descriptions that were generated are still written, because
/// the crate may need them to compile.
pub fn renew() -> Result<()> {
    let (fresh, compiled) = describe()?;
    let committed = places::root().join(".sqlx");
    fs::create_dir_all(&committed).context(".sqlx cannot be created")?;
    let old = read(&committed)?;
    if compiled.is_ok() {
        for name in old.keys().filter(|name| !fresh.contains_key(*name)) {
            fs::remove_file(committed.join(name)).context(name)?;
        }
    }
    for (name, text) in &fresh {
        fs::write(committed.join(name), text).context(name)?;
    }
    let changed = changes(&old, &fresh).len();
    say(format!(".sqlx: {} queries described, {changed} changed", fresh.len()));
    compiled
}

/// Fails if `.sqlx` does not match the queries and the schema.
pub fn check() -> Result<()> {
    let (fresh, compiled) = describe()?;
    compiled?;
    let changes = changes(&read(&places::root().join(".sqlx"))?, &fresh);
    if changes.is_empty() {
        return Ok(());
    }
    Err(format!(".sqlx is stale ({}); run `cargo xtask sqlx` and commit it", changes.join(", ")).into())
}

type Descriptions = BTreeMap<String, String>;

/// Compiles the storage crate against a database with the schema. Also returns whether it compiled.
fn describe() -> Result<(Descriptions, Result<()>)> {
    let database = Database::start("sqlx")?;
    let folder = OwnFolder::make("sqlx-queries")?;
    say("compiling the queries against it");
    let own = std::env::current_exe().context("the path of xtask is unknown")?;
    let compiled = run(cargo()
        .args(["rustc", "--quiet", "--package", PACKAGE, "--lib", "--profile", "check", "--"])
        // An option that differs in each run makes cargo compile this crate again, and only this one.
        .args(["--cfg", &format!("sqlx_described_{}", places::moment())])
        .env("RUSTC_WORKSPACE_WRAPPER", own)
        .env(URL, &database.url)
        .env(FOLDER, folder.path()));
    Ok((read(folder.path())?, compiled))
}

/// Runs rustc if cargo called this program as its wrapper, otherwise returns `None`.
pub fn as_wrapper() -> Option<ExitCode> {
    let (url, folder) = (variable(URL)?, variable(FOLDER)?);
    let mut arguments = std::env::args_os().skip(1);
    let mut rustc = Command::new(arguments.next()?);
    rustc.args(arguments);
    if rustc.get_args().any(|argument| argument == CRATE) {
        rustc.env("SQLX_OFFLINE", "false").env("SQLX_OFFLINE_DIR", folder).env("DATABASE_URL", url);
    }
    let succeeded = rustc.status().is_ok_and(|status| status.success());
    Some(if succeeded { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn changes(old: &Descriptions, new: &Descriptions) -> Vec<String> {
    let names = old.keys().chain(new.keys());
    let mut changed: Vec<String> = names.filter(|name| old.get(*name) != new.get(*name)).cloned().collect();
    changed.sort();
    changed.dedup();
    changed
}

fn read(folder: &Path) -> Result<Descriptions> {
    let Ok(entries) = folder.read_dir() else {
        return Ok(Descriptions::new());
    };
    let files = entries.flatten().map(|entry| entry.path());
    files.filter(|path| path.extension().is_some_and(|e| e == "json")).map(|path| named_text(&path)).collect()
}

fn named_text(path: &Path) -> Result<(String, String)> {
    let text = fs::read_to_string(path).context(path.display())?;
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok((name, text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn added_removed_and_changed_queries_are_named() {
        let files = |list: &[(&str, &str)]| {
            list.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect::<Descriptions>()
        };
        let old = files(&[("same", "1"), ("changed", "1"), ("removed", "1")]);
        let new = files(&[("same", "1"), ("changed", "2"), ("added", "1")]);
        assert_eq!(changes(&old, &new), ["added", "changed", "removed"]);
        assert!(changes(&new, &new).is_empty());
    }
}
