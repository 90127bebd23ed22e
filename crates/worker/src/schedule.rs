use std::time::Duration;

use offercast_app::{App, Error};
use tokio::sync::watch;
use tokio::time::{Interval, MissedTickBehavior};

use crate::stopped;

/// How often to try to queue this hour's nightly run. All workers try, the first one succeeds.
const NIGHTLY_INTERVAL: Duration = Duration::from_secs(60);
/// How often to release expired reservations. This only keeps the displayed figures current: a redemption releases
/// expired reservations of its offer before it is decided.
const EXPIRY_INTERVAL: Duration = Duration::from_secs(5);

/// Runs the recurring tasks until the program stops.
pub async fn run(app: App, stop: watch::Receiver<bool>) {
    tokio::join!(schedule_nightly(&app, stop.clone()), expire_reservations(&app, stop));
}

async fn schedule_nightly(app: &App, stop: watch::Receiver<bool>) {
    let mut ticks = tokio::time::interval(NIGHTLY_INTERVAL);
    while next_tick(&mut ticks, &stop).await {
        report(nightly(app).await, "could not queue the nightly run or purge; retrying in a minute");
    }
}

async fn expire_reservations(app: &App, stop: watch::Receiver<bool>) {
    let mut ticks = tokio::time::interval(EXPIRY_INTERVAL);
    // After a slow pass, wait a full interval.
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while next_tick(&mut ticks, &stop).await {
        report(expire(app).await, "could not release expired reservations; retrying in a few seconds");
    }
}

/// Waits for the next tick; the first one is immediate. Returns false if the program is stopping.
async fn next_tick(ticks: &mut Interval, stop: &watch::Receiver<bool>) -> bool {
    tokio::select! {
        _ = ticks.tick() => true,
        () = stopped(stop.clone()) => false,
    }
}

fn report(result: Result<(), Error>, what: &'static str) {
    if let Err(error) = result {
        tracing::warn!(error = &error as &dyn std::error::Error, "{what}");
    }
}

/// Queues this hour's nightly run, also if no worker was running at the start of the hour. The worker that queued it
/// then deletes finished jobs, expired idempotency keys, and ended sessions.
async fn nightly(app: &App) -> Result<(), Error> {
    if offercast_app::schedule_nightly(app).await? {
        let jobs = offercast_app::purge_jobs(app).await?;
        let keys = offercast_app::purge_idempotency_keys(app).await?;
        let sessions = offercast_app::access::purge_ended_sessions(app).await?;
        tracing::info!(jobs, keys, sessions, "nightly run queued; what has expired was deleted");
    }
    Ok(())
}

async fn expire(app: &App) -> Result<(), Error> {
    let expired = offercast_app::expire_reservations(app).await?;
    if expired > 0 {
        tracing::info!(expired, "expired reservations released");
    }
    Ok(())
}
