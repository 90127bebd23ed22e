//! The tools that the build and the tests need. Each is searched for on PATH and in the cache. Missing tools are
//! installed, with a message that says what is installed and why.

mod cargo_tools;
mod node;
mod python;
mod system;

use std::env::join_paths;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::places::{self, variable};
use crate::ui::{Context, Result};

pub use cargo_tools::wasm_target;
pub use node::{packages, require_node};
pub use python::{Venv, venv};
pub use system::{chromium, cpp_compiler, wrk};

/// The folders that a build of the dashboard needs on PATH.
pub struct WebTools {
    folders: Vec<PathBuf>,
}

impl WebTools {
    /// Finds or installs them all.
    pub fn ensure() -> Result<Self> {
        cargo_tools::wasm_target()?;
        require_node()?;
        let frontend = places::root().join("frontend");
        packages(&frontend, "ECharts, esbuild and wasm-opt for the dashboard")?;
        let mut folders = vec![frontend.join("node_modules/.bin")];
        folders.extend(cargo_tools::trunk()?);
        folders.extend(cargo_tools::wasm_bindgen()?);
        folders.extend(cargo_tools::wasm_split()?);
        Ok(Self { folders })
    }

    /// Prepends the folders to the PATH of the command.
    pub fn on_path(&self, command: &mut Command) -> Result<()> {
        with_path(command, &self.folders)
    }
}

/// cargo-deny, as a command to add arguments to.
pub fn cargo_deny() -> Result<Command> {
    let mut command = crate::process::cargo();
    let folders: Vec<PathBuf> = cargo_tools::cargo_deny()?.into_iter().collect();
    with_path(&mut command, &folders)?;
    command.arg("deny");
    Ok(command)
}

fn with_path(command: &mut Command, folders: &[PathBuf]) -> Result<()> {
    let old = variable("PATH").unwrap_or_default();
    let all = folders.iter().cloned().chain(std::env::split_paths(&old));
    let path = join_paths(all).context("a tool's folder has a colon in its name")?;
    command.env("PATH", path);
    Ok(())
}

/// The folder for installed tools, shared by all clones of the repository.
fn cache() -> Result<PathBuf> {
    let base = variable("XDG_CACHE_HOME").map(PathBuf::from);
    let home = || Some(Path::new(&variable("HOME")?).join(".cache"));
    let base = base
        .or_else(home)
        .ok_or("neither XDG_CACHE_HOME nor HOME is set: set one, tools are installed there")?;
    Ok(base.join("offercast/tools"))
}

/// Whether a program is on PATH.
fn on_path(name: &str) -> bool {
    let folders = variable("PATH").unwrap_or_default();
    std::env::split_paths(&folders).any(|folder| folder.join(name).is_file())
}
