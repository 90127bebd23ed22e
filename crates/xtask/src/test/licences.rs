//! cargo-deny, with deny.toml.

use crate::process::run;
use crate::tools::cargo_deny;
use crate::ui::Result;

pub fn check() -> Result<()> {
    // The advisories are the part `supply`: their database is not in the registry.
    run(cargo_deny()?.args(["check", "--hide-inclusion-graph", "licenses", "bans", "sources"]))
}
