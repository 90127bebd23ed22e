//! Tools from the system's package manager.

use std::process::Command;

use super::on_path;
use crate::process::{output, run};
use crate::ui::{Result, say};

/// The browser for the tests.
pub fn chromium() -> Result<String> {
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let found = || names.iter().find_map(|name| which(name));
    if let Some(path) = found() {
        return Ok(path);
    }
    apt(&["chromium"], "the browser that the tests drive")?;
    found().ok_or_else(|| "chromium was installed but is not on PATH: check the installation".into())
}

/// The load generator for the benchmarks.
pub fn wrk() -> Result<&'static str> {
    if which("wrk").is_none() {
        apt(&["wrk"], "the load generator")?;
    }
    Ok("wrk")
}

/// The compiler for libFuzzer, which is distributed as source code.
pub fn cpp_compiler() -> Result<()> {
    if on_path("c++") {
        return Ok(());
    }
    apt(&["g++"], "the C++ compiler that builds libFuzzer")
}

/// Installs Debian packages. Without root, it fails with the command to run.
pub fn apt(packages: &[&str], why: &str) -> Result<()> {
    let list = packages.join(" ");
    if !on_path("apt-get") {
        return Err(format!(
            "{why}: missing, and this system has no apt-get; install {list} with its own package manager"
        )
        .into());
    }
    if output(Command::new("id").arg("-u")).as_deref() != Some("0") {
        return Err(format!("{why}: missing, and installing needs root; run `sudo apt-get update && sudo apt-get install {list}` and try again").into());
    }
    say(format!("installing {list}: {why}"));
    run(Command::new("apt-get").args(["update", "--quiet"]))?;
    run(Command::new("apt-get")
        .args(["install", "--quiet", "--yes", "--no-install-recommends"])
        .args(packages)
        .env("DEBIAN_FRONTEND", "noninteractive"))
}

fn which(name: &str) -> Option<String> {
    output(Command::new("sh").args(["-c", &format!("command -v {name}")])).filter(|path| !path.is_empty())
}
