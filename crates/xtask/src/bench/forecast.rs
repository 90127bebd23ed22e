//! `cargo xtask bench forecast [--offers N] [FOLDER]`: the accuracy of forecasts, the coverage of their bands for
//! simulated young offers, their time, and that of a nightly run.
//!
//! FOLDER has series, origins and meta as CSV (`series*.csv`, ...); without it the few series in the repository are
//! scored.

mod night;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::places;
use crate::process::{cargo, command, output, run};
use crate::tools::{require_node, wasm_target};
use crate::ui::{Context, Result, say};
use night::Night;

/// The time of a forecast with bands and 1,000 paths in milliseconds, by model.
type Times = Vec<(String, f64)>;

const WASM: &str = "wasm32-unknown-unknown";

/// The default number of offers in the nightly run.
const OFFERS: u32 = 100_000;

pub fn bench(arguments: &[String]) -> Result<()> {
    let (offers, folder) = match arguments {
        [flag, offers, folder @ ..] if flag == "--offers" => {
            (offers.parse().context("--offers must be a number")?, folder)
        }
        folder => (OFFERS, folder),
    };
    let folder = folder.first().map(String::as_str);
    say("building the release server");
    run(cargo().args(["build", "--release", "--package", "offercast"]))?;
    let scores = scores(folder)?;
    let grid = grid()?;
    let times = times()?;
    let slider = what_if_in_wasm()?;
    let night = night::measure(offers)?;
    println!("\n{:20} {:>12}", "model", "ms a series");
    for (model, ms) in &times {
        println!("{model:20} {ms:12.3}");
    }
    let (median, longest) = slider;
    println!("\na what-if in WebAssembly: {median:.2} ms, {longest:.2} ms at most");
    println!("\n{night}");
    super::write("forecast", &json(&scores, &grid, &times, slider, &night))
}

/// Prints a table of scores and returns them as JSON.
fn scores(folder: Option<&str>) -> Result<String> {
    let default = places::root().join("crates/forecast/tests/data");
    let folder = folder.map_or(default, PathBuf::from);
    let [series, origins, meta] = ["series", "origins", "meta"].map(|name| find(&folder, name));
    say(format!("scoring the series of {}", folder.display()));
    let mut score = example("score");
    printed_as_json(score.args([series?, origins?, meta?]), "scores")
}

/// Prints the coverage of the bands of simulated young offers and returns it as JSON.
fn grid() -> Result<String> {
    say("scoring the bands of simulated young offers");
    printed_as_json(&mut example("grid"), "grid")
}

/// Runs an example, which prints a table, and returns its figures as JSON.
fn printed_as_json(example: &mut Command, name: &str) -> Result<String> {
    let file = places::scratch().join(format!("forecast-{name}.json"));
    fs::create_dir_all(places::scratch()).context(places::scratch().display())?;
    run(example.arg("--json").arg(&file))?;
    fs::read_to_string(&file).context(file.display())
}

/// The first CSV file whose name begins with `name`.
fn find(folder: &Path, name: &str) -> Result<PathBuf> {
    let files = folder.read_dir().context(folder.display())?.flatten().map(|entry| entry.path());
    let matches = |path: &PathBuf| {
        let file = path.file_name().unwrap_or_default().to_string_lossy();
        file.starts_with(name) && file.ends_with(".csv")
    };
    let mut found: Vec<PathBuf> = files.filter(matches).collect();
    found.sort();
    found.into_iter().next().ok_or_else(|| format!("{} has no {name}*.csv", folder.display()).into())
}

fn times() -> Result<Times> {
    say("timing each model");
    let text = output(&mut example("time")).ok_or("the example `time` failed")?;
    let row = |line: &str| {
        let mut words = line.split_whitespace();
        Some((words.next()?.to_owned(), words.next()?.parse().ok()?))
    };
    text.lines().map(|line| row(line).ok_or_else(|| format!("not a time: {line}").into())).collect()
}

/// The median and the maximum time, in milliseconds, of a what-if in WebAssembly for a year of history.
fn what_if_in_wasm() -> Result<(f64, f64)> {
    wasm_target()?;
    require_node()?;
    say("timing a what-if in WebAssembly");
    let mut build = cargo();
    build.args(["build", "--quiet", "--profile", "web", "--target", WASM]);
    run(build.args(["--package", "offercast-domain", "--example", "slider"]))?;
    let module = places::target().join(WASM).join("web/examples/slider.wasm");
    let text = output(command("node").arg("crates/domain/examples/slider.mjs").arg(module));
    let text = text.ok_or("the example `slider` failed")?;
    let mut numbers = text.split_whitespace().skip(1).map(str::parse);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(median)), Some(Ok(longest))) => Ok((median, longest)),
        _ => Err(format!("not a time: {text}").into()),
    }
}

fn example(name: &str) -> Command {
    let mut cargo = cargo();
    cargo.args(["run", "--quiet", "--release", "--package", "offercast-forecast", "--example", name, "--"]);
    cargo
}

fn json(scores: &str, grid: &str, times: &Times, (median, longest): (f64, f64), night: &Night) -> String {
    let of_auto = times.iter().find(|(model, _)| model == "auto").map_or(0.0, |(_, ms)| *ms);
    let by_model: Vec<String> = times.iter().map(|(model, ms)| format!("\"{model}\": {ms:.4}")).collect();
    format!(
        "{{\"ms_per_series\": {of_auto:.4}, \"ms_by_model\": {{{}}}, \"what_if_wasm_ms\": {median:.3}, \
         \"what_if_wasm_longest_ms\": {longest:.3}, {}, \"scores\": {}, \"grid\": {}}}\n",
        by_model.join(", "),
        night.json(),
        scores.trim(),
        grid.trim()
    )
}
