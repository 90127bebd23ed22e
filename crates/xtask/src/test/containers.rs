//! No container engine is needed: the files are read, and what they name is looked for.

use super::rust;
use crate::process::{command, run};
use crate::tools;
use crate::ui::Result;

pub fn check() -> Result<()> {
    let venv = tools::venv()?;
    run(command(venv.program("python")).arg("deploy/check.py").arg(rust::server_program()?))
}
