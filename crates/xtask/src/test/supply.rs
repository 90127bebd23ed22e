//! What we build on is neither withdrawn nor known to be unsafe. The registries say what was withdrawn; advisories come from
//! elsewhere, and where that cannot be reached, it is said that they were not looked at.

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
        nothing_is_yanked(lock_file)?;
    }
    rustsec()?;
    NPM_FOLDERS.iter().try_for_each(|folder| npm(folder))
}

// -- What was withdrawn

/// A crate and its version.
type Locked = (String, String);

/// cargo keeps to a lock file also when a version was withdrawn meanwhile. Asked for the same versions without one, it
/// names the first that it cannot have; the others are found without that.
fn nothing_is_yanked(lock_file: &str) -> Result<()> {
    let text = fs::read_to_string(places::root().join(lock_file)).context(lock_file)?;
    let mut locked = locked(&text);
    if locked.is_empty() {
        return Err(format!("{lock_file} has no crates: its format is not the one that is read here").into());
    }
    say(format!(
        "asking the registry whether one of the {} crates of {lock_file} was withdrawn",
        locked.len()
    ));
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
    Err(format!("{lock_file} has withdrawn versions: {yanked}; run `cargo update -p NAME`").into())
}

/// What a lock file has from the registry.
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
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let found = yanked_in(&said).filter(|found| locked.contains(found));
    found
        .map(Some)
        .ok_or_else(|| format!("the registry could not be asked for withdrawn crates: {said}").into())
}

/// A package that wants exactly these.
fn manifest(locked: &BTreeSet<Locked>) -> String {
    let head = "[package]\nname = \"locked\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[workspace]\n[dependencies]\n";
    let lines = locked.iter().enumerate().map(|(number, (name, version))| {
        format!(
            "c{number} = {{ package = \"{name}\", version = \"={version}\", default-features = false }}\n"
        )
    });
    head.to_owned() + &lines.collect::<String>()
}

/// "failed to select a version for the requirement `NAME = "=VERSION"`", and on the next line "version VERSION is yanked".
fn yanked_in(said: &str) -> Option<Locked> {
    let (_, requirement) = said.split_once("for the requirement `")?;
    let (name, rest) = requirement.split_once(" = \"=")?;
    let version = rest.split('"').next()?;
    said.contains(&format!("version {version} is yanked")).then(|| (name.to_owned(), version.to_owned()))
}

// -- What is known to be unsafe

/// cargo-deny fetches the database of RUSTSEC; without a network an earlier one serves for a while.
fn rustsec() -> Result<()> {
    let fetched = output_of(cargo_deny()?.args(["fetch", "db"]))?;
    let mut check = cargo_deny()?;
    check.args(["check", "--hide-inclusion-graph"]);
    if !fetched.0 {
        let offline = ["--disable-fetch", "advisories"];
        let (passed, said) =
            output_of(cargo_deny()?.args(["check", "--hide-inclusion-graph"]).args(offline))?;
        if !passed && !said.contains("advisories FAILED") {
            not_checked("RUSTSEC advisories: their database is not here and cannot be fetched");
            return Ok(());
        }
        check.arg("--disable-fetch");
    }
    run(check.arg("advisories"))
}

/// npm's registry knows the advisories; a mirror may not.
fn npm(folder: &str) -> Result<()> {
    let mut audit = command("npm");
    audit.args(["audit", "--package-lock-only", "--json", "--prefix"]).arg(places::root().join(folder));
    let (passed, said) = output_of(&mut audit)?;
    if !said.contains("\"auditReportVersion\"") {
        not_checked(format!("npm advisories of {folder}: the registry does not tell them"));
        return Ok(());
    }
    if passed {
        return Ok(());
    }
    Err(format!("packages of {folder} have known flaws: run `npm audit --prefix {folder}`").into())
}

/// Whether it succeeded, and all that it said.
fn output_of(command: &mut Command) -> Result<(bool, String)> {
    let output = command.output().context(command.get_program().to_string_lossy().into_owned())?;
    let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    Ok((output.status.success(), said.concat()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = "version = 4\n\n[[package]]\nname = \"ours\"\nversion = \"0.1.0\"\n\n[[package]]\nname = \"futures-util\"\nversion = \"0.3.30\"\nsource = \"registry+https://example.org\"\nchecksum = \"00\"\n";

    fn futures() -> Locked {
        ("futures-util".to_owned(), "0.3.30".to_owned())
    }

    #[test]
    fn a_lock_file_is_read_without_crates_of_ours() {
        assert_eq!(locked(LOCK), BTreeSet::from([futures()]));
        assert!(manifest(&locked(LOCK)).contains("package = \"futures-util\", version = \"=0.3.30\""));
    }

    #[test]
    fn a_withdrawn_version_is_recognised_and_nothing_else() {
        let said = "error: failed to select a version for the requirement `futures-util = \"=0.3.30\"`\n  version 0.3.30 is yanked\n";
        assert_eq!(yanked_in(said), Some(futures()));
        assert_eq!(yanked_in("error: failed to select a version for the requirement `a = \"=1.0.0\"`"), None);
        assert_eq!(yanked_in("error: no network"), None);
    }

    /// This version was withdrawn in 2024.
    #[test]
    fn the_registry_says_what_was_withdrawn() {
        let folder = OwnFolder::make("yanked-test").expect("a folder");
        let found = first_yanked(folder.path(), &locked(LOCK)).expect("an answer");
        assert_eq!(found, Some(futures()));
        assert_eq!(first_yanked(folder.path(), &BTreeSet::new()).expect("an answer"), None);
    }
}
