//! Running other programs.

use std::path::Path;
use std::process::{Child, Command};

use crate::places;
use crate::ui::{Context, Result};

/// A command in the repository's folder.
pub fn command(program: impl AsRef<Path>) -> Command {
    let mut command = Command::new(program.as_ref());
    command.current_dir(places::root());
    command
}

/// A command that is told to end when we are killed, where the system can do that.
pub fn tethered(program: &Path) -> Command {
    if output(Command::new("setpriv").arg("--version")).is_none() {
        return command(program);
    }
    let mut tether = command("setpriv");
    tether.args(["--pdeathsig", "TERM"]).arg(program);
    tether
}

pub fn cargo() -> Command {
    command(places::variable("CARGO").unwrap_or_else(|| "cargo".to_owned()))
}

/// Runs to the end; its output is the user's to see.
pub fn run(command: &mut Command) -> Result<()> {
    let shown = shown(command);
    let status = command.status().context(format!("`{shown}` could not be started"))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("`{shown}` failed ({status}); what it said is above").into())
    }
}

/// The standard output of a command that succeeds.
pub fn output(command: &mut Command) -> Option<String> {
    let output = command.output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    output.status.success().then_some(text)
}

/// The command as one would type it.
pub fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or_default();
    std::iter::once(program)
        .chain(command.get_args())
        .map(|part| part.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}

/// A program that runs beside us and ends with us.
pub struct Service {
    child: Child,
}

impl Service {
    pub fn start(command: &mut Command) -> Result<Self> {
        let shown = shown(command);
        let child = command.spawn().context(format!("`{shown}` could not be started"))?;
        Ok(Self { child })
    }

    pub fn child(&mut self) -> &mut Child {
        &mut self.child
    }
}

impl Drop for Service {
    /// SIGTERM, so that it can end cleanly, and its end is waited for.
    fn drop(&mut self) {
        let id = self.child.id().to_string();
        if matches!(self.child.try_wait(), Ok(None)) {
            // One that cannot be told to end is gone.
            let _ = Command::new("kill").arg(id).status();
        }
        let _ = self.child.wait();
    }
}
