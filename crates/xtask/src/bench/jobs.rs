//! Waiting for queued jobs, by the metrics of whoever runs them.

use std::thread;
use std::time::{Duration, Instant};

use crate::ui::Result;

use super::http::Client;

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(200);
/// A queue in which nothing has changed for so long has broken down.
const PATIENCE: Duration = Duration::from_secs(60);

/// Jobs of a queue by what has become of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Jobs {
    pub done: u64,
    /// Given up.
    killed: u64,
    /// Waiting, under way, or to be tried again.
    pub open: u64,
}

/// Looks at a queue again and again, and notices when nothing more will come of it.
pub struct Watch {
    queue: &'static str,
    last: Option<Jobs>,
    moved: Instant,
}

impl Watch {
    pub fn new(queue: &'static str) -> Watch {
        Watch { queue, last: None, moved: Instant::now() }
    }

    /// An error when a job has been given up, or when nothing has changed for a minute.
    pub fn look(&mut self, client: &mut Client) -> Result<Jobs> {
        let jobs = Jobs::of(self.queue, &client.get("/metrics")?);
        if self.last != Some(jobs) {
            (self.last, self.moved) = (Some(jobs), Instant::now());
        }
        let Jobs { done, killed, open } = jobs;
        if killed > 0 {
            return Err(format!("{killed} jobs of {} were given up, {done} are done", self.queue).into());
        }
        if self.moved.elapsed() > PATIENCE {
            return Err(format!("nothing happens to {open} jobs of {}, {done} are done", self.queue).into());
        }
        Ok(jobs)
    }
}

impl Jobs {
    fn of(queue: &str, metrics: &str) -> Jobs {
        let count = |status: &str| {
            let gauge = format!("offercast_jobs{{queue=\"{queue}\",status=\"{status}\"}} ");
            let value = metrics.lines().find_map(|line| line.strip_prefix(&gauge));
            value.and_then(|value| value.trim().parse::<u64>().ok()).unwrap_or(0)
        };
        let open = ["Pending", "Queued", "Running", "Failed"].into_iter().map(count).sum();
        Jobs { done: count("Done"), killed: count("Killed"), open }
    }
}

/// Until every forecast that is asked for is there.
pub fn await_forecasts(client: &mut Client) -> Result<()> {
    let mut watch = Watch::new("forecast.v1");
    while watch.look(client)?.open > 0 {
        thread::sleep(PAUSE);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jobs_that_were_given_up_are_not_waited_for() {
        let metrics = "offercast_jobs{queue=\"forecast.v1\",status=\"Done\"} 12\n\
                       offercast_jobs{queue=\"forecast.v1\",status=\"Killed\"} 3\n\
                       offercast_jobs{queue=\"forecast.v1\",status=\"Failed\"} 1\n\
                       offercast_jobs{queue=\"nightly.v1\",status=\"Pending\"} 7\n";
        assert_eq!(Jobs::of("forecast.v1", metrics), Jobs { done: 12, killed: 3, open: 1 });
    }
}
