//! cargo-deny, with deny.toml.

use crate::process::run;
use crate::tools::cargo_deny;
use crate::ui::Result;

pub fn check() -> Result<()> {
    // Not the advisories: their database is not in the registry, and a new one must not fail an old commit.
    run(cargo_deny()?.args(["check", "--hide-inclusion-graph", "licenses", "bans", "sources"]))
}
