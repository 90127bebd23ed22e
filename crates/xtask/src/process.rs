//! Runs other programs.

use std::path::Path;
use std::process::{Child, Command};

use crate::places;
use crate::ui::{Context, Result};

/// A command whose working directory is the repository.
pub fn command(program: impl AsRef<Path>) -> Command {
    let mut command = Command::new(program.as_ref());
    command.current_dir(places::root());
    command
}

/// A command that gets SIGTERM when this process dies, if the system supports that.
pub fn stopped_with_parent(program: &Path) -> Command {
    if output(Command::new("setpriv").arg("--version")).is_none() {
        return command(program);
    }
    let mut wrapper = command("setpriv");
    wrapper.args(["--pdeathsig", "TERM"]).arg(program);
    wrapper
}

pub fn cargo() -> Command {
    command(places::variable("CARGO").unwrap_or_else(|| "cargo".to_owned()))
}

/// Runs the command to its end. Its output goes to the terminal.
pub fn run(command: &mut Command) -> Result<()> {
    let shown = shown(command);
    let status = command.status().context(format!("`{shown}` could not be started"))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("`{shown}` failed ({status}); see its output above").into())
    }
}

/// Returns the standard output of the command; `None` if it fails.
pub fn output(command: &mut Command) -> Option<String> {
    let output = command.output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    output.status.success().then_some(text)
}

/// The command line to show in messages.
pub fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or_default();
    std::iter::once(program)
        .chain(command.get_args())
        .map(|part| part.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}

/// A background process, stopped on drop.
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
    /// Sends SIGTERM, so that the process can stop cleanly, and waits for its end.
    fn drop(&mut self) {
        let id = self.child.id().to_string();
        if matches!(self.child.try_wait(), Ok(None)) {
            // Fails if the process has ended meanwhile.
            let _ = Command::new("kill").arg(id).status();
        }
        let _ = self.child.wait();
    }
}
