//! Waits for queued jobs, by the metrics of the process that runs them.

use std::thread;
use std::time::{Duration, Instant};

use crate::ui::Result;

use super::http::Client;

/// Time between two polls.
const PAUSE: Duration = Duration::from_millis(200);
/// A queue whose counts do not change for this long is considered stuck.
const TIMEOUT: Duration = Duration::from_secs(60);

/// The number of jobs in a queue, by status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Jobs {
    pub done: u64,
    /// Aborted, or failed too often.
    killed: u64,
    /// Waiting, running, or to be retried.
    pub open: u64,
}

/// Polls a queue and detects failed jobs and a stuck queue.
pub struct QueueMonitor {
    queue: &'static str,
    last: Option<Jobs>,
    changed: Instant,
}

impl QueueMonitor {
    pub fn new(queue: &'static str) -> QueueMonitor {
        QueueMonitor { queue, last: None, changed: Instant::now() }
    }

    /// Returns the current counts. Fails if a job was killed, or if the counts have not changed for [`TIMEOUT`].
    pub fn poll(&mut self, client: &mut Client) -> Result<Jobs> {
        let jobs = Jobs::of(self.queue, &client.get("/metrics")?);
        if self.last != Some(jobs) {
            (self.last, self.changed) = (Some(jobs), Instant::now());
        }
        let Jobs { done, killed, open } = jobs;
        if killed > 0 {
            return Err(format!("{killed} jobs of {} were killed, {done} are done", self.queue).into());
        }
        if self.changed.elapsed() > TIMEOUT {
            return Err(format!("{} is stuck: {open} jobs are open, {done} are done", self.queue).into());
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

/// Waits until all queued forecasts are computed.
pub fn await_forecasts(client: &mut Client) -> Result<()> {
    let mut monitor = QueueMonitor::new("forecast.v1");
    while monitor.poll(client)?.open > 0 {
        thread::sleep(PAUSE);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn killed_jobs_do_not_count_as_open() {
        let metrics = "offercast_jobs{queue=\"forecast.v1\",status=\"Done\"} 12\n\
                       offercast_jobs{queue=\"forecast.v1\",status=\"Killed\"} 3\n\
                       offercast_jobs{queue=\"forecast.v1\",status=\"Failed\"} 1\n\
                       offercast_jobs{queue=\"nightly.v1\",status=\"Pending\"} 7\n";
        assert_eq!(Jobs::of("forecast.v1", metrics), Jobs { done: 12, killed: 3, open: 1 });
    }
}
