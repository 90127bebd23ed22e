//! Checks the container files without a container engine: parses them and checks that what they name exists.

use super::rust;
use crate::process::{command, run};
use crate::tools;
use crate::ui::Result;

pub fn check() -> Result<()> {
    let venv = tools::venv()?;
    run(command(venv.program("python")).arg("deploy/check.py").arg(rust::server_program()?))
}
