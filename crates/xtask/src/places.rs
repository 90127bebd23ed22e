//! Folders, environment variables and time.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::ui::{Context, Result, say};

/// The root of the repository.
pub fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.ancestors().nth(2).unwrap_or(manifest).to_owned()
}

/// Cargo's target folder.
pub fn target() -> PathBuf {
    variable("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// The folder for files that are kept between runs but can be created again: databases, stamps, logs.
pub fn scratch() -> PathBuf {
    target().join("xtask")
}

/// A folder for this process only, so that several processes can run at the same time. It is deleted on drop.
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

/// An environment variable; `None` if it is unset or empty.
#[expect(clippy::disallowed_methods, reason = "settings of the machine, not of Offercast")]
pub fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Milliseconds since 1970. Also used as a unique number of a run.
#[expect(clippy::disallowed_methods, reason = "only for measuring delays and for unique names")]
pub fn moment() -> u128 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis()
}
