//! Runs the program that contains libFuzzer and the targets.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::corpus;
use crate::places::{self, OwnFolder};
use crate::process::command;
use crate::ui::{Context, Result, say};

/// Stack size in kilobytes, the same as that of the server's threads.
const STACK: u32 = 2048;
/// Longer inputs are slow and reach no new code. The tests replay longer ones of the corpus at full length.
const MAX_BYTES: u32 = 4_096;
/// Prefixes of the files that libFuzzer writes for its findings.
const FINDINGS: [&str; 4] = ["crash-", "timeout-", "oom-", "leak-"];
/// The longest input that `--renew` commits, to keep the repository small.
const MAX_COMMITTED_BYTES: u32 = 1_024;
/// Lines of libFuzzer's output to show after a failure.
const SHOWN_LINES: usize = 40;

pub struct Fuzzer {
    pub program: PathBuf,
    /// Random if `None`.
    pub seed: Option<u32>,
}

/// The result of fuzzing a target.
pub struct Outcome {
    pub per_second: u64,
    /// The number of inputs, committed or not.
    pub corpus: usize,
    pub findings: Vec<PathBuf>,
}

impl Fuzzer {
    /// Fuzzes a target. Inputs that reach new code are stored outside the repository, those that break a property in
    /// it.
    pub fn run(&self, target: &str, seconds: u64) -> Result<Outcome> {
        let (committed, own) = folders(target)?;
        let before = findings(&committed)?;
        let mut fuzzer = self.command(target, MAX_BYTES);
        fuzzer
            .args([&own, &committed])
            .arg(format!("-max_total_time={seconds}"))
            .arg(format!("-artifact_prefix={}/", committed.display()))
            .arg("-print_final_stats=1");
        let output = fuzzer.output().context("the fuzz targets could not be started")?;
        let text = String::from_utf8_lossy(&output.stderr);
        let findings: Vec<PathBuf> = findings(&committed)?.difference(&before).cloned().collect();
        if !output.status.success() {
            say(format!("{target} failed ({}):\n{}", output.status, last_lines(&text)));
        }
        if findings.is_empty() && !output.status.success() {
            return Err(format!("{target} failed without a finding; see its output above").into());
        }
        let corpus = files(&committed)?.len() + files(&own)?.len();
        Ok(Outcome { per_second: statistic(&text, "average_exec_per_sec"), corpus, findings })
    }

    /// Replaces the committed corpus with a minimal set of inputs that reach the same code. Named inputs are kept.
    pub fn renew(&self, target: &str) -> Result<()> {
        let (committed, own) = folders(target)?;
        let merged = OwnFolder::make(&format!("fuzz-{target}"))?;
        let mut fuzzer = self.command(target, MAX_COMMITTED_BYTES);
        // Count only whether code is reached, not how often.
        fuzzer.args(["-set_cover_merge=1", "-use_counters=0"]).arg(merged.path()).args([&committed, &own]);
        let output = fuzzer.output().context("the fuzz targets could not be started")?;
        if !output.status.success() {
            return Err(last_lines(&String::from_utf8_lossy(&output.stderr)).into());
        }
        for old in files(&committed)?.iter().filter(|path| is_hash(path)) {
            fs::remove_file(old).context(old.display())?;
        }
        let named: BTreeSet<Vec<u8>> = contents(&committed)?;
        for (bytes, path) in
            files(merged.path())?.iter().filter_map(|path| Some((fs::read(path).ok()?, path)))
        {
            if !named.contains(&bytes) {
                let into = committed.join(path.file_name().unwrap_or_default());
                fs::write(&into, bytes).context(into.display())?;
            }
        }
        say(format!("{target}: {} inputs committed", files(&committed)?.len()));
        Ok(())
    }

    fn command(&self, target: &str, max_bytes: u32) -> Command {
        let mut fuzzer = command("sh");
        fuzzer
            .args(["-c", &format!("ulimit -s {STACK} && exec \"$0\" \"$@\"")])
            .arg(&self.program)
            .env("OFFERCAST_FUZZ_TARGET", target)
            // Without a backtrace, the message of a panic is among the last lines.
            .env("RUST_BACKTRACE", "0")
            .args([
                &format!("-max_len={max_bytes}"),
                "-timeout=10",
                "-report_slow_units=10",
                "-rss_limit_mb=1024",
            ])
            .arg(format!("-dict={}", places::root().join("tests/fuzz/dictionary").display()))
            .args(self.seed.map(|seed| format!("-seed={seed}")));
        fuzzer
    }
}

/// The folders of a target's committed inputs and of those found on this machine.
fn folders(target: &str) -> Result<(PathBuf, PathBuf)> {
    let own = places::scratch().join("fuzz").join(target);
    fs::create_dir_all(&own).context(own.display())?;
    Ok((corpus().join(target), own))
}

fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    Ok(folder.read_dir().context(folder.display())?.flatten().map(|entry| entry.path()).collect())
}

fn contents(folder: &Path) -> Result<BTreeSet<Vec<u8>>> {
    Ok(files(folder)?.iter().filter_map(|path| fs::read(path).ok()).collect())
}

fn findings(folder: &Path) -> Result<BTreeSet<PathBuf>> {
    let is_finding = |path: &PathBuf| FINDINGS.iter().any(|prefix| name(path).starts_with(prefix));
    Ok(files(folder)?.into_iter().filter(is_finding).collect())
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Whether libFuzzer named the file, which it does by a hash of its content.
fn is_hash(path: &Path) -> bool {
    let name = name(path);
    name.len() == 40 && name.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The value in a line such as `stat::average_exec_per_sec:     3303`; 0 if it is missing.
fn statistic(output: &str, name: &str) -> u64 {
    let prefix = format!("stat::{name}:");
    let value = output.lines().find_map(|line| line.strip_prefix(&prefix)?.trim().parse().ok());
    value.unwrap_or_default()
}

fn last_lines(output: &str) -> String {
    let lines: Vec<&str> = output.lines().collect();
    lines[lines.len().saturating_sub(SHOWN_LINES)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statistics_are_parsed() {
        let output =
            "Done 5 runs\nstat::number_of_executed_units: 69380\nstat::average_exec_per_sec:     3303\n";
        assert_eq!(statistic(output, "average_exec_per_sec"), 3303);
        assert_eq!(statistic(output, "nothing"), 0);
    }

    #[test]
    fn inputs_named_by_libfuzzer_are_recognised() {
        assert!(is_hash(Path::new("corpus/0a4d55a8d778e5022fab701977c5d840bbc486d0")));
        assert!(!is_hash(Path::new("corpus/nested-raw-values")));
        assert!(!is_hash(Path::new("corpus/crash-0a4d55a8d778e5022fab701977c5d840bbc486d0")));
    }
}
