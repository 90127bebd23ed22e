//! Minutes of full load on one offer: whether the API's memory grows, and how long the offer's dashboard takes
//! meanwhile.

use std::thread;
use std::time::{Duration, Instant};

use crate::bench::http::Client;
use crate::bench::load::Figures;
use crate::bench::role::Role;
use crate::ui::{Context, Result, say};

/// Between two looks at the API's memory.
const LOOK: Duration = Duration::from_secs(10);
/// Between two dashboards.
const PAUSE: Duration = Duration::from_millis(100);
/// Dashboards of the idle offer, the first tenth of them not counted.
const IDLE: usize = 220;

pub struct Endurance {
    requests_per_s: f64,
    seconds: u64,
    /// Megabytes, in order of time.
    memory: Vec<f64>,
    /// Milliseconds, in order of length.
    idle: Vec<f64>,
    loaded: Vec<f64>,
}

/// `load` runs for as long as it is told, on the offer whose dashboard has this path.
pub fn measure(
    api: &Role,
    dashboard: &str,
    time: Duration,
    load: impl FnOnce(Duration) -> Result<Figures> + Send,
) -> Result<Endurance> {
    say(format!("{} s of full load on one offer, and its dashboard meanwhile", time.as_secs()));
    let mut client = Client::connect(&api.address)?;
    let mut look = || {
        let asked = Instant::now();
        client.get(dashboard).map(|_| asked.elapsed().as_secs_f64() * 1e3)
    };
    let idle: Vec<f64> = (0..IDLE).map(|_| look()).collect::<Result<_>>()?;
    let (mut memory, mut loaded) = (Vec::new(), Vec::new());
    let figures = thread::scope(|scope| {
        let load = scope.spawn(|| load(time));
        let mut next_look = Instant::now() + LOOK;
        while !load.is_finished() {
            loaded.push(look()?);
            if Instant::now() >= next_look {
                memory.extend(api.megabytes_now());
                next_look += LOOK;
            }
            thread::sleep(PAUSE);
        }
        load.join().map_err(|_| "the load broke down")?
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
            "  API memory, MB: first {first:.1}, last {last:.1}, most {most:.1} (looked at {} times)",
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

/// The value that so many percent of sorted ones are not above.
fn at(sorted: &[f64], percent: usize) -> f64 {
    let place = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
    sorted.get(place).copied().unwrap_or_default()
}
