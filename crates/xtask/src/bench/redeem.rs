//! `cargo xtask bench redeem`: redemptions per second, compared with plain SQL on the same PostgreSQL with fsync on and
//! default durability.

mod endurance;
mod pgbench;

use std::time::Duration;

use crate::process::{cargo, run};
use crate::tools;
use crate::ui::{Context, Result, say};

use super::load::{Figures, Load, Target};
use super::role::Role;
use super::setting::Setting;

/// Number of offers in the measurements with many offers.
const OFFERS: u32 = 1_000;
const CONNECTIONS: usize = 256;
/// Duration of each measurement, long enough for most offers to be forecast during it.
const TIME: Duration = Duration::from_secs(30);
/// The default duration of the endurance test.
const ENDURANCE: Duration = Duration::from_secs(300);
/// Requests per second to the other offers while one offer is under full load.
const LIGHT: f64 = 200.0;

/// A row of the table.
pub struct Row {
    name: &'static str,
    what: &'static str,
    figures: Figures,
    api_rss_mb: f64,
}

/// `--seconds N` sets the duration of the endurance test after the measurements; 0 skips it.
pub fn bench(arguments: &[String]) -> Result<()> {
    let endurance = match arguments {
        [] => ENDURANCE,
        [flag, seconds] if flag == "--seconds" => {
            Duration::from_secs(seconds.parse().context("--seconds must be a number")?)
        }
        _ => return Err("usage: `bench redeem [--seconds N]`".into()),
    };
    tools::wrk()?;
    say("building the release server");
    run(cargo().args(["build", "--release", "--package", "offercast"]))?;
    let setting = Setting::prepare("bench-redeem", OFFERS)?;
    let mut rows = sql(&setting)?;
    rows.extend(http(&setting)?);
    report(&rows)?;
    if endurance.is_zero() { Ok(()) } else { endure(&setting, endurance) }
}

/// Runs the endurance test against a new API, whose memory is not affected by the measurements before.
fn endure(setting: &Setting, time: Duration) -> Result<()> {
    let api = setting.api()?;
    let one = [api.address.clone()];
    let hot = Load {
        addresses: &one,
        connections: CONNECTIONS,
        target: Target::One,
        pace: None,
        folder: &setting.folder,
    };
    let endurance = endurance::measure(&api, "/api/offers/BENCH-0/dashboard", time, |time| hot.run(time))?;
    endurance.print();
    super::write("endurance", &format!("{}\n", endurance.json()))
}

fn sql(setting: &Setting) -> Result<Vec<Row>> {
    pgbench::prepare(setting, OFFERS)?;
    pgbench::SCRIPTS
        .iter()
        .map(|script| {
            say(format!("({}) {}", script.name, script.what));
            let figures = pgbench::measure(setting, script, TIME)?;
            Ok(Row { name: script.name, what: script.what, figures, api_rss_mb: 0.0 })
        })
        .collect()
}

fn http(setting: &Setting) -> Result<Vec<Row>> {
    let api = setting.api()?;
    let one = [api.address.clone()];
    let row = |name, what, figures, apis: &[&Role]| Row {
        name,
        what,
        figures,
        api_rss_mb: apis.iter().filter_map(|api| api.megabytes()).fold(0.0, f64::max),
    };
    let measure = |name: &str, what: &str, load: Load<'_>| {
        say(format!("({name}) {what}"));
        load.run(TIME)
    };
    let folder = &setting.folder;
    let hot =
        |addresses| Load { addresses, connections: CONNECTIONS, target: Target::One, pace: None, folder };
    let mut rows = Vec::new();
    let what = "limit of the load generator: a route without work";
    let nothing = Load { target: Target::Nothing, ..hot(&one) };
    rows.push(row("0", what, measure("0", what, nothing)?, &[&api]));
    let what = "Offercast, one hot offer, 256 connections";
    rows.push(row("e", what, measure("e", what, hot(&one))?, &[&api]));
    let what = "Offercast, 1,000 offers, 256 connections";
    let many = Load { target: Target::Many(OFFERS), ..hot(&one) };
    rows.push(row("f", what, measure("f", what, many)?, &[&api]));
    let second = setting.api()?;
    let two = [api.address.clone(), second.address.clone()];
    let what = "Offercast, one hot offer through two processes";
    rows.push(row("g", what, measure("g", what, hot(&two))?, &[&api, &second]));
    drop(second);
    let light = Load { connections: 16, target: Target::Many(OFFERS), pace: Some(LIGHT), ..hot(&one) };
    let what = "Offercast, 1,000 offers with light traffic";
    rows.push(row("h0", what, measure("h0", what, light)?, &[&api]));
    let what = "the same while one offer is under full load";
    say(format!("(h) {what}"));
    let others = std::thread::scope(|scope| {
        let hot = scope.spawn(|| hot(&one).run(TIME));
        let others = light.run(TIME);
        hot.join().map_err(|_| "the load generator panicked")??;
        others
    })?;
    rows.push(row("h", what, others, &[&api]));
    Ok(rows)
}

fn report(rows: &[Row]) -> Result<()> {
    println!(
        "\n{:<4}{:<52}{:>10}{:>9}{:>9}{:>9}{:>9}{:>8}{:>8}",
        "", "", "requests/s", "p50 ms", "p95 ms", "p99 ms", "refused", "errors", "API MB"
    );
    for row in rows {
        let f = &row.figures;
        println!(
            "{:<4}{:<52}{:>10.0}{:>9.2}{:>9.2}{:>9.2}{:>9}{:>8}{:>8.0}",
            row.name,
            row.what,
            f.requests_per_s,
            f.percentile_ms(50),
            f.percentile_ms(95),
            f.percentile_ms(99),
            f.refused,
            f.errors,
            row.api_rss_mb
        );
    }
    let rows: Vec<String> = rows.iter().map(json).collect();
    super::write_rows("redeem", &rows)
}

fn json(row: &Row) -> String {
    let f = &row.figures;
    format!(
        "{{\"name\": \"{}\", \"requests_per_s\": {:.1}, \"p50_ms\": {:.3}, \"p95_ms\": {:.3}, \"p99_ms\": {:.3}, \
         \"refused\": {}, \"errors\": {}, \"api_rss_mb\": {:.1}}}",
        row.name,
        f.requests_per_s,
        f.percentile_ms(50),
        f.percentile_ms(95),
        f.percentile_ms(99),
        f.refused,
        f.errors,
        row.api_rss_mb
    )
}
