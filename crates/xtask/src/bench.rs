//! `cargo xtask bench`: benchmarks of the release build with a durable PostgreSQL.
//!
//! Machines differ and are noisy, so compare the ratios within one run.

mod data;
mod forecast;
mod http;
mod jobs;
mod live;
mod load;
mod redeem;
mod role;
mod setting;

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use crate::places;
use crate::process::{cargo, command, run};
use crate::server::{Server, peak_megabytes};
use crate::ui::{Context, Result, say};

const OFFERS: u32 = 1_000;
const SMALL: u32 = 10_000;
const LARGE: u32 = 1_000_000;
/// Dashboard requests for each median.
const REQUESTS: u32 = 300;

/// The results for this number of redemptions.
struct Outcome {
    redemptions: u32,
    import_s: f64,
    importer_mb: f64,
    /// Medians over many offers, and for the one with a tenth of all redemptions.
    dashboard_ms: f64,
    busiest_ms: f64,
}

/// Runs a benchmark: `redeem` for redemptions, `forecast` for forecasts, `live` for open dashboards; without an
/// argument, import and dashboard.
pub fn bench(arguments: &[String]) -> Result<()> {
    match arguments {
        [] => import_and_dashboard(),
        [one, rest @ ..] if one == "redeem" => redeem::bench(rest),
        [one, rest @ ..] if one == "forecast" => forecast::bench(rest),
        [one] if one == "live" => live::bench(),
        _ => Err("usage: `bench`, `bench redeem [--seconds N]`, `bench forecast [--offers N] [FOLDER]` or \
                  `bench live`"
            .into()),
    }
}

fn import_and_dashboard() -> Result<()> {
    say("building the release server");
    run(cargo().args(["build", "--release", "--package", "offercast"]))?;
    let program = places::target().join("release/offercast");
    let outcomes = [measure(&program, SMALL)?, measure(&program, LARGE)?];
    report(&outcomes)
}

fn measure(program: &Path, redemptions: u32) -> Result<Outcome> {
    let folder = places::scratch().join(format!("bench-{redemptions}"));
    fs::create_dir_all(&folder).context(folder.display())?;
    let (offers, rows) = data::write(&folder, OFFERS, redemptions)?;
    let server = Server::start(program, &["--access", "off"])?;
    say(format!("importing {redemptions} redemptions of {OFFERS} offers"));
    let (import_s, importer_mb) = import(program, &server, &offers, &rows)?;
    say("waiting for the forecasts that the import queued");
    let mut client = http::Client::connect(&server.url)?;
    jobs::await_forecasts(&mut client)
        .map_err(|error| format!("{error}; the server's log:\n{}", last_lines(&server.log(), 20)))?;
    let others = data::redeeming(OFFERS, SMALL) - 1;
    let spread = median(&mut client, |n| data::code(1 + n % others))?;
    let busiest = median(&mut client, |_| data::code(0))?;
    fs::remove_dir_all(&folder).context(folder.display())?;
    Ok(Outcome { redemptions, import_s, importer_mb, dashboard_ms: spread, busiest_ms: busiest })
}

/// Runs `offercast import` into the server's database. Returns its time in seconds and its memory in megabytes.
fn import(program: &Path, server: &Server, offers: &Path, rows: &Path) -> Result<(f64, f64)> {
    let mut import = command(program);
    import.args(["import", "--shift-to-today", "--offers"]).arg(offers).arg("--redemptions").arg(rows);
    import.arg("--data-dir").arg(server.folder()).env_remove("DATABASE_URL").stdout(Stdio::null());
    let started = Instant::now();
    let mut child = import.spawn().context("the importer could not be started")?;
    let mut peak = 0.0;
    let status = loop {
        // The kernel records the peak, so the last reading before the end is enough.
        peak = peak_megabytes(child.id()).unwrap_or(peak);
        if let Some(status) = child.try_wait().context("the importer")? {
            break status;
        }
        thread::sleep(Duration::from_millis(20));
    };
    if !status.success() {
        return Err(format!("the import failed ({status}); see its output above").into());
    }
    Ok((started.elapsed().as_secs_f64(), peak))
}

fn last_lines(text: &str, count: usize) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(count)..].join("\n")
}

/// The median time of a dashboard request in milliseconds, after a warm-up.
fn median(client: &mut http::Client, code: impl Fn(u32) -> String) -> Result<f64> {
    let mut times = Vec::new();
    for n in 0..REQUESTS + REQUESTS / 10 {
        let path = format!("/api/offers/{}/dashboard", code(n));
        let started = Instant::now();
        client.get(&path)?;
        times.push(started.elapsed().as_secs_f64() * 1e3);
    }
    let mut warm = times.split_off(REQUESTS as usize / 10);
    warm.sort_by(f64::total_cmp);
    Ok(warm[warm.len() / 2])
}

fn report(outcomes: &[Outcome]) -> Result<()> {
    println!(
        "\n{:>12} {:>10} {:>12} {:>14} {:>14} {:>16}",
        "redemptions", "import s", "rows/s", "importer MB", "dashboard ms", "busiest offer ms"
    );
    for o in outcomes {
        let rate = f64::from(o.redemptions) / o.import_s;
        println!(
            "{:>12} {:>10.1} {:>12.0} {:>14.0} {:>14.2} {:>16.2}",
            o.redemptions, o.import_s, rate, o.importer_mb, o.dashboard_ms, o.busiest_ms
        );
    }
    let rows: Vec<String> = outcomes
        .iter()
        .map(|o| {
            format!(
                "{{\"redemptions\": {}, \"import_s\": {:.2}, \"rows_per_s\": {:.0}, \"importer_mb\": {:.1}, \"dashboard_p50_ms\": {:.3}, \"busiest_p50_ms\": {:.3}}}",
                o.redemptions, o.import_s, f64::from(o.redemptions) / o.import_s, o.importer_mb, o.dashboard_ms, o.busiest_ms
            )
        })
        .collect();
    write_rows("import", &rows)
}

fn write_rows(name: &str, rows: &[String]) -> Result<()> {
    write(name, &format!("{{\"rows\": [{}]}}\n", rows.join(", ")))
}

/// Writes the results to `target/bench/NAME.json`.
fn write(name: &str, json: &str) -> Result<()> {
    let folder = places::target().join("bench");
    fs::create_dir_all(&folder).context(folder.display())?;
    let file = folder.join(format!("{name}.json"));
    fs::write(&file, json).context(file.display())?;
    say(format!("written to {}", file.display()));
    Ok(())
}
