//! The job worker: apalis on PostgreSQL, with what it needs to be relied on.
//!
//! What apalis alone does not do, and where the cure is: it finds jobs late or never (`eager`), takes a
//! restarted worker for the one that died (a name of its own per start, `queue`), leaves a job that
//! panicked running for ever (`jobs::run`), keeps done jobs for ever (`schedule`), retries at once and
//! keeps keys for ever (the trigger in `migrations/`).

mod eager;
mod jobs;
mod queue;
mod schedule;

use offercast_app::{App, StorageError, job_pool};
use sqlx::PgPool;
use tokio::sync::watch;
use tokio::task::JoinSet;

/// Connections that apalis draws: fetching, heartbeats and listening of three queues.
const CONNECTIONS: u32 = 10;

#[derive(Clone)]
pub struct Worker {
    app: App,
    pool: PgPool,
    /// Jobs that run at once.
    concurrency: usize,
}

impl Worker {
    /// apalis wants sqlx's own pool; the jobs themselves use the app's.
    pub fn new(app: App, url: &str, concurrency: usize) -> Result<Worker, StorageError> {
        let pool = job_pool(url, CONNECTIONS)?;
        Ok(Worker { app, pool, concurrency })
    }

    /// Works until told to stop; jobs under way are finished first.
    pub async fn run(self, stop: watch::Receiver<bool>) {
        // A task each: in a common one, whatever wakes one of the queues makes all of them look into the database,
        // and each look wakes the others.
        let mut tasks = JoinSet::new();
        tasks.spawn(queue::forecasts(self.clone(), stop.clone()));
        tasks.spawn(queue::nightly(self.clone(), stop.clone()));
        tasks.spawn(queue::chunks(self.clone(), stop.clone()));
        tasks.spawn(schedule::run(self.app, stop));
        tasks.join_all().await;
        self.pool.close().await;
    }
}

/// Completes once the program is to stop; also when nobody is left to say so.
async fn stopped(mut stop: watch::Receiver<bool>) {
    let _ = stop.wait_for(|stop| *stop).await;
}
