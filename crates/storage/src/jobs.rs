//! The job queue as the rest of the program sees it: enqueueing inside the caller's transaction. Fetching
//! and running is apalis' own, in the worker.

use std::ops::RangeInclusive;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use sqlx::postgres::types::PgInterval;

use crate::Error;

/// The queue of ComputeOfferForecast; `.v1` is the version of its payload.
pub const FORECAST_QUEUE: &str = "forecast.v1";
/// The queue of the nightly run.
pub const NIGHTLY_QUEUE: &str = "nightly.v1";
/// The queue of its parts.
pub const CHUNK_QUEUE: &str = "forecast-chunk.v1";

/// The forecast follows a redemption after this time, so that a burst leads to one job and not to many.
pub const FORECAST_DELAY: Duration = Duration::from_secs(5);

/// When a forecast is to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    AtOnce,
    /// Some seconds after a redemption.
    Soon,
}

impl Due {
    fn delay(self) -> Duration {
        match self {
            Due::AtOnce => Duration::ZERO,
            Due::Soon => FORECAST_DELAY,
        }
    }

    /// One that is due soon is never made sooner: redemptions that find it waiting rely on its seeing them.
    fn key(self) -> &'static str {
        match self {
            Due::AtOnce => "pending:forecast-now:",
            Due::Soon => "pending:forecast:",
        }
    }
}

/// Who a job is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Priority {
    /// Nobody in particular.
    Background = 0,
    /// Somebody who looks, or who has just redeemed.
    User = 1,
}

/// At most one forecast per offer waits to be made soon, and one to be made at once: while it waits, asking again
/// changes nothing but, at most, its priority. In order of id, so that two who ask for several cannot block each other.
///
/// DO UPDATE rather than DO NOTHING: it locks the waiting row, so that no worker takes it before the
/// caller's transaction has committed what the forecast has to see.
pub async fn enqueue_forecasts(
    connection: &mut PgConnection,
    offer_ids: &[i64],
    due: Due,
    priority: Priority,
) -> Result<(), Error> {
    sqlx::query!(
        r#"insert into apalis.jobs
               (id, job_type, job, status, attempts, max_attempts, run_at, priority, idempotency_key)
           select apalis.generate_ulid(), $1, convert_to(json_build_object('offer_id', id)::text, 'UTF8'),
                  'Pending', 0, 4, now() + $3::interval, $4, $5 || id
           from (select distinct id from unnest($2::bigint[]) as ids (id) order by id) offers
           on conflict (job_type, idempotency_key) do update set priority = greatest(jobs.priority, excluded.priority)"#,
        FORECAST_QUEUE,
        offer_ids,
        interval(due.delay()),
        priority as i32,
        due.key(),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// An open offer (neither archived nor over) and the day of its stored forecast.
#[derive(Debug, Clone)]
pub struct OpenOffer {
    pub id: i64,
    pub timezone: String,
    pub forecast_day: Option<NaiveDate>,
}

/// Every offer of these ids whose future is still open, in order of id, wherever its zone is: the day before
/// this one is not over everywhere.
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

/// The nightly run of this hour, once, however many ask for it; true for the first who asks.
pub async fn enqueue_nightly(connection: &mut PgConnection, hour: DateTime<Utc>) -> Result<bool, Error> {
    let done = sqlx::query!(
        r#"insert into apalis.jobs
               (id, job_type, job, status, attempts, max_attempts, run_at, priority, idempotency_key)
           values (apalis.generate_ulid(), $1, convert_to(json_build_object('hour', $2::timestamptz)::text, 'UTF8'),
                   'Pending', 0, 4, now(), 0, 'nightly:' || to_char($2::timestamptz, 'YYYY-MM-DD"T"HH24'))
           on conflict (job_type, idempotency_key) do nothing"#,
        NIGHTLY_QUEUE,
        hour,
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Queues the parts of a nightly run: one job for each range of ids.
pub async fn enqueue_chunks(
    connection: &mut PgConnection,
    ranges: &[RangeInclusive<i64>],
) -> Result<(), Error> {
    let (first, last): (Vec<i64>, Vec<i64>) = ranges.iter().cloned().map(RangeInclusive::into_inner).unzip();
    sqlx::query!(
        r#"insert into apalis.jobs (id, job_type, job, status, attempts, max_attempts, run_at, priority)
           select apalis.generate_ulid(), $1,
                  convert_to(json_build_object('first_id', first, 'last_id', last, 'part', part,
                                               'parts', cardinality($2::bigint[]))::text, 'UTF8'),
                  'Pending', 0, 4, now(), 0
           from unnest($2::bigint[], $3::bigint[]) with ordinality as chunks (first, last, part)"#,
        CHUNK_QUEUE,
        &first,
        &last,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Removes jobs that are over: done ones after `keep_done`, failed ones after `keep_failed`; and the
/// entries of workers that have been gone for as long.
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

/// Jobs by queue and status, for metrics.
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
