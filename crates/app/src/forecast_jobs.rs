use std::ops::RangeInclusive;
use std::time::Duration;

use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use offercast_domain::{OfferRef, Zone};
use offercast_storage::jobs::{self, Due, OpenOffer, Priority};
use serde::{Deserialize, Serialize};

use crate::kept::{self, Kept, Keyed};
use crate::{App, Error, KeptAnswer, Pool, Tx, forecasts};

/// Done jobs are kept for a look back of two days, failed ones for two weeks.
const KEEP_DONE: Duration = Duration::from_secs(2 * 24 * 3600);
const KEEP_FAILED: Duration = Duration::from_secs(14 * 24 * 3600);

/// Offers of one part of the nightly run: read and stored in a few statements, and few megabytes.
const CHUNK: usize = 250;

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

/// A part of the nightly run: the offers with ids from the first to the last that need a forecast.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForecastChunk {
    pub first_id: i64,
    pub last_id: i64,
    /// Which one of how many parts, for who watches.
    pub part: u32,
    pub parts: u32,
}

/// Queues a forecast of an offer, to run at once; one that waits already is enough.
///
/// `tell` makes the answer, which is kept under the key.
pub async fn request_forecast(
    app: &App,
    offer: &OfferRef,
    keyed: Option<Keyed>,
    tell: impl FnOnce(i64) -> KeptAnswer,
) -> Result<Kept, Error> {
    let mut tx = app.pool.begin().await?;
    let stored = offercast_storage::find_offer(&mut tx, offer).await?.ok_or(Error::OfferNotFound)?;
    let id = stored.offer.id;
    if let Some(first) = kept::first_answer(&mut tx, id, keyed.as_ref(), app.clock.now()).await? {
        tx.commit().await?;
        return Ok(first);
    }
    jobs::enqueue_forecasts(&mut tx, &[id], Due::AtOnce, Priority::User).await?;
    let kept = kept::keep(&mut tx, id, keyed.as_ref(), tell(id)).await?;
    tx.commit().await?;
    Ok(kept)
}

/// To run at once.
pub(crate) async fn enqueue(pool: &Pool, offer_ids: &[i64]) -> Result<(), Error> {
    let mut connection = pool.connection().await?;
    jobs::enqueue_forecasts(&mut connection, offer_ids, Due::AtOnce, Priority::User).await?;
    Ok(())
}

/// Computes and stores the forecast of an offer. Safe to run twice; an offer that is gone meanwhile is
/// no error.
pub async fn compute_offer_forecast(app: &App, job: &ComputeOfferForecast) -> Result<(), Error> {
    forecasts::renew(app, &[job.offer_id]).await.map(drop)
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

/// Queues the parts of the run, each with some of the offers that need a forecast; says how many offers.
pub async fn run_nightly(app: &App, job: &NightlyForecasts) -> Result<usize, Error> {
    let mut tx = app.pool.begin().await?;
    let due = due(&mut tx, job.hour, &(i64::MIN..=i64::MAX)).await?;
    let ranges: Vec<_> = due.chunks(CHUNK).filter_map(|ids| Some(*ids.first()?..=*ids.last()?)).collect();
    jobs::enqueue_chunks(&mut tx, &ranges).await?;
    tx.commit().await?;
    Ok(due.len())
}

/// Computes and stores the forecasts of a part; says how many. Those that are of today are not made again, so
/// that it is safe to run twice, or after another part of the same offers.
pub async fn run_chunk(app: &App, job: &ForecastChunk) -> Result<usize, Error> {
    let mut tx = app.pool.snapshot().await?;
    let due = due(&mut tx, app.clock.now(), &(job.first_id..=job.last_id)).await?;
    tx.commit().await?;
    match forecasts::renew(app, &due).await {
        Err(Error::Storage(error)) if !error.is_temporary() => one_by_one(app, &due).await,
        other => other,
    }
}

/// One that cannot be forecast must not keep the others from theirs.
async fn one_by_one(app: &App, offer_ids: &[i64]) -> Result<usize, Error> {
    let mut forecasts = 0;
    for &offer_id in offer_ids {
        match forecasts::renew(app, &[offer_id]).await {
            Err(Error::Storage(error)) if !error.is_temporary() => {
                tracing::warn!(
                    offer_id,
                    error = &*error as &dyn std::error::Error,
                    "an offer has no forecast"
                );
            }
            renewed => forecasts += renewed?,
        }
    }
    Ok(forecasts)
}

/// Offers of these ids that need a forecast, in order of id.
async fn due(tx: &mut Tx, moment: DateTime<Utc>, ids: &RangeInclusive<i64>) -> Result<Vec<i64>, Error> {
    let open = jobs::open_offers(tx, moment.date_naive(), ids).await?;
    Ok(open.iter().filter(|offer| is_due(offer, moment)).map(|offer| offer.id).collect())
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
