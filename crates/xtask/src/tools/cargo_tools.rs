//! Tools from crates.io, and the compiler's WASM target.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{cache, on_path};
use crate::places;
use crate::process::{cargo, output, run};
use crate::ui::{Context, Result, say};

const WASM: &str = "wasm32-unknown-unknown";

struct Tool<'a> {
    krate: &'a str,
    program: &'a str,
    version: &'a str,
    why: &'a str,
    from: From,
    features: &'a [&'a str],
    /// Whether it supports `--version`. If not, a copy on PATH is ignored.
    has_version_flag: bool,
}

/// Where the sources and the lock file come from. The lock file is used in either case.
enum From {
    /// The registry, with the lock file that the crate was published with.
    Registry,
    /// A folder of the repository that depends on the crate and has its own lock file.
    Folder(&'static str),
}

/// The folder with the lock file for the program `wasm-bindgen`.
const WASM_BINDGEN: &str = "tools/wasm-bindgen";

/// The compiler's target for the browser.
pub fn wasm_target() -> Result<()> {
    // rustc is asked first, because Rust may be installed without rustup.
    let libraries = output(Command::new("rustc").args(["--print", "target-libdir", "--target", WASM]));
    if libraries.is_some_and(|folder| Path::new(&folder).is_dir()) {
        return Ok(());
    }
    if !on_path("rustup") {
        return Err(format!("the dashboard needs Rust's target {WASM}: install rustup (https://rustup.rs) and run `rustup target add {WASM}`").into());
    }
    say(format!("adding Rust's target {WASM}, which the dashboard is compiled for"));
    run(Command::new("rustup").args(["target", "add", WASM]))
}

pub fn trunk() -> Result<Option<PathBuf>> {
    ensure(&Tool {
        krate: "trunk",
        program: "trunk",
        version: "0.21.14",
        why: "which builds the dashboard (5 to 10 minutes, once)",
        from: From::Registry,
        features: &[],
        has_version_flag: true,
    })
}

pub fn wasm_bindgen() -> Result<Option<PathBuf>> {
    let version = locked_version("Cargo.lock", "wasm-bindgen")?;
    let ours = locked_version(&format!("{WASM_BINDGEN}/Cargo.lock"), "wasm-bindgen-cli")?;
    if ours != version {
        return Err(format!(
            "{WASM_BINDGEN} has wasm-bindgen {ours}, but Cargo.lock has {version}: set {version} in its Cargo.toml and run `cargo update` there"
        )
        .into());
    }
    ensure(&Tool {
        krate: "wasm-bindgen-cli",
        program: "wasm-bindgen",
        version: &version,
        why: "which connects the dashboard's WASM to the browser (2 to 3 minutes, once)",
        // The crate's own lock file has a yanked version.
        from: From::Folder(WASM_BINDGEN),
        features: &[],
        has_version_flag: true,
    })
}

pub fn wasm_split() -> Result<Option<PathBuf>> {
    ensure(&Tool {
        krate: "wasm_split_cli_support",
        program: "wasm-split-cli",
        version: "0.2.4",
        why: "which splits the dashboard into one download per page (1 to 2 minutes, once)",
        from: From::Registry,
        features: &["build-binary"],
        has_version_flag: false,
    })
}

pub fn cargo_deny() -> Result<Option<PathBuf>> {
    ensure(&Tool {
        krate: "cargo-deny",
        program: "cargo-deny",
        version: "0.18.9",
        why: "which checks the licences of dependencies (5 to 10 minutes, once)",
        from: From::Registry,
        features: &[],
        has_version_flag: true,
    })
}

/// Installs the tool if necessary. Returns its folder, or `None` if the right version is on PATH.
fn ensure(tool: &Tool) -> Result<Option<PathBuf>> {
    if tool.has_version_flag && is_version(Command::new(tool.program).arg("--version"), tool.version) {
        return Ok(None);
    }
    let folder = cache()?.join(format!("{}-{}", tool.krate, tool.version));
    let program = folder.join("bin").join(tool.program);
    let is_installed = if tool.has_version_flag {
        is_version(Command::new(&program).arg("--version"), tool.version)
    } else {
        program.is_file()
    };
    if !is_installed {
        say(format!("installing {} {}, {}", tool.krate, tool.version, tool.why));
        let mut install = cargo();
        install.args(["install", "--locked", "--force", "--root"]).arg(&folder);
        match tool.from {
            From::Registry => install.args([tool.krate, "--version", tool.version]),
            // Keeps the target folder out of the sources.
            From::Folder(path) => {
                install.args(["--path", path, "--target-dir"]).arg(places::scratch().join(path))
            }
        };
        run(install.args(tool.features.iter().flat_map(|name| ["--features", *name])))?;
    }
    Ok(Some(folder.join("bin")))
}

/// Checks output such as "trunk 0.21.14".
fn is_version(command: &mut Command, wanted: &str) -> bool {
    output(command).is_some_and(|text| text.split_whitespace().nth(1) == Some(wanted))
}

/// The version of a crate in a lock file.
fn locked_version(file: &str, krate: &str) -> Result<String> {
    let lock = fs::read_to_string(places::root().join(file)).context(format!("{file} cannot be read"))?;
    let header = format!("name = \"{krate}\"\nversion = \"");
    let version = lock.split_once(&header).and_then(|(_, rest)| rest.split('"').next());
    Ok(version.ok_or(format!("{file} has no {krate}: run `cargo generate-lockfile` there"))?.to_owned())
}
