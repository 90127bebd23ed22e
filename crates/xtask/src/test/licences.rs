//! Runs cargo-deny with deny.toml.

use crate::process::run;
use crate::tools::cargo_deny;
use crate::ui::Result;

pub fn check() -> Result<()> {
    // Advisories are checked by the part `supply`, because their database must be fetched from elsewhere.
    run(cargo_deny()?.args(["check", "--hide-inclusion-graph", "licenses", "bans", "sources"]))
}
