//! `cargo xtask prove`: checks that no limit is exceeded and that no redemption is lost or applied twice while
//! processes are killed.

use std::path::Path;

use crate::places;
use crate::process::{cargo, run};
use crate::ui::{Result, say};

/// Runs the proof against the release build, by default for ten minutes.
pub fn prove(arguments: &[String]) -> Result<()> {
    say("building the release server");
    run(cargo().args(["build", "--release", "--package", "offercast"]))?;
    let mut all = vec!["--seconds".to_owned(), "600".to_owned()];
    all.extend_from_slice(arguments);
    with(&places::target().join("release/offercast"), &all)
}

/// Runs the proof for 15 seconds with a fixed seed.
pub fn short_run(program: &Path) -> Result<()> {
    with(program, &["--seconds", "15", "--seed", "1"].map(str::to_owned))
}

fn with(program: &Path, arguments: &[String]) -> Result<()> {
    let mut prover = cargo();
    prover.args(["test", "--quiet", "--package", "offercast-tests", "--test", "prove", "--", "--program"]);
    run(prover.arg(program).args(arguments))
}
