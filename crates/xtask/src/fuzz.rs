//! `cargo xtask fuzz`: searches for inputs that break a property of the targets in tests/fuzz.
//!
//! It needs no nightly toolchain: the crate libfuzzer-sys contains libFuzzer as C++, and the coverage counters that
//! guide it are a pass of LLVM that the stable compiler can run. xtask acts as cargo's wrapper around rustc and enables
//! the pass for the crates of this workspace only, so that dependencies are shared with the other builds.

mod libfuzzer;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use crate::places::{self, variable};
use crate::process::{cargo, run};
use crate::tools;
use crate::ui::{Context, Result, say};

use libfuzzer::{Fuzzer, Outcome};

/// Set only when xtask runs as the wrapper.
const INSTRUMENT: &str = "OFFERCAST_XTASK_FUZZ";
/// The same options as those of cargo-fuzz.
const COVERAGE: [&str; 5] = [
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
];
const SECONDS: u64 = 60;
/// Seconds of the short run that is part of the tests: two for each target.
const SHORT: u64 = 26;

#[derive(Debug, PartialEq, Eq)]
struct Request {
    /// For all targets together.
    seconds: u64,
    /// Whether to rebuild the committed corpus from all inputs that were found.
    renew: bool,
    /// All targets if empty.
    targets: Vec<String>,
}

/// Runs the targets one after the other, by default for a minute in total.
pub fn fuzz(arguments: &[String]) -> Result<()> {
    let request = parse(arguments)?;
    let fuzzer = Fuzzer { program: build()?, seed: None };
    let targets = choose(&request.targets)?;
    search(&fuzzer, &targets, request.seconds)?;
    if request.renew {
        targets.iter().try_for_each(|target| fuzzer.renew(target))?;
    }
    Ok(())
}

/// Runs all targets for a short time and with a fixed seed.
pub fn short_run() -> Result<()> {
    let fuzzer = Fuzzer { program: build()?, seed: Some(1) };
    search(&fuzzer, &choose(&[])?, SHORT)
}

fn parse(arguments: &[String]) -> Result<Request> {
    let mut request = Request { seconds: SECONDS, renew: false, targets: Vec::new() };
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--seconds" => {
                let seconds = arguments.next().and_then(|seconds| seconds.parse().ok());
                request.seconds = seconds.ok_or("--seconds takes a whole number of seconds")?;
            }
            "--renew" => request.renew = true,
            flag if flag.starts_with('-') => {
                return Err(format!("unknown option `{flag}`; options are --seconds N and --renew").into());
            }
            target => request.targets.push(target.to_owned()),
        }
    }
    Ok(request)
}

/// Checks the names of targets, which are those of the corpus folders. Returns all targets if `names` is empty.
fn choose(names: &[String]) -> Result<Vec<String>> {
    let folder = corpus();
    let entries = folder.read_dir().context(folder.display())?.flatten();
    let mut known: Vec<String> =
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    known.sort();
    if let Some(unknown) = names.iter().find(|name| !known.contains(name)) {
        return Err(format!("unknown target `{unknown}`; targets are {}", known.join(", ")).into());
    }
    Ok(if names.is_empty() { known } else { names.to_vec() })
}

fn corpus() -> PathBuf {
    places::root().join("tests/fuzz/corpus")
}

/// Builds with the same features as the tests, so that only the workspace's crates are compiled again.
fn build() -> Result<PathBuf> {
    tools::cpp_compiler()?;
    say("building the fuzz targets");
    let own = std::env::current_exe().context("the path of xtask is unknown")?;
    run(cargo()
        .args(["build", "--workspace", "--features", "offercast-fuzz/libfuzzer", "--bin", "offercast-fuzz"])
        .env("RUSTC_WORKSPACE_WRAPPER", own)
        .env(INSTRUMENT, "1"))?;
    Ok(places::target().join("debug/offercast-fuzz"))
}

/// Runs rustc if cargo called this program as its wrapper, otherwise returns `None`.
pub fn as_wrapper() -> Option<ExitCode> {
    variable(INSTRUMENT)?;
    let mut arguments = std::env::args_os().skip(1);
    let mut rustc = Command::new(arguments.next()?);
    rustc.args(arguments);
    // Build scripts are not instrumented.
    if rustc.get_args().any(|argument| argument.to_string_lossy().starts_with("offercast_")) {
        rustc.args(COVERAGE);
    }
    let succeeded = rustc.status().is_ok_and(|status| status.success());
    Some(if succeeded { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn search(fuzzer: &Fuzzer, targets: &[String], seconds: u64) -> Result<()> {
    let each = (seconds / targets.len() as u64).max(1);
    let mut findings = Vec::new();
    for target in targets {
        let outcome = fuzzer.run(target, each)?;
        say(line(target, &outcome));
        findings.extend(outcome.findings);
    }
    if findings.is_empty() {
        return Ok(());
    }
    let names: Vec<_> = findings.iter().map(|path| shown(path)).collect();
    Err(format!("found {}; `cargo test -p offercast-fuzz` replays them", names.join(", ")).into())
}

fn line(target: &str, outcome: &Outcome) -> String {
    let Outcome { per_second, corpus, findings } = outcome;
    format!(
        "{target:<10} {per_second:>7} inputs per second, corpus of {corpus:>5}, {} findings",
        findings.len()
    )
}

fn shown(path: &Path) -> String {
    path.strip_prefix(places::root()).unwrap_or(path).display().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_and_targets_can_be_in_any_order() {
        let parsed = |text: &str| parse(&text.split_whitespace().map(str::to_owned).collect::<Vec<_>>());
        let request = |seconds, renew, targets: &[&str]| Request {
            seconds,
            renew,
            targets: targets.iter().map(|target| (*target).to_owned()).collect(),
        };
        assert_eq!(parsed("").ok(), Some(request(60, false, &[])));
        assert_eq!(parsed("keys --seconds 5 codes").ok(), Some(request(5, false, &["keys", "codes"])));
        assert_eq!(parsed("--renew").ok(), Some(request(60, true, &[])));
        assert!(
            parsed("--seconds").is_err() && parsed("--seconds five").is_err() && parsed("--fast").is_err()
        );
    }

    #[test]
    fn the_error_for_an_unknown_target_lists_the_known_ones() {
        let error = choose(&["nothing".to_owned()]).map(|_| ()).unwrap_err().to_string();
        assert!(error.contains("`nothing`") && error.contains("orders"), "{error}");
    }
}
