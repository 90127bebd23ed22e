//! schemathesis against a running server.

use super::rust;
use crate::places;
use crate::process::{command, run};
use crate::server::Server;
use crate::tools;
use crate::ui::Result;

/// The number of generated requests for each call of the API, and the seed that makes them the same every time.
const EXAMPLES: &str = "100";
const SEED: &str = "20261123";

pub fn check() -> Result<()> {
    let venv = tools::venv()?;
    let server = Server::start(&rust::server_program()?, &[])?;
    let files = places::root().join("tests/schemathesis");
    run(command(venv.program("schemathesis"))
        .arg("--config-file")
        .arg(files.join("schemathesis.toml"))
        .arg("run")
        .arg(format!("{}/api/openapi.json", server.url))
        .args(["--max-examples", EXAMPLES, "--seed", SEED])
        .env("SCHEMATHESIS_HOOKS", files.join("hooks.py"))
        // Where it leaves what it found.
        .current_dir(places::scratch()))
}
