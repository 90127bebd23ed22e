//! Where things are.

use std::path::{Path, PathBuf};

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

/// The one place that reads the environment.
#[expect(
    clippy::disallowed_methods,
    reason = "the settings of the machine's user, of which Offercast's own settings are no part"
)]
pub fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
