//! Checks that the OpenAPI document is valid and that the API conforms to it.

use std::path::Path;

use super::rust;
use crate::places;
use crate::process::{command, run};
use crate::server::Server;
use crate::tools::{self, Venv};
use crate::ui::Result;

/// The number of generated requests for each operation of the API, and the seed that makes them reproducible.
const EXAMPLES: &str = "100";
const SEED: &str = "20261123";

pub fn check() -> Result<()> {
    let venv = tools::venv()?;
    let files = places::root().join("tests/schemathesis");
    check_document(&venv, &files)?;
    check_server(&venv, &files)
}

/// Checks the committed document. A test of the part `rust` compares it with the code.
fn check_document(venv: &Venv, files: &Path) -> Result<()> {
    run(command(venv.program("python")).arg(files.join("document.py")).arg("docs/openapi.json"))
}

fn check_server(venv: &Venv, files: &Path) -> Result<()> {
    let server = Server::start(&rust::server_program()?, &[])?;
    let key = server.credentials()?.api_key;
    run(command(venv.program("schemathesis"))
        .arg("--config-file")
        .arg(files.join("schemathesis.toml"))
        .arg("run")
        .arg(format!("{}/api/openapi.json", server.url))
        .args(["--header", &format!("Authorization: Bearer {key}")])
        .args(["--max-examples", EXAMPLES, "--seed", SEED])
        // The time to generate a request depends on the machine, not on the API.
        .args(["--suppress-health-check", "too_slow"])
        .env("OFFERCAST_KEY", &key)
        .env("SCHEMATHESIS_HOOKS", files.join("hooks.py"))
        // schemathesis writes its findings to the working directory.
        .current_dir(places::scratch()))
}
