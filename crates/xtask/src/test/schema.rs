//! The OpenAPI document: that it is valid, and that the API does what it says.

use std::path::Path;

use super::rust;
use crate::places;
use crate::process::{command, run};
use crate::server::Server;
use crate::tools::{self, Venv};
use crate::ui::Result;

/// The number of generated requests for each call of the API, and the seed that makes them the same every time.
const EXAMPLES: &str = "100";
const SEED: &str = "20261123";

pub fn check() -> Result<()> {
    let venv = tools::venv()?;
    let files = places::root().join("tests/schemathesis");
    check_document(&venv, &files)?;
    try_server(&venv, &files)
}

/// The committed document, which a test of the Rust part holds against the code.
fn check_document(venv: &Venv, files: &Path) -> Result<()> {
    run(command(venv.program("python")).arg(files.join("document.py")).arg("docs/openapi.json"))
}

fn try_server(venv: &Venv, files: &Path) -> Result<()> {
    let server = Server::start(&rust::server_program()?, &[])?;
    run(command(venv.program("schemathesis"))
        .arg("--config-file")
        .arg(files.join("schemathesis.toml"))
        .arg("run")
        .arg(format!("{}/api/openapi.json", server.url))
        .args(["--max-examples", EXAMPLES, "--seed", SEED])
        // How long it takes to draw a request says something of the machine and nothing of the API.
        .args(["--suppress-health-check", "too_slow"])
        .env("SCHEMATHESIS_HOOKS", files.join("hooks.py"))
        // Where it leaves what it found.
        .current_dir(places::scratch()))
}
