//! Queues jobs inside the caller's transaction. The worker fetches and runs them with apalis.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use sqlx::postgres::types::PgInterval;

use crate::Error;

/// Queue of [`ComputeOfferForecast`] jobs. `.v1` is the version of the payload.
pub const FORECAST_QUEUE: &str = "forecast.v1";
/// Queue of [`NightlyForecasts`] jobs.
pub const NIGHTLY_QUEUE: &str = "nightly.v1";
/// Queue of [`ForecastChunk`] jobs.
pub const CHUNK_QUEUE: &str = "forecast-chunk.v1";

/// A job that computes and stores the forecast of an offer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComputeOfferForecast {
    pub offer_id: i64,
}

/// The nightly run: renews the forecasts of all open offers for which a new day has started. It runs every hour,
/// because every hour is midnight in some time zone, and renews each offer in the first hour of its day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NightlyForecasts {
    pub hour: DateTime<Utc>,
}

/// A part of the nightly run: the offers that need a forecast, with ids from `first_id` to `last_id`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForecastChunk {
    pub first_id: i64,
    pub last_id: i64,
    /// Number of this part and of all parts, for monitoring.
    pub part: u32,
    pub parts: u32,
}

/// Encodes the payload of a job, in the format in which apalis hands it to the worker.
pub(crate) fn encode(payload: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(payload).expect("a payload is a struct of numbers and times")
}

/// Delay of a forecast after a redemption, so that a burst of redemptions causes a single job.
pub const FORECAST_DELAY: Duration = Duration::from_secs(5);

/// When a forecast is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    AtOnce,
    /// After [`FORECAST_DELAY`].
    Soon,
}

impl Due {
    fn delay(self) -> Duration {
        match self {
            Due::AtOnce => Duration::ZERO,
            Due::Soon => FORECAST_DELAY,
        }
    }

    /// Prefix of the idempotency key. The two kinds have different keys, because a job that is due soon must not run
    /// earlier: redemptions that find it pending rely on it to include them.
    pub(crate) fn key_prefix(self) -> &'static str {
        match self {
            Due::AtOnce => "pending:forecast-now:",
            Due::Soon => "pending:forecast:",
        }
    }
}

/// Priority of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Priority {
    Background = 0,
    /// For a user who waits for the result, or after a redemption.
    User = 1,
}

/// Queues forecasts. At most one job per offer and [`Due`] is pending; queueing it again can only raise its priority.
/// Inserts in order of id, so that concurrent calls cannot deadlock.
///
/// DO UPDATE instead of DO NOTHING locks the pending row, so that no worker fetches it before the caller's transaction
/// has committed the changes that the forecast must include.
pub async fn enqueue_forecasts(
    connection: &mut PgConnection,
    offer_ids: &[i64],
    due: Due,
    priority: Priority,
) -> Result<(), Error> {
    let distinct: BTreeSet<i64> = offer_ids.iter().copied().collect();
    let payload = |offer_id: &i64| encode(&ComputeOfferForecast { offer_id: *offer_id });
    sqlx::query!(
        r#"insert into apalis.jobs
               (id, job_type, job, status, attempts, max_attempts, run_at, priority, idempotency_key)
           select apalis.generate_ulid(), $1, payload, 'Pending', 0, 4, now() + $4::interval, $5, $6 || id
           from unnest($2::bigint[], $3::bytea[]) as offers (id, payload)
           order by id
           on conflict (job_type, idempotency_key) do update set priority = greatest(jobs.priority, excluded.priority)"#,
        FORECAST_QUEUE,
        &distinct.iter().copied().collect::<Vec<_>>(),
        &distinct.iter().map(payload).collect::<Vec<_>>(),
        interval(due.delay()),
        priority as i32,
        due.key_prefix(),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// An offer that is neither archived nor over, with the day of its stored forecast.
#[derive(Debug, Clone)]
pub struct OpenOffer {
    pub id: i64,
    pub timezone: String,
    pub forecast_day: Option<NaiveDate>,
}

/// Returns the open offers in the range of ids, in order of id. `day` is the current day in UTC; an offer that ended
/// the day before is included, because that day may not be over in its time zone.
pub async fn open_offers(
    connection: &mut PgConnection,
    day: NaiveDate,
    ids: &RangeInclusive<i64>,
) -> Result<Vec<OpenOffer>, Error> {
    let offers = sqlx::query_as!(
        OpenOffer,
        r#"select o.id as "id!", o.timezone as "timezone!", f.first_day as "forecast_day?"
           from offers o left join offer_forecasts f on f.offer_id = o.id
           where o.status <> 'archived' and o.end_date >= $1::date - 1 and o.id between $2 and $3
           order by o.id"#,
        day,
        ids.start(),
        ids.end(),
    )
    .fetch_all(connection)
    .await?;
    Ok(offers)
}

/// Queues the nightly run of this hour. Returns false if it was queued before.
pub async fn enqueue_nightly(connection: &mut PgConnection, hour: DateTime<Utc>) -> Result<bool, Error> {
    let done = sqlx::query!(
        r#"insert into apalis.jobs
               (id, job_type, job, status, attempts, max_attempts, run_at, priority, idempotency_key)
           values (apalis.generate_ulid(), $1, $3, 'Pending', 0, 4, now(), 0,
                   'nightly:' || to_char($2::timestamptz, 'YYYY-MM-DD"T"HH24'))
           on conflict (job_type, idempotency_key) do nothing"#,
        NIGHTLY_QUEUE,
        hour,
        encode(&NightlyForecasts { hour }),
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Queues the parts of a nightly run, one job per range of ids.
pub async fn enqueue_chunks(
    connection: &mut PgConnection,
    ranges: &[RangeInclusive<i64>],
) -> Result<(), Error> {
    let parts = u32::try_from(ranges.len()).unwrap_or(u32::MAX);
    let chunk = |(part, range): (u32, &RangeInclusive<i64>)| {
        encode(&ForecastChunk { first_id: *range.start(), last_id: *range.end(), part, parts })
    };
    sqlx::query!(
        r#"insert into apalis.jobs (id, job_type, job, status, attempts, max_attempts, run_at, priority)
           select apalis.generate_ulid(), $1, payload, 'Pending', 0, 4, now(), 0
           from unnest($2::bytea[]) as chunks (payload)"#,
        CHUNK_QUEUE,
        &(1..).zip(ranges).map(chunk).collect::<Vec<_>>(),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Deletes done jobs older than `keep_done`, failed jobs older than `keep_failed`, and workers not seen for
/// `keep_done`. Returns the number of deleted jobs.
pub async fn purge(
    connection: &mut PgConnection,
    keep_done: Duration,
    keep_failed: Duration,
) -> Result<u64, Error> {
    let done = sqlx::query!(
        r#"delete from apalis.jobs
           where (status = 'Done' and done_at < now() - $1::interval)
              or (status = 'Failed' and attempts >= max_attempts and done_at < now() - $2::interval)
              or (status = 'Killed' and done_at < now() - $2::interval)"#,
        interval(keep_done),
        interval(keep_failed),
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        r#"delete from apalis.workers w
           where last_seen < now() - $1::interval
             and not exists (select from apalis.jobs where lock_by = w.id)"#,
        interval(keep_done),
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected())
}

/// Returns the number of jobs by queue and status, for metrics.
pub async fn counts(connection: &mut PgConnection) -> Result<Vec<(String, String, i64)>, Error> {
    let rows = sqlx::query!(
        r#"select job_type, status, count(*) as "count!" from apalis.jobs group by job_type, status"#
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (row.job_type, row.status, row.count)).collect())
}

pub(crate) fn interval(duration: Duration) -> PgInterval {
    let microseconds = i64::try_from(duration.as_micros()).unwrap_or(i64::MAX);
    PgInterval { months: 0, days: 0, microseconds }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Jobs in the queue outlive the process that has queued them. A new field or name needs a new queue.
    #[test]
    fn payloads_are_those_of_the_queues_version() {
        let text = |payload: Vec<u8>| String::from_utf8(payload).unwrap();
        assert_eq!(text(encode(&ComputeOfferForecast { offer_id: 7 })), r#"{"offer_id":7}"#);
        let hour = "2026-06-15T12:00:00Z".parse().unwrap();
        assert_eq!(text(encode(&NightlyForecasts { hour })), r#"{"hour":"2026-06-15T12:00:00Z"}"#);
        assert_eq!(
            text(encode(&ForecastChunk { first_id: 1, last_id: 250, part: 2, parts: 3 })),
            r#"{"first_id":1,"last_id":250,"part":2,"parts":3}"#
        );
    }
}
