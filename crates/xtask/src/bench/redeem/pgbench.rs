//! Measures plain SQL with PostgreSQL's pgbench.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use crate::database::client;
use crate::process::run;
use crate::ui::{Context, Result, say};

use crate::bench::load::Figures;
use crate::bench::setting::Setting;

const CLIENTS: &str = "32";

pub struct Script {
    pub name: &'static str,
    pub what: &'static str,
    sql: &'static str,
}

pub const SCRIPTS: [Script; 4] = [
    Script {
        name: "a",
        what: "SQL: lock, COUNT and SUM of 100,000 rows, insert",
        sql: "begin;
select budget, max_redemptions from bench.offers where id = 0 for update;
select count(*), sum(discount) from bench.past where offer_id = 0;
insert into bench.past (offer_id, customer_id, discount) values (0, 'c', 10);
end;",
    },
    Script {
        name: "b",
        what: "SQL: lock, update counter, insert",
        sql: "begin;
select spent, redeemed from bench.offers where id = 0 for update;
update bench.offers set spent = spent + 10, redeemed = redeemed + 1 where id = 0;
insert into bench.redemptions (offer_id, customer_id, discount) values (0, 'c', 10);
end;",
    },
    Script { name: "c", what: "SQL: one statement, one offer", sql: ONE_STATEMENT },
    Script { name: "d", what: "SQL: one statement, 1,000 offers", sql: ONE_STATEMENT },
];

const ONE_STATEMENT: &str = "with counted as (
    update bench.offers set spent = spent + 10, redeemed = redeemed + 1
    where id = :offer and spent + 10 <= budget and redeemed < max_redemptions returning id)
insert into bench.redemptions (offer_id, customer_id, discount) select id, 'c', 10 from counted;";

/// pgbench reads a statement up to its semicolon. The column with `now()` makes a row as wide as one of Offercast's.
const SCHEMA: &str = "create schema bench;
create table bench.offers (id int primary key, budget numeric, max_redemptions bigint,
    spent numeric not null default 0, redeemed bigint not null default 0) with (fillfactor = 50);
create table bench.redemptions (offer_id int not null, id bigint generated always as identity,
    customer_id text not null, discount numeric not null, at timestamptz not null default now(),
    primary key (offer_id, id));
create table bench.past (like bench.redemptions including all);
insert into bench.offers select n, 1e12, 1000000000000 from generate_series(0, :offers) n;
insert into bench.past (offer_id, customer_id, discount) select 0, 'c', 10 from generate_series(1, 100000);
vacuum analyze bench.past;
";

pub fn prepare(setting: &Setting, offers: u32) -> Result<()> {
    say("creating tables for pgbench");
    let file = script(setting, "schema", SCHEMA)?;
    let mut command = Command::new(client("pgbench")?);
    command.args(["-n", "-t", "1", "-c", "1", "-D", &format!("offers={offers}"), "-f"]).arg(file);
    command.arg(&setting.database.url).stdout(std::process::Stdio::null());
    run(&mut command)
}

pub fn measure(setting: &Setting, script_: &Script, time: Duration) -> Result<Figures> {
    let offer = if script_.name == "d" { "\\set offer random(1, 1000)\n" } else { "\\set offer 0\n" };
    let file = script(setting, script_.name, &format!("{offer}{}", script_.sql))?;
    let prefix = setting.folder.join(format!("log-{}", script_.name));
    let mut command = Command::new(client("pgbench")?);
    command.args(["-n", "-M", "prepared", "-c", CLIENTS, "-j", "2", "-l", "-T", &time.as_secs().to_string()]);
    command.arg("--log-prefix").arg(&prefix).arg("-f").arg(file).arg(&setting.database.url);
    command.stdout(std::process::Stdio::null());
    run(&mut command)?;
    figures(setting, &format!("log-{}.", script_.name), time)
}

/// Reads the time of every transaction from the logs of pgbench's threads.
fn figures(setting: &Setting, prefix: &str, time: Duration) -> Result<Figures> {
    let mut latencies = Vec::new();
    for entry in setting.folder.read_dir().context(setting.folder.display())?.flatten() {
        if entry.file_name().to_string_lossy().starts_with(prefix) {
            let log = fs::read_to_string(entry.path()).context(entry.path().display())?;
            latencies.extend(log.lines().filter_map(|line| line.split(' ').nth(2)?.parse::<u32>().ok()));
        }
    }
    latencies.sort_unstable();
    #[expect(clippy::cast_precision_loss, reason = "transactions of some seconds")]
    let requests_per_s = latencies.len() as f64 / time.as_secs_f64();
    Ok(Figures { requests_per_s, latencies, ..Figures::default() })
}

fn script(setting: &Setting, name: &str, sql: &str) -> Result<PathBuf> {
    let file = setting.folder.join(format!("{name}.sql"));
    fs::write(&file, sql).context(file.display())?;
    Ok(file)
}
