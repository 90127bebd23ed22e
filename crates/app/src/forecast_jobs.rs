use std::time::Duration;

use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use offercast_domain::{Analytics, ForecastService, OfferRef, Zone};
use offercast_storage::jobs::{OpenOffer, Priority};
use offercast_storage::{OfferAnalyticsRepository, jobs};
use serde::{Deserialize, Serialize};

use crate::{App, Error};

/// Done jobs are kept for a look back of two days, failed ones for two weeks.
const KEEP_DONE: Duration = Duration::from_secs(2 * 24 * 3600);
const KEEP_FAILED: Duration = Duration::from_secs(14 * 24 * 3600);

/// The job that computes and stores the forecast of an offer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComputeOfferForecast {
    pub offer_id: i64,
}

/// The nightly run: forecasts anew every open offer whose day has changed. It comes by every hour, since
/// it is midnight somewhere every hour, and finds each offer once, in the first hour of its own day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NightlyForecasts {
    pub hour: DateTime<Utc>,
}

/// Queues a forecast of an offer, to run at once; one that waits already is enough.
pub async fn request_forecast(app: &App, offer: &OfferRef) -> Result<i64, Error> {
    let mut tx = app.pool.snapshot().await?;
    let stored = offercast_storage::find_offer(&mut tx, offer).await?.ok_or(Error::OfferNotFound)?;
    tx.commit().await?;
    enqueue(app, stored.offer.id).await?;
    Ok(stored.offer.id)
}

/// To run at once.
pub(crate) async fn enqueue(app: &App, offer_id: i64) -> Result<(), Error> {
    let mut tx = app.pool.begin().await?;
    jobs::enqueue_forecasts(&mut tx, &[offer_id], Duration::ZERO, Priority::User).await?;
    tx.commit().await?;
    Ok(())
}

/// Computes and stores the forecast of an offer. Safe to run twice; an offer that is gone meanwhile is
/// no error.
pub async fn compute_offer_forecast(app: &App, job: &ComputeOfferForecast) -> Result<(), Error> {
    let mut tx = app.pool.snapshot().await?;
    let mut repository = OfferAnalyticsRepository::new(&mut tx);
    let Some(stored) = repository.offer(&OfferRef::Id(job.offer_id)).await? else { return Ok(()) };
    let days = repository.days(job.offer_id).await?;
    let seen_at = app.clock.now();
    tx.commit().await?;
    let seen = stored.totals.redeemed;
    // Off the threads that keep the worker's heartbeat.
    let forecast = tokio::task::spawn_blocking(move || {
        let today = stored.offer.terms.zone.day_of(seen_at);
        let analytics = Analytics { offer: &stored.offer, totals: stored.totals, days: &days, today };
        ForecastService::default().forecast(&analytics)
    })
    .await
    .map_err(|error| offercast_storage::Error::Unreadable(error.to_string()))?;
    let mut tx = app.pool.begin().await?;
    offercast_storage::store_forecast(&mut tx, job.offer_id, &forecast, seen, seen_at).await?;
    tx.commit().await?;
    Ok(())
}

/// Asks for the nightly run of the present hour; true for the first who asks.
pub async fn schedule_nightly(app: &App) -> Result<bool, Error> {
    let now = app.clock.now();
    let hour = now.duration_trunc(TimeDelta::hours(1)).unwrap_or(now);
    let mut tx = app.pool.begin().await?;
    let first = jobs::enqueue_nightly(&mut tx, hour).await?;
    tx.commit().await?;
    Ok(first)
}

/// Queues a forecast for every offer that needs one; says how many.
pub async fn run_nightly(app: &App, job: &NightlyForecasts) -> Result<usize, Error> {
    let mut tx = app.pool.begin().await?;
    let open = jobs::open_offers(&mut tx, job.hour.date_naive()).await?;
    let due: Vec<i64> = open.iter().filter(|offer| is_due(offer, job.hour)).map(|offer| offer.id).collect();
    jobs::enqueue_forecasts(&mut tx, &due, Duration::ZERO, Priority::Background).await?;
    tx.commit().await?;
    Ok(due.len())
}

/// Whether the stored forecast is not of the day that the offer's wall clock shows. The zones are those
/// of the rules: PostgreSQL has its own list, which may lack some.
fn is_due(offer: &OpenOffer, moment: DateTime<Utc>) -> bool {
    let Some(zone) = Zone::parse(&offer.timezone) else {
        tracing::warn!(
            offer_id = offer.id,
            timezone = offer.timezone,
            "no forecast: the time zone is not known"
        );
        return false;
    };
    offer.forecast_day != Some(zone.day_of(moment))
}

/// Removes jobs that are over; says how many.
pub async fn purge_jobs(app: &App) -> Result<u64, Error> {
    let mut tx = app.pool.begin().await?;
    let purged = jobs::purge(&mut tx, KEEP_DONE, KEEP_FAILED).await?;
    tx.commit().await?;
    Ok(purged)
}

/// Jobs by (queue, status).
pub async fn job_counts(app: &App) -> Result<Vec<(String, String, i64)>, Error> {
    let mut tx = app.pool.snapshot().await?;
    let counts = jobs::counts(&mut tx).await?;
    tx.commit().await?;
    Ok(counts)
}
