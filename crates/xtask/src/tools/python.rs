//! Python's tools, in a virtual environment of their own.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use super::{cache, on_path, system};
use crate::process::{output, run};
use crate::ui::{Context, Result, say};

const SCHEMATHESIS: &str = "4.32.5";

/// The environment with schemathesis, which brings a YAML reader too.
pub struct Venv {
    folder: PathBuf,
}

impl Venv {
    pub fn program(&self, name: &str) -> PathBuf {
        self.folder.join("bin").join(name)
    }
}

pub fn venv() -> Result<Venv> {
    let folder = cache()?.join(format!("schemathesis-{SCHEMATHESIS}"));
    let venv = Venv { folder };
    // Written last, so that an interrupted install is done again.
    let complete = venv.folder.join("complete");
    if complete.is_file() && output(Command::new(venv.program("python")).arg("--version")).is_some() {
        return Ok(venv);
    }
    if !has_venv() {
        system::apt(&["python3", "python3-venv"], "Python, which runs schemathesis")?;
    }
    say(format!(
        "installing schemathesis {SCHEMATHESIS}, which tries the API against its OpenAPI document (1 minute, once)"
    ));
    run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&venv.folder))?;
    install(&venv)?;
    fs::write(&complete, SCHEMATHESIS).context(complete.display())?;
    Ok(venv)
}

fn install(venv: &Venv) -> Result<()> {
    run(Command::new(venv.program("python"))
        .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
        .arg(format!("schemathesis=={SCHEMATHESIS}")))
}

/// Debian's python3 comes without what `venv` needs.
fn has_venv() -> bool {
    on_path("python3") && output(Command::new("python3").args(["-c", "import venv, ensurepip"])).is_some()
}
