use std::time::Duration;

use apalis::prelude::*;
use apalis_postgres::{Config, PostgresStorage, Pubsub};
use offercast_app::{
    CHUNK_QUEUE, ComputeOfferForecast, FORECAST_QUEUE, ForecastChunk, NIGHTLY_QUEUE, NightlyForecasts,
};
use tokio::sync::watch;

use crate::drain_until_pending::DrainUntilPending;
use crate::{Worker, jobs, stopped};

/// A worker that misses [`MISSED_HEARTBEATS`] heartbeats is considered dead, and its jobs go to another worker.
const HEARTBEAT: Duration = Duration::from_secs(10);
const MISSED_HEARTBEATS: usize = 3;
/// NOTIFY starts a new job within milliseconds; delayed and retried jobs are found by polling.
const POLL_INTERVAL: Duration = Duration::from_secs(1);
/// Time before a queue is restarted after its database connection failed.
const RESTART_DELAY: Duration = Duration::from_secs(1);

/// The storage of a queue, which finds jobs by notification and by polling.
macro_rules! storage {
    ($worker:expr, $payload:ty, $queue:expr) => {{
        let config = Config::default()
            .queue($queue)
            .heartbeat_interval(HEARTBEAT)
            .missed_heartbeats(MISSED_HEARTBEATS);
        PostgresStorage::<$payload>::new(&$worker.pool)
            .with_config(config)
            .poll_with_strategy(DrainUntilPending(StreamStrategy::new(Pubsub::new(
                $worker.pool.clone(),
                $queue.to_owned(),
            ))))
            .poll_with_strategy(DrainUntilPending(IntervalStrategy::new(POLL_INTERVAL)))
    }};
}

/// Runs a worker until the program stops; rebuilds it if its database connection fails.
macro_rules! supervise {
    ($stop:expr, $queue:expr, $build:expr) => {
        while !*$stop.borrow() {
            let signal = {
                let stop = $stop.clone();
                async move {
                    stopped(stop).await;
                    Ok::<(), std::io::Error>(())
                }
            };
            if let Err(error) = $build.run_until(signal).await {
                tracing::warn!(queue = $queue, error = %error, "worker stopped; restarting it");
            }
            tokio::select! {
                () = tokio::time::sleep(RESTART_DELAY) => {}
                () = stopped($stop.clone()) => {}
            }
        }
    };
}

pub async fn forecasts(worker: Worker, stop: watch::Receiver<bool>) {
    supervise!(
        stop,
        FORECAST_QUEUE,
        WorkerBuilder::new(name(FORECAST_QUEUE))
            .backend(storage!(worker, ComputeOfferForecast, FORECAST_QUEUE))
            .data(worker.app.clone())
            .concurrency(worker.concurrency)
            .build(jobs::compute_offer_forecast::run)
    );
}

pub async fn nightly(worker: Worker, stop: watch::Receiver<bool>) {
    supervise!(
        stop,
        NIGHTLY_QUEUE,
        WorkerBuilder::new(name(NIGHTLY_QUEUE))
            .backend(storage!(worker, NightlyForecasts, NIGHTLY_QUEUE))
            .data(worker.app.clone())
            .concurrency(1)
            .build(jobs::nightly_forecasts::run)
    );
}

/// At most one part per core runs at a time, because a part is CPU-bound and needs a few megabytes.
pub async fn chunks(worker: Worker, stop: watch::Receiver<bool>) {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    supervise!(
        stop,
        CHUNK_QUEUE,
        WorkerBuilder::new(name(CHUNK_QUEUE))
            .backend(storage!(worker, ForecastChunk, CHUNK_QUEUE))
            .data(worker.app.clone())
            .concurrency(cores.min(worker.concurrency))
            .build(jobs::forecast_chunk::run)
    );
}

/// A unique name. If a restarted worker used the name of a dead one, apalis would not hand that one's jobs to others.
fn name(queue: &str) -> String {
    format!("{queue}-{}", uuid::Uuid::now_v7())
}
