//! A nightly run over offers with a year of history each, while an API on the same machine serves dashboards.

use std::fmt;
use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::bench::http::Client;
use crate::bench::jobs::{Jobs, QueueMonitor};
use crate::bench::role::Role;
use crate::database::{Database, client};
use crate::places::{self, OwnFolder};
use crate::process::run;
use crate::ui::{Context, Result, say};

/// Time between two dashboard requests.
const PAUSE: Duration = Duration::from_millis(50);

pub struct Night {
    offers: u32,
    seconds: f64,
    /// Peak memory of the worker.
    megabytes: f64,
    /// Times of the dashboard requests during the run, in milliseconds, sorted.
    dashboards: Vec<f64>,
}

/// Every second offer has a budget that lasts for about two months, the others a maximum. Rows are inserted day by day,
/// as in production, so that the rows of one offer lie far apart.
const OFFERS_SQL: &str = "
insert into offers (code, name, discount_type, discount_value, currency, timezone, start_date, end_date, budget,
                    max_redemptions, status, created_at, updated_at)
select 'NIGHT-' || n, 'Offer ' || n, 'percent', 10, 'USD', 'UTC', current_date - 365, current_date + 180,
       case when n % 2 = 0 then 2200.0 * (1 + n % 7) end, case when n % 2 = 1 then 440 * (1 + n % 7) end,
       'active', now(), now()
from generate_series(1, :offers) n;
alter table offer_daily drop constraint offer_daily_pkey, drop constraint offer_daily_offer_id_fkey;
insert into offer_daily (offer_id, day, redemptions, discount)
select o.id, current_date - ago, n, 5.25 * n
from generate_series(365, 1, -1) ago
cross join (select id, 1 + id % 7 as level from offers order by id) o
cross join lateral (select (1 + floor(random() * o.level * (case when ago % 7 < 2 then 3 else 1 end)))::bigint as n) d;
alter table offer_daily add primary key (offer_id, day), add foreign key (offer_id) references offers (id);
insert into offer_counters (offer_id, redeemed, spent)
select offer_id, sum(redemptions), sum(discount) from offer_daily group by offer_id;
update offers o set budget = c.spent + o.budget from offer_counters c where c.offer_id = o.id and o.budget is not null;
update offers o set max_redemptions = c.redeemed + o.max_redemptions
from offer_counters c where c.offer_id = o.id and o.max_redemptions is not null;
vacuum analyze offers, offer_counters, offer_daily;
";

pub fn measure(offers: u32) -> Result<Night> {
    let folder = OwnFolder::make("bench-night")?;
    let database = Database::durable("bench-forecast")?;
    say(format!("creating {offers} offers with a year of history each (a few minutes)"));
    let file = folder.path().join("offers.sql");
    fs::write(&file, OFFERS_SQL).context(file.display())?;
    let mut psql = Command::new(client("psql")?);
    psql.args(["--quiet", "--no-psqlrc", "-v", "ON_ERROR_STOP=1", "-v", &format!("offers={offers}"), "-f"]);
    run(psql.arg(&file).arg(&database.url).stdout(Stdio::null()))?;
    let program = places::target().join("release/offercast");
    let api = Role::start(&program, "api", &database.url, folder.path())?;
    let mut dashboards = Client::connect(&api.address)?;
    say("starting the nightly run");
    let started = Instant::now();
    let worker = Role::start(&program, "worker", &database.url, folder.path())?;
    let mut progress = Client::connect(&worker.address)?;
    let mut night = Night { offers, seconds: 0.0, megabytes: 0.0, dashboards: Vec::new() };
    let mut parts = QueueMonitor::new("forecast-chunk.v1");
    // All parts are queued in one transaction.
    while is_running(parts.poll(&mut progress)?) {
        let sent = Instant::now();
        let code = u32::try_from(night.dashboards.len()).unwrap_or(0) * 7919 % offers + 1;
        dashboards.get(&format!("/api/offers/NIGHT-{code}/dashboard"))?;
        night.dashboards.push(sent.elapsed().as_secs_f64() * 1e3);
        std::thread::sleep(PAUSE);
    }
    night.seconds = started.elapsed().as_secs_f64();
    night.megabytes = worker.megabytes().unwrap_or_default();
    night.dashboards.sort_by(f64::total_cmp);
    Ok(night)
}

fn is_running(parts: Jobs) -> bool {
    parts.done == 0 || parts.open > 0
}

impl Night {
    fn dashboard_ms(&self, percent: usize) -> f64 {
        let index = (self.dashboards.len() * percent / 100).min(self.dashboards.len().saturating_sub(1));
        self.dashboards.get(index).copied().unwrap_or_default()
    }

    pub fn json(&self) -> String {
        format!(
            "\"nightly_offers\": {}, \"nightly_s\": {:.1}, \"nightly_rss_mb\": {:.1}, \
             \"nightly_dashboard_p50_ms\": {:.2}, \"nightly_dashboard_p95_ms\": {:.2}",
            self.offers,
            self.seconds,
            self.megabytes,
            self.dashboard_ms(50),
            self.dashboard_ms(95)
        )
    }
}

impl fmt::Display for Night {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "nightly run of {} offers with a year of history: {:.1} s, worker {:.0} MB; {} dashboards meanwhile: \
             p50 {:.1} ms, p95 {:.1} ms",
            self.offers,
            self.seconds,
            self.megabytes,
            self.dashboards.len(),
            self.dashboard_ms(50),
            self.dashboard_ms(95)
        )
    }
}
