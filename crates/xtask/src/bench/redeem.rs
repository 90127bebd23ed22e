//! `cargo xtask bench redeem`: redemptions per second, beside what SQL alone does on the same PostgreSQL with
//! fsync on and default durability.

mod endurance;
mod pgbench;

use std::time::Duration;

use crate::process::{cargo, run};
use crate::tools;
use crate::ui::{Context, Result, say};

use super::load::{Figures, Load, Target};
use super::role::Role;
use super::setting::Setting;

/// Offers that get traffic at the same time where it is not one.
const OFFERS: u32 = 1_000;
const CONNECTIONS: usize = 256;
/// How long each row is measured: long enough that most offers are forecast meanwhile.
const TIME: Duration = Duration::from_secs(30);
/// How long the load is kept up in the end, unless told otherwise.
const ENDURANCE: Duration = Duration::from_secs(300);
/// Requests a second that the others get beside a hot offer.
const LIGHT: f64 = 200.0;

/// What a row of the table says.
pub struct Row {
    name: &'static str,
    what: &'static str,
    figures: Figures,
    api_rss_mb: f64,
}

/// `--seconds N`: so long is the load that comes after the rows; 0 leaves it out.
pub fn bench(arguments: &[String]) -> Result<()> {
    let endurance = match arguments {
        [] => ENDURANCE,
        [flag, seconds] if flag == "--seconds" => {
            Duration::from_secs(seconds.parse().context("--seconds has to be a number")?)
        }
        _ => return Err("there is `bench redeem [--seconds N]`".into()),
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

/// An API of its own: its memory has seen nothing else.
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
    let what = "the generator's ceiling: a route that does nothing";
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
    let what = "the same beside one hot offer";
    say(format!("(h) {what}"));
    let others = std::thread::scope(|scope| {
        let hot = scope.spawn(|| hot(&one).run(TIME));
        let others = light.run(TIME);
        hot.join().map_err(|_| "the load broke down")??;
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
