//! Finds PostgreSQL's programs.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::package;
use crate::{Error, account::Account};

/// The oldest major version that is supported.
const OLDEST: u32 = 15;

/// Where to take PostgreSQL from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// An installed PostgreSQL, otherwise the pinned package.
    Any,
    /// The pinned package, even if PostgreSQL is installed. For testing the package.
    Package,
}

/// The folder of PostgreSQL's programs.
#[derive(Debug, Clone)]
pub(crate) struct Install {
    bin: PathBuf,
}

impl Install {
    /// Finds an installation for an existing cluster of this major version, or for a new cluster (`None`).
    pub(crate) fn find(
        source: Source,
        version: Option<u32>,
        account: Account,
        say: fn(&str),
    ) -> Result<Option<Self>, Error> {
        let fits = |found: u32| version.map_or(found >= OLDEST, |needed| needed == found);
        if source == Source::Any
            && let Some(found) = installed().into_iter().find(|i| i.version().is_some_and(fits))
        {
            return Ok(Some(found));
        }
        if !fits(package::MAJOR) {
            return Ok(None);
        }
        let bin = package::unpacked(account, say)?;
        Ok(Some(Self { bin }))
    }

    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.bin.join(name)
    }

    /// The major version, if this is a complete server with the extensions that the job queue needs.
    fn version(&self) -> Option<u32> {
        let complete = ["postgres", "initdb", "pg_ctl"].iter().all(|name| self.program(name).is_file());
        if !complete || !self.has_extensions() {
            return None;
        }
        // "postgres (PostgreSQL) 15.18 (Debian ...)", and "17beta1" before a release.
        let shown = output(Command::new(self.program("postgres")).arg("--version"))?;
        let number = shown.split_whitespace().nth(2)?;
        let digits = number.find(|c: char| !c.is_ascii_digit()).unwrap_or(number.len());
        number[..digits].parse().ok()
    }

    /// Some distributions have hstore and pgcrypto in a separate package. Without `pg_config` they are assumed to
    /// exist.
    fn has_extensions(&self) -> bool {
        let share = output(Command::new(self.program("pg_config")).arg("--sharedir"));
        share.is_none_or(|share| {
            let extensions = Path::new(&share).join("extension");
            ["hstore.control", "pgcrypto.control"].iter().all(|file| extensions.join(file).is_file())
        })
    }
}

/// All folders that may contain PostgreSQL's programs, the most likely first.
fn installed() -> Vec<Install> {
    let named = output(Command::new("pg_config").arg("--bindir")).map(PathBuf::from);
    let on_path = output(Command::new("sh").args(["-c", "command -v postgres"]))
        .and_then(|program| Some(Path::new(&program).parent()?.to_owned()));
    named.into_iter().chain(on_path).chain(versioned()).map(|bin| Install { bin }).collect()
}

/// Debian's folders, newest first.
fn versioned() -> Vec<PathBuf> {
    let Ok(entries) = Path::new("/usr/lib/postgresql").read_dir() else {
        return Vec::new();
    };
    let mut versions: Vec<(u32, PathBuf)> = entries
        .flatten()
        .filter_map(|entry| {
            let version = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .collect();
    versions.sort_by(|a, b| b.cmp(a));
    versions.into_iter().map(|(_, bin)| bin).collect()
}

fn output(command: &mut Command) -> Option<String> {
    let output = command.output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    (output.status.success() && !text.is_empty()).then_some(text)
}
