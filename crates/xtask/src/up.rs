//! `cargo xtask up`: builds and starts everything.

use std::os::unix::process::CommandExt;

use crate::places;
use crate::process::{cargo, command, run};
use crate::ui::{Result, say};
use crate::web;

/// Not the release profile: that takes three times as long to build, and importing the examples takes two seconds
/// either way. `cargo xtask test` can also reuse most of this build.
const PROFILE: &str = "dev";
/// Cargo's output folder for that profile.
const FOLDER: &str = "debug";

/// Returns only on failure: this process becomes the server, so that signals reach it directly.
pub fn up(arguments: &[String]) -> Result<()> {
    web::build()?;
    say("building the server");
    run(cargo().args(["build", "--package", "offercast", "--bin", "offercast", "--profile", PROFILE]))?;
    let error = command(places::target().join(FOLDER).join("offercast"))
        .arg("up")
        .args(arguments)
        .env("OFFERCAST_WEB_DIR", web::dist())
        .exec();
    Err(format!("the server could not be started: {error}").into())
}
