//! Queues jobs inside the caller's transaction. The worker fetches and runs them with apalis.

use std::ops::RangeInclusive;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use sqlx::postgres::types::PgInterval;

use crate::Error;

/// Queue of `ComputeOfferForecast` jobs. `.v1` is the version of the payload.
pub const FORECAST_QUEUE: &str = "forecast.v1";
/// Queue of nightly runs.
pub const NIGHTLY_QUEUE: &str = "nightly.v1";
/// Queue of the parts of a nightly run.
pub const CHUNK_QUEUE: &str = "forecast-chunk.v1";

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
    fn key(self) -> &'static str {
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

/// Queues the parts of a nightly run, one job per range of ids.
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
