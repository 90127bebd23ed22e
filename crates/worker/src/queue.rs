use std::time::Duration;

use apalis::prelude::*;
use apalis_postgres::{Config, PostgresStorage, Pubsub};
use offercast_app::{
    CHUNK_QUEUE, ComputeOfferForecast, FORECAST_QUEUE, ForecastChunk, NIGHTLY_QUEUE, NightlyForecasts,
};
use tokio::sync::watch;

use crate::eager::Eager;
use crate::{Worker, jobs, stopped};

/// A worker that has not been seen for three of these is dead, and its jobs go to another.
const HEARTBEAT: Duration = Duration::from_secs(10);
const MISSED_HEARTBEATS: usize = 3;
/// NOTIFY starts a new job within milliseconds; delayed and retried ones are found by looking.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Before a queue is tried again whose database went away.
const PAUSE: Duration = Duration::from_secs(1);

/// A queue with its storage: both ways of finding jobs, each made reliable.
macro_rules! storage {
    ($worker:expr, $payload:ty, $queue:expr) => {{
        let config = Config::default()
            .queue($queue)
            .heartbeat_interval(HEARTBEAT)
            .missed_heartbeats(MISSED_HEARTBEATS);
        PostgresStorage::<$payload>::new(&$worker.pool)
            .with_config(config)
            .poll_with_strategy(Eager(StreamStrategy::new(Pubsub::new(
                $worker.pool.clone(),
                $queue.to_owned(),
            ))))
            .poll_with_strategy(Eager(IntervalStrategy::new(LOOK_EVERY)))
    }};
}

/// Runs a worker until the program stops; builds it anew when its database went away.
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
                tracing::warn!(queue = $queue, error = %error, "worker stopped; starting it again");
            }
            tokio::select! {
                () = tokio::time::sleep(PAUSE) => {}
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

/// As many at once as there are cores, whatever else may run: they calculate, and each holds a few megabytes.
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

/// A name that no worker had before: one that comes back under the name of a dead one would keep its
/// jobs from being given to others.
fn name(queue: &str) -> String {
    format!("{queue}-{}", uuid::Uuid::now_v7())
}
