use std::ops::RangeInclusive;
use std::time::Duration;

use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use offercast_domain::{OfferRef, Zone};
use offercast_storage::jobs::{
    self, ComputeOfferForecast, Due, ForecastChunk, NightlyForecasts, OpenOffer, Priority,
};

use crate::idempotency::{self, IdempotentRequest, IdempotentResponse};
use crate::{App, Error, Pool, StoredResponse, Tx, forecasts};

/// How long done and failed jobs are kept for inspection.
const KEEP_DONE: Duration = Duration::from_secs(2 * 24 * 3600);
const KEEP_FAILED: Duration = Duration::from_secs(14 * 24 * 3600);

/// Offers per part of the nightly run, so that a part needs a few statements and a few megabytes.
const CHUNK: usize = 250;

/// Queues a forecast of an offer to run immediately, unless one is pending already.
///
/// `to_response` creates the response, which is stored under the idempotency key.
pub async fn request_forecast(
    app: &App,
    offer: &OfferRef,
    request: Option<IdempotentRequest>,
    to_response: impl FnOnce(i64) -> StoredResponse,
) -> Result<IdempotentResponse, Error> {
    let mut tx = app.pool.begin().await?;
    let stored = offercast_storage::offers::find_offer(&mut tx, offer).await?.ok_or(Error::OfferNotFound)?;
    let id = stored.offer.id;
    if let Some(first) =
        idempotency::find_or_claim(app, &mut tx, id, request.as_ref(), app.clock.now()).await?
    {
        tx.commit().await?;
        return Ok(first);
    }
    jobs::enqueue_forecasts(&mut tx, &[id], Due::AtOnce, Priority::User).await?;
    let response = idempotency::store(&mut tx, id, request.as_ref(), to_response(id)).await?;
    tx.commit().await?;
    Ok(response)
}

/// Queues forecasts to run immediately.
pub(crate) async fn enqueue(pool: &Pool, offer_ids: &[i64]) -> Result<(), Error> {
    let mut connection = pool.connection().await?;
    jobs::enqueue_forecasts(&mut connection, offer_ids, Due::AtOnce, Priority::User).await?;
    Ok(())
}

/// Computes and stores the forecast of an offer. Safe to run twice. Does nothing if the offer was deleted meanwhile.
pub async fn compute_offer_forecast(app: &App, job: &ComputeOfferForecast) -> Result<(), Error> {
    forecasts::renew(app, &[job.offer_id]).await.map(drop)
}

/// Queues the nightly run of the current hour. Returns false if it was queued before.
pub async fn schedule_nightly(app: &App) -> Result<bool, Error> {
    let now = app.clock.now();
    let hour = now.duration_trunc(TimeDelta::hours(1)).unwrap_or(now);
    let mut tx = app.pool.begin().await?;
    let first = jobs::enqueue_nightly(&mut tx, hour).await?;
    tx.commit().await?;
    Ok(first)
}

/// Queues the parts of a nightly run. Returns the number of offers that need a forecast.
pub async fn run_nightly(app: &App, job: &NightlyForecasts) -> Result<usize, Error> {
    let mut tx = app.pool.begin().await?;
    let due = due(&mut tx, job.hour, &(i64::MIN..=i64::MAX)).await?;
    let ranges: Vec<_> = due.chunks(CHUNK).filter_map(|ids| Some(*ids.first()?..=*ids.last()?)).collect();
    jobs::enqueue_chunks(&mut tx, &ranges).await?;
    tx.commit().await?;
    Ok(due.len())
}

/// Computes and stores the forecasts of a part. Returns their number. Skips forecasts of today, so that it is safe to
/// run twice or after another part with the same offers.
pub async fn run_chunk(app: &App, job: &ForecastChunk) -> Result<usize, Error> {
    let mut tx = app.pool.snapshot().await?;
    let due = due(&mut tx, app.clock.now(), &(job.first_id..=job.last_id)).await?;
    tx.commit().await?;
    match forecasts::renew(app, &due).await {
        Err(Error::Storage(error)) if !error.is_temporary() => one_by_one(app, &due).await,
        other => other,
    }
}

/// Computes each forecast separately, so that an offer that cannot be forecast does not affect the others.
async fn one_by_one(app: &App, offer_ids: &[i64]) -> Result<usize, Error> {
    let mut forecasts = 0;
    for &offer_id in offer_ids {
        match forecasts::renew(app, &[offer_id]).await {
            Err(Error::Storage(error)) if !error.is_temporary() => {
                tracing::warn!(
                    offer_id,
                    error = &*error as &dyn std::error::Error,
                    "could not compute the forecast of an offer"
                );
            }
            renewed => forecasts += renewed?,
        }
    }
    Ok(forecasts)
}

/// Returns the offers in the range that need a forecast, in order of id.
async fn due(tx: &mut Tx, moment: DateTime<Utc>, ids: &RangeInclusive<i64>) -> Result<Vec<i64>, Error> {
    let open = jobs::open_offers(tx, moment.date_naive(), ids).await?;
    Ok(open.iter().filter(|offer| is_due(offer, moment)).map(|offer| offer.id).collect())
}

/// Whether the stored forecast is not of the current day in the offer's time zone. Computed here, not in SQL, because
/// PostgreSQL has its own list of time zones, which may lack some.
fn is_due(offer: &OpenOffer, moment: DateTime<Utc>) -> bool {
    let Some(zone) = Zone::parse(&offer.timezone) else {
        tracing::warn!(
            offer_id = offer.id,
            timezone = offer.timezone,
            "cannot compute a forecast: unknown time zone"
        );
        return false;
    };
    offer.forecast_day != Some(zone.day_of(moment))
}

/// Deletes finished jobs after their retention time. Returns their number.
pub async fn purge_jobs(app: &App) -> Result<u64, Error> {
    let mut tx = app.pool.begin().await?;
    let purged = jobs::purge(&mut tx, KEEP_DONE, KEEP_FAILED).await?;
    tx.commit().await?;
    Ok(purged)
}

/// Returns the number of jobs by queue and status.
pub async fn job_counts(app: &App) -> Result<Vec<(String, String, i64)>, Error> {
    let mut tx = app.pool.snapshot().await?;
    let counts = jobs::counts(&mut tx).await?;
    tx.commit().await?;
    Ok(counts)
}
