//! Where things are.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::ui::{Context, Result, say};

/// The repository.
pub fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.ancestors().nth(2).unwrap_or(manifest).to_owned()
}

/// Cargo's target folder.
pub fn target() -> PathBuf {
    variable("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// What we keep between runs but could make again: databases, stamps, logs.
pub fn scratch() -> PathBuf {
    target().join("xtask")
}

/// A folder of this process's own, so that several may run at once; it goes when this is dropped.
pub struct OwnFolder(PathBuf);

impl OwnFolder {
    pub fn make(name: &str) -> Result<Self> {
        let path = scratch().join(format!("{name}-{}", std::process::id()));
        fs::create_dir_all(&path).context(path.display())?;
        Ok(Self(path))
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for OwnFolder {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            say(format!("{} could not be removed: {error}", self.0.display()));
        }
    }
}

/// The one place that reads the environment.
#[expect(
    clippy::disallowed_methods,
    reason = "the settings of the machine's user, of which Offercast's own settings are no part"
)]
pub fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Milliseconds since 1970: a number that no earlier run has had.
#[expect(clippy::disallowed_methods, reason = "it tells runs and delays apart, and nothing is decided by it")]
pub fn moment() -> u128 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis()
}
