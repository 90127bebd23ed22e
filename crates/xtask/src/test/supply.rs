//! Checks that no dependency was yanked or has known vulnerabilities. The registries know what was yanked. Advisories
//! come from another source; if it cannot be reached, they are reported as not checked.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::places::{self, OwnFolder};
use crate::process::{cargo, command, run};
use crate::tools::cargo_deny;
use crate::ui::{Context, Result, not_checked, say};

const LOCK_FILES: [&str; 2] = ["Cargo.lock", "tools/wasm-bindgen/Cargo.lock"];
const NPM_FOLDERS: [&str; 3] = ["frontend", "tests/browser", "crates/database/postgresql"];

pub fn check() -> Result<()> {
    for lock_file in LOCK_FILES {
        check_yanked(lock_file)?;
    }
    rustsec()?;
    NPM_FOLDERS.iter().try_for_each(|folder| npm(folder))
}

// -- Yanked versions

/// The name and version of a crate.
type Locked = (String, String);

/// With a lock file, cargo accepts yanked versions. Without one, resolving the same versions fails at the first yanked
/// one. The others are found by removing it and resolving again.
fn check_yanked(lock_file: &str) -> Result<()> {
    let text = fs::read_to_string(places::root().join(lock_file)).context(lock_file)?;
    let mut locked = locked(&text);
    if locked.is_empty() {
        return Err(format!("{lock_file} has no crates: its format is unknown").into());
    }
    say(format!("checking the {} crates of {lock_file} for yanked versions", locked.len()));
    let folder = OwnFolder::make("yanked")?;
    let mut yanked = Vec::new();
    while let Some(found) = first_yanked(folder.path(), &locked)? {
        locked.remove(&found);
        yanked.push(format!("{} {}", found.0, found.1));
    }
    if yanked.is_empty() {
        return Ok(());
    }
    let yanked = yanked.join(", ");
    Err(format!("{lock_file} has yanked versions: {yanked}; run `cargo update -p NAME`").into())
}

/// The crates in a lock file that come from the registry.
fn locked(lock_file: &str) -> BTreeSet<Locked> {
    let packages =
        lock_file.split("[[package]]").filter(|package| package.contains("\nsource = \"registry+"));
    packages.filter_map(|package| Some((field(package, "name")?, field(package, "version")?))).collect()
}

fn field(package: &str, name: &str) -> Option<String> {
    let (_, rest) = package.split_once(&format!("\n{name} = \""))?;
    Some(rest.split('"').next()?.to_owned())
}

fn first_yanked(folder: &Path, locked: &BTreeSet<Locked>) -> Result<Option<Locked>> {
    fs::create_dir_all(folder.join("src")).context(folder.display())?;
    fs::write(folder.join("src/lib.rs"), "").context(folder.display())?;
    fs::write(folder.join("Cargo.toml"), manifest(locked)).context(folder.display())?;
    let output = cargo().arg("generate-lockfile").current_dir(folder).output().context("cargo")?;
    if output.status.success() {
        return Ok(None);
    }
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    let found = yanked_in(&text).filter(|found| locked.contains(found));
    found.map(Some).ok_or_else(|| format!("the check for yanked versions failed: {text}").into())
}

/// The manifest of a package that depends on exactly these versions.
fn manifest(locked: &BTreeSet<Locked>) -> String {
    let head = "[package]\nname = \"locked\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[workspace]\n[dependencies]\n";
    let lines = locked.iter().enumerate().map(|(number, (name, version))| {
        format!(
            "c{number} = {{ package = \"{name}\", version = \"={version}\", default-features = false }}\n"
        )
    });
    head.to_owned() + &lines.collect::<String>()
}

/// Parses an error of cargo: "failed to select a version for the requirement `NAME = "=VERSION"`", followed by a line
/// with "version VERSION is yanked".
fn yanked_in(text: &str) -> Option<Locked> {
    let (_, requirement) = text.split_once("for the requirement `")?;
    let (name, rest) = requirement.split_once(" = \"=")?;
    let version = rest.split('"').next()?;
    text.contains(&format!("version {version} is yanked")).then(|| (name.to_owned(), version.to_owned()))
}

// -- Known vulnerabilities

/// cargo-deny fetches RUSTSEC's database. Without a network, a database that was fetched earlier is used.
fn rustsec() -> Result<()> {
    let fetched = output_of(cargo_deny()?.args(["fetch", "db"]))?;
    let mut check = cargo_deny()?;
    check.args(["check", "--hide-inclusion-graph"]);
    if !fetched.0 {
        let offline = ["--disable-fetch", "advisories"];
        let (passed, text) =
            output_of(cargo_deny()?.args(["check", "--hide-inclusion-graph"]).args(offline))?;
        if !passed && !text.contains("advisories FAILED") {
            not_checked(
                "RUSTSEC advisories: their database could not be fetched and there is no earlier copy",
            );
            return Ok(());
        }
        check.arg("--disable-fetch");
    }
    run(check.arg("advisories"))
}

/// npm's registry has the advisories; a mirror may not.
fn npm(folder: &str) -> Result<()> {
    let mut audit = command("npm");
    audit.args(["audit", "--package-lock-only", "--json", "--prefix"]).arg(places::root().join(folder));
    let (passed, text) = output_of(&mut audit)?;
    if !text.contains("\"auditReportVersion\"") {
        not_checked(format!("npm advisories of {folder}: the registry does not provide them"));
        return Ok(());
    }
    if passed {
        return Ok(());
    }
    Err(format!("packages of {folder} have known vulnerabilities: run `npm audit --prefix {folder}`").into())
}

/// Runs a command; returns whether it succeeded, and all of its output.
fn output_of(command: &mut Command) -> Result<(bool, String)> {
    let output = command.output().context(command.get_program().to_string_lossy().into_owned())?;
    let text = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    Ok((output.status.success(), text.concat()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = "version = 4\n\n[[package]]\nname = \"ours\"\nversion = \"0.1.0\"\n\n[[package]]\nname = \"futures-util\"\nversion = \"0.3.30\"\nsource = \"registry+https://example.org\"\nchecksum = \"00\"\n";

    fn futures() -> Locked {
        ("futures-util".to_owned(), "0.3.30".to_owned())
    }

    #[test]
    fn crates_of_the_workspace_are_not_checked() {
        assert_eq!(locked(LOCK), BTreeSet::from([futures()]));
        assert!(manifest(&locked(LOCK)).contains("package = \"futures-util\", version = \"=0.3.30\""));
    }

    #[test]
    fn only_the_error_for_a_yanked_version_is_recognised() {
        let text = "error: failed to select a version for the requirement `futures-util = \"=0.3.30\"`\n  version 0.3.30 is yanked\n";
        assert_eq!(yanked_in(text), Some(futures()));
        assert_eq!(yanked_in("error: failed to select a version for the requirement `a = \"=1.0.0\"`"), None);
        assert_eq!(yanked_in("error: no network"), None);
    }

    /// This version was yanked in 2024.
    #[test]
    fn a_yanked_version_is_found_in_the_registry() {
        let folder = OwnFolder::make("yanked-test").expect("a folder");
        let found = first_yanked(folder.path(), &locked(LOCK)).expect("a result");
        assert_eq!(found, Some(futures()));
        assert_eq!(first_yanked(folder.path(), &BTreeSet::new()).expect("a result"), None);
    }
}
