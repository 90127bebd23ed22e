//! Python tools, in a virtual environment.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use super::{cache, on_path, system};
use crate::places;
use crate::process::{output, run};
use crate::ui::{Context, Result, say};

/// All packages with their checksums. Generated from requirements.in in the same folder, which says how.
const REQUIREMENTS: &str = "tests/schemathesis/requirements.txt";

/// The virtual environment with the packages.
pub struct Venv {
    folder: PathBuf,
}

impl Venv {
    pub fn program(&self, name: &str) -> PathBuf {
        self.folder.join("bin").join(name)
    }
}

pub fn venv() -> Result<Venv> {
    let list = places::root().join(REQUIREMENTS);
    let packages = fs::read_to_string(&list).context(list.display())?;
    let venv = Venv { folder: cache()?.join("python") };
    // Written last, so that an interrupted installation, or one of other versions, is repeated.
    let complete = venv.folder.join("complete");
    let is_current = fs::read_to_string(&complete).is_ok_and(|installed| installed == packages);
    if is_current && output(Command::new(venv.program("python")).arg("--version")).is_some() {
        return Ok(venv);
    }
    if !has_venv() {
        system::apt(&["python3", "python3-venv"], "Python, which runs the checks of the OpenAPI document")?;
    }
    say(
        "installing schemathesis and openapi-spec-validator, which check the API and its OpenAPI document (1 minute, once)",
    );
    run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&venv.folder))?;
    run(Command::new(venv.program("python"))
        .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r"])
        .arg(&list))?;
    fs::write(&complete, packages).context(complete.display())?;
    Ok(venv)
}

/// Whether the modules for virtual environments are installed. Debian's python3 does not include them.
fn has_venv() -> bool {
    on_path("python3") && output(Command::new("python3").args(["-c", "import venv, ensurepip"])).is_some()
}
