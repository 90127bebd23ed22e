//! `cargo xtask prove`: that no limit is passed and no redemption lost or doubled, whatever dies meanwhile.

use std::path::Path;

use crate::places;
use crate::process::{cargo, run};
use crate::ui::{Result, say};

/// Ten minutes of the server as it is shipped, unless told otherwise.
pub fn prove(arguments: &[String]) -> Result<()> {
    say("building the release server");
    run(cargo().args(["build", "--release", "--package", "offercast"]))?;
    let mut all = vec!["--seconds".to_owned(), "600".to_owned()];
    all.extend_from_slice(arguments);
    with(&places::target().join("release/offercast"), &all)
}

/// A quarter of a minute of the same, with the same plan each time.
pub fn briefly(program: &Path) -> Result<()> {
    with(program, &["--seconds", "15", "--seed", "1"].map(str::to_owned))
}

fn with(program: &Path, arguments: &[String]) -> Result<()> {
    let mut prover = cargo();
    prover.args(["test", "--quiet", "--package", "offercast-tests", "--test", "prove", "--", "--program"]);
    run(prover.arg(program).args(arguments))
}
