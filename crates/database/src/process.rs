//! Runs PostgreSQL's programs.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::Error;

/// A command without the caller's environment: PostgreSQL settings (`PGPORT`, `PGDATA`, ...), locale, working
/// directory.
pub(crate) fn isolated(program: &Path, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.env_clear().env("PATH", "/usr/local/bin:/usr/bin:/bin").current_dir(folder).stdin(Stdio::null());
    command
}

/// Runs the command to its end and returns its standard output. An error contains the program's output.
pub(crate) fn run(command: &mut Command) -> Result<String, Error> {
    let shown = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|source| Error::Spawn { command: shown.clone(), source })?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    if output.status.success() {
        Ok(text(&output.stdout))
    } else {
        Err(Error::Failed {
            command: shown,
            output: format!("{} {}", text(&output.stderr), text(&output.stdout)),
        })
    }
}
