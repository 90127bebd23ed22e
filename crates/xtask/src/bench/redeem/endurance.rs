//! Minutes of full load on one offer. Measures the API's memory and the time of the offer's dashboard.

use std::thread;
use std::time::{Duration, Instant};

use crate::bench::http::Client;
use crate::bench::load::Figures;
use crate::bench::role::Role;
use crate::ui::{Context, Result, say};

/// Time between two readings of the API's memory.
const MEMORY_INTERVAL: Duration = Duration::from_secs(10);
/// Time between two dashboard requests.
const PAUSE: Duration = Duration::from_millis(100);
/// Dashboard requests while the offer is idle. The first tenth is a warm-up.
const IDLE: usize = 220;

pub struct Endurance {
    requests_per_s: f64,
    seconds: u64,
    /// In megabytes, in order of time.
    memory: Vec<f64>,
    /// In milliseconds, sorted.
    idle: Vec<f64>,
    loaded: Vec<f64>,
}

/// Runs `load` for the given time on the offer whose dashboard has this path.
pub fn measure(
    api: &Role,
    dashboard: &str,
    time: Duration,
    load: impl FnOnce(Duration) -> Result<Figures> + Send,
) -> Result<Endurance> {
    say(format!("{} s of full load on one offer, and its dashboard meanwhile", time.as_secs()));
    let mut client = Client::connect(&api.address)?;
    let mut request = || {
        let sent = Instant::now();
        client.get(dashboard).map(|_| sent.elapsed().as_secs_f64() * 1e3)
    };
    let idle: Vec<f64> = (0..IDLE).map(|_| request()).collect::<Result<_>>()?;
    let (mut memory, mut loaded) = (Vec::new(), Vec::new());
    let figures = thread::scope(|scope| {
        let load = scope.spawn(|| load(time));
        let mut next_reading = Instant::now() + MEMORY_INTERVAL;
        while !load.is_finished() {
            loaded.push(request()?);
            if Instant::now() >= next_reading {
                memory.extend(api.megabytes_now());
                next_reading += MEMORY_INTERVAL;
            }
            thread::sleep(PAUSE);
        }
        load.join().map_err(|_| "the load generator panicked")?
    })
    .context("the load")?;
    let sorted = |mut times: Vec<f64>| {
        times.sort_by(f64::total_cmp);
        times
    };
    Ok(Endurance {
        requests_per_s: figures.requests_per_s,
        seconds: time.as_secs(),
        memory,
        idle: sorted(idle.into_iter().skip(IDLE / 10).collect()),
        loaded: sorted(loaded),
    })
}

impl Endurance {
    pub fn print(&self) {
        let Ends { first, last, most } = self.ends();
        println!("\n{} s at {:.0} requests/s:", self.seconds, self.requests_per_s);
        println!(
            "  API memory, MB: first {first:.1}, last {last:.1}, most {most:.1} ({} readings)",
            self.memory.len()
        );
        let [idle, loaded] =
            [&self.idle, &self.loaded].map(|times| [50, 95].map(|percent| at(times, percent)));
        println!(
            "  dashboard of the offer, ms: p50 {:.2} idle, {:.2} under load ({:.1} x); p95 {:.2} and {:.2}",
            idle[0],
            loaded[0],
            loaded[0] / idle[0],
            idle[1],
            loaded[1]
        );
    }

    pub fn json(&self) -> String {
        let memory: Vec<String> = self.memory.iter().map(|mb| format!("{mb:.1}")).collect();
        format!(
            "{{\"seconds\": {}, \"requests_per_s\": {:.1}, \"api_rss_mb\": [{}], \"dashboard_idle_p50_ms\": {:.3}, \
             \"dashboard_loaded_p50_ms\": {:.3}, \"dashboard_idle_p95_ms\": {:.3}, \"dashboard_loaded_p95_ms\": {:.3}}}",
            self.seconds,
            self.requests_per_s,
            memory.join(", "),
            at(&self.idle, 50),
            at(&self.loaded, 50),
            at(&self.idle, 95),
            at(&self.loaded, 95)
        )
    }

    fn ends(&self) -> Ends {
        let end = |value: Option<&f64>| value.copied().unwrap_or_default();
        Ends {
            first: end(self.memory.first()),
            last: end(self.memory.last()),
            most: self.memory.iter().copied().fold(0.0, f64::max),
        }
    }
}

struct Ends {
    first: f64,
    last: f64,
    most: f64,
}

/// A percentile of sorted values; 0 without values.
fn at(sorted: &[f64], percent: usize) -> f64 {
    let index = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
    sorted.get(index).copied().unwrap_or_default()
}
