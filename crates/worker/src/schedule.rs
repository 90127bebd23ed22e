use std::time::Duration;

use offercast_app::{App, Error};
use tokio::sync::watch;
use tokio::time::{Interval, MissedTickBehavior};

use crate::stopped;

/// How often to look whether this hour's run has been asked for. Every worker asks; the first one counts.
const EVERY: Duration = Duration::from_secs(60);
/// How often to look for reservations whose time is over. Nothing is decided by it: whoever redeems gives them back
/// first. It is for what people see.
const EXPIRY_EVERY: Duration = Duration::from_secs(5);

/// What has to be done again and again until the program stops.
pub async fn run(app: App, stop: watch::Receiver<bool>) {
    tokio::join!(every_minute(&app, stop.clone()), every_few_seconds(&app, stop));
}

async fn every_minute(app: &App, stop: watch::Receiver<bool>) {
    let mut ticks = tokio::time::interval(EVERY);
    while is_time(&mut ticks, &stop).await {
        report(nightly(app).await, "could not schedule; trying again in a minute");
    }
}

async fn every_few_seconds(app: &App, stop: watch::Receiver<bool>) {
    let mut ticks = tokio::time::interval(EXPIRY_EVERY);
    // After a pass that took long, the next one is not due at once.
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while is_time(&mut ticks, &stop).await {
        report(expire(app).await, "could not give back expired reservations; trying again in some seconds");
    }
}

/// At once and then in intervals; false once the program is to stop.
async fn is_time(ticks: &mut Interval, stop: &watch::Receiver<bool>) -> bool {
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

/// Asks for the nightly runs, also for one that was missed while nothing ran, and clears away jobs that
/// are over and answers that are kept for retries no longer.
async fn nightly(app: &App) -> Result<(), Error> {
    if offercast_app::schedule_nightly(app).await? {
        let purged = offercast_app::purge_jobs(app).await?;
        let forgotten = offercast_app::purge_keys(app).await?;
        tracing::info!(purged, forgotten, "nightly run asked for; finished jobs and old keys cleared away");
    }
    Ok(())
}

async fn expire(app: &App) -> Result<(), Error> {
    let expired = offercast_app::expire_reservations(app).await?;
    if expired > 0 {
        tracing::info!(expired, "reservations given back whose time was over");
    }
    Ok(())
}
