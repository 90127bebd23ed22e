use std::time::Duration;

use offercast_app::App;
use tokio::sync::watch;

use crate::stopped;

/// How often to look whether this hour's run has been asked for. Every worker asks; the first one counts.
const EVERY: Duration = Duration::from_secs(60);

/// Asks for the nightly runs, also for one that was missed while nothing ran, and clears away jobs that
/// are over and answers that are kept for retries no longer.
pub async fn run(app: &App, stop: watch::Receiver<bool>) {
    let mut ticks = tokio::time::interval(EVERY);
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            () = stopped(stop.clone()) => return,
        }
        if let Err(error) = tick(app).await {
            let error = &error as &dyn std::error::Error;
            tracing::warn!(error, "could not schedule; trying again in a minute");
        }
    }
}

async fn tick(app: &App) -> Result<(), offercast_app::Error> {
    if offercast_app::schedule_nightly(app).await? {
        let purged = offercast_app::purge_jobs(app).await?;
        let forgotten = offercast_app::purge_keys(app).await?;
        tracing::info!(purged, forgotten, "nightly run asked for; finished jobs and old keys cleared away");
    }
    Ok(())
}
