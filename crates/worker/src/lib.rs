//! The job worker: apalis on PostgreSQL, with workarounds that make it reliable.
//!
//! | problem with apalis alone | solved in |
//! |---|---|
//! | finds jobs late or never | `drain_until_pending` |
//! | confuses a restarted worker with the one that died | `queue`: a new name for each start |
//! | leaves a job that panicked marked as running | `run_job` |
//! | keeps finished jobs forever | `schedule` |
//! | retries without a delay, and never frees idempotency keys | the trigger in `migrations/` |

mod drain_until_pending;
mod jobs;
mod queue;
mod run_job;
mod schedule;

use offercast_app::{App, StorageError, job_pool};
use sqlx::PgPool;
use tokio::sync::watch;
use tokio::task::JoinSet;

/// Connections for apalis: fetching, heartbeats and listening for three queues.
const CONNECTIONS: u32 = 10;

#[derive(Clone)]
pub struct Worker {
    app: App,
    pool: PgPool,
    /// The number of jobs that run in parallel.
    concurrency: usize,
}

impl Worker {
    /// apalis needs sqlx's own pool; the jobs themselves use that of the app.
    pub fn new(app: App, url: &str, concurrency: usize) -> Result<Worker, StorageError> {
        let pool = job_pool(url, CONNECTIONS)?;
        Ok(Worker { app, pool, concurrency })
    }

    /// Runs until `stop` becomes true, then finishes the running jobs.
    pub async fn run(self, stop: watch::Receiver<bool>) {
        // One task per queue: in a common task, a wake-up of one queue makes all of them query the database, and each
        // query wakes the others.
        let mut tasks = JoinSet::new();
        tasks.spawn(queue::forecasts(self.clone(), stop.clone()));
        tasks.spawn(queue::nightly(self.clone(), stop.clone()));
        tasks.spawn(queue::chunks(self.clone(), stop.clone()));
        tasks.spawn(schedule::run(self.app, stop));
        tasks.join_all().await;
        self.pool.close().await;
    }
}

/// Completes when `stop` becomes true or its sender is dropped.
async fn stopped(mut stop: watch::Receiver<bool>) {
    let _ = stop.wait_for(|stop| *stop).await;
}
