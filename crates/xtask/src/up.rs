//! `cargo xtask up`: everything from nothing.

use std::os::unix::process::CommandExt;

use crate::places;
use crate::process::{cargo, command, run};
use crate::ui::{Result, say};
use crate::web;

/// A build that is as fast to run as one in production: the sample data loads and forecasts in a fraction of the time.
const PROFILE: &str = "release";

/// Does not come back when all is well: this process becomes the server, so that signals reach it directly.
pub fn up(arguments: &[String]) -> Result<()> {
    web::build()?;
    say("building the server");
    run(cargo().args(["build", "--package", "offercast", "--bin", "offercast", "--profile", PROFILE]))?;
    let error = command(places::target().join(PROFILE).join("offercast"))
        .arg("up")
        .args(arguments)
        .env("OFFERCAST_WEB_DIR", web::dist())
        .exec();
    Err(format!("the server could not be started: {error}").into())
}
