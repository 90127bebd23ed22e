//! What redeems: batches of one offer or of several, each offer as a whole or not at all.

mod columns;

use std::collections::HashMap;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use offercast_domain::{Grant, Order, Refusal, Totals};
use rust_decimal::Decimal;
use sqlx::PgConnection;
use sqlx::postgres::types::PgInterval;

use crate::{Connection, Error, Tx, jobs};
use columns::{Accepted, Keys, Offers, Refusals};

/// A forecast that is due later than this sees what is being written now, provided that it is committed in time.
pub const FORECAST_MARGIN: Duration = Duration::from_millis(1_500);

/// What the counters of an offer say. A batch that was decided on this is written only if it still holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counters {
    pub totals: Totals,
    /// Grows with every change of the offer's terms.
    pub terms_version: i64,
}

/// What was decided about the requests of one batch of one offer.
#[derive(Debug, Clone)]
pub struct NewBatch<'a> {
    pub offer_id: i64,
    pub decided_at: DateTime<Utc>,
    /// In the offer's zone.
    pub day: NaiveDate,
    /// By which it was decided.
    pub budget: Option<Decimal>,
    /// Before the batch.
    pub counters: Counters,
    /// In the order in which they were decided.
    pub accepted: Vec<(&'a Order, Grant)>,
    /// What the offer adds up to after the last of them.
    pub totals: Totals,
    pub refused: Vec<Refused>,
    pub keys: Vec<NewKey<'a>>,
    /// In what time its forecast is to be made anew, unless one waits already. None: one that waits is due later than
    /// [`FORECAST_MARGIN`] from now.
    pub forecast_in: Option<Duration>,
}

impl NewBatch<'_> {
    /// Whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.accepted.is_empty() && self.refused.is_empty() && self.keys.is_empty()
    }
}

/// How often a batch was refused for one reason, and what would have been given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refused {
    pub reason: Refusal,
    pub times: i64,
    pub discount: Decimal,
}

/// An answer to be kept under its key.
#[derive(Debug, Clone)]
pub struct NewKey<'a> {
    pub key: &'a str,
    pub request: String,
    pub refusal: Option<&'static str>,
    pub names: Option<Named>,
    pub request_id: Option<&'a str>,
}

/// What an answer names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named {
    /// An entry of the ledger, by its id.
    Recorded(i64),
    /// A reservation, by its id.
    Reservation(i64),
    /// Of this batch, by its place among the accepted.
    Accepted(usize),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recorded {
    Done(Written),
    /// Nothing was written: what the batch was decided on no longer holds, or a key or an order of it is on
    /// record already.
    Outdated,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Written {
    /// Of the accepted, in their order.
    pub ids: Vec<i64>,
    /// In what time the forecast is made that waits, if one was wanted. Counted from when the transaction began.
    pub forecast_in: Option<Duration>,
}

/// Writes a batch within a transaction that holds the lock of the offer ([`crate::lock_counters`]).
pub async fn record_batch(tx: &mut Tx, batch: &NewBatch<'_>) -> Result<Recorded, Error> {
    let recorded = write(tx, std::slice::from_ref(batch)).await?;
    Ok(recorded.into_iter().next().unwrap_or(Recorded::Outdated))
}

/// Writes batches of different offers in one statement that is a transaction of its own.
pub async fn record_batches_at_once(
    mut connection: Connection,
    batches: &[NewBatch<'_>],
) -> Result<Vec<Recorded>, Error> {
    if batches.is_empty() {
        return Ok(Vec::new());
    }
    match write(&mut connection, batches).await {
        Ok(recorded) => Ok(recorded),
        Err(error) if is_on_record(&error) => Ok(batches.iter().map(|_| Recorded::Outdated).collect()),
        Err(error) => {
            connection.discard();
            Err(Error::of_commit(error))
        }
    }
}

/// Whether a key or an order stands already.
fn is_on_record(error: &sqlx::Error) -> bool {
    let constraint = error.as_database_error().and_then(sqlx::error::DatabaseError::constraint);
    constraint.is_some_and(|name| ["redemption_keys_pkey", "redemption_orders_pkey"].contains(&name))
}

/// Of each offer its counters, roll-ups, ledger, standing orders, keys and the forecast's job, or nothing at all:
/// everything hangs on the counters being what the batch was decided on. A row that somebody else is at is skipped
/// and not waited for: no offer holds up another, and two statements cannot wait for each other.
async fn write(
    connection: &mut PgConnection,
    batches: &[NewBatch<'_>],
) -> Result<Vec<Recorded>, sqlx::Error> {
    let offers = Offers::of(batches);
    let accepted = Accepted::of(batches);
    let refused = Refusals::of(batches);
    let keys = Keys::of(batches);
    let rows = sqlx::query!(
        r#"with due as (
               select * from unnest($1::bigint[], $2::timestamptz[], $3::date[], $4::numeric[], $5::bigint[],
                                    $6::numeric[], $7::bigint[], $8::bigint[], $9::numeric[], $10::numeric[],
                                    $11::bigint[], $12::numeric[], $13::interval[])
                    as d (id, decided_at, day, budget, was_redeemed, was_spent, terms_version, redeemed, spent,
                          held, accepted, given, forecast_in)),
           free as (
               select d.* from due d join offer_counters c on c.offer_id = d.id
               where c.redeemed = d.was_redeemed and c.spent = d.was_spent and c.terms_version = d.terms_version
               for update of c skip locked),
           counters as (
               update offer_counters c set redeemed = f.redeemed, spent = f.spent
               from free f where c.offer_id = f.id
               returning f.*),
           daily as (
               insert into offer_daily (offer_id, day, redemptions, discount)
               select id, day, accepted, given from counters where accepted > 0
               on conflict (offer_id, day) do update
               set redemptions = offer_daily.redemptions + excluded.redemptions,
                   discount = offer_daily.discount + excluded.discount),
           refusals as (
               insert into offer_refusals (offer_id, day, reason, refusals, discount)
               select id, day, reason, times, missed
               from unnest($14::bigint[], $15::text[], $16::bigint[], $17::numeric[])
                    as r (offer_id, reason, times, missed)
               join counters on id = r.offer_id
               on conflict (offer_id, day, reason) do update
               set refusals = offer_refusals.refusals + excluded.refusals,
                   discount = offer_refusals.discount + excluded.discount),
           entries as (
               insert into redemptions (offer_id, redeemed_at, redemption_date, customer_id, order_id,
                                        order_amount, discount, discount_asked, redeemed_after, spent_after,
                                        held_after, budget)
               select id, decided_at, day, customer_id, order_id, order_amount, discount, discount_asked,
                      redeemed_after, spent_after, nullif(held, 0), budget
               from unnest($18::bigint[], $19::text[], $20::text[], $21::numeric[], $22::numeric[],
                           $23::numeric[], $24::bigint[], $25::numeric[]) with ordinality
                    as r (offer_id, customer_id, order_id, order_amount, discount, discount_asked,
                          redeemed_after, spent_after, n)
               join counters on id = r.offer_id
               order by n
               returning offer_id, id, order_id),
           orders as (
               insert into redemption_orders (offer_id, order_id, redemption_id)
               select offer_id, order_id, id from entries where order_id is not null),
           -- Ids are given in the order of the rows.
           ids as (select offer_id, array_agg(id order by id) as ids from entries group by offer_id),
           keys as (
               insert into redemption_keys (offer_id, created_at, key, request, refusal, request_id, redemption_id,
                                            reservation_id)
               select k.offer_id, decided_at, key, request, refusal, request_id, coalesce(ids[place], named),
                      reservation
               from unnest($26::bigint[], $27::text[], $28::text[], $29::text[], $30::text[], $31::bigint[],
                           $32::bigint[], $33::bigint[])
                    as k (offer_id, key, request, refusal, request_id, place, named, reservation)
               join counters on id = k.offer_id
               left join ids on ids.offer_id = k.offer_id),
           -- DO UPDATE locks one that waits: no worker takes it before this is committed.
           job as (
               insert into apalis.jobs
                   (id, job_type, job, status, attempts, max_attempts, run_at, priority, idempotency_key)
               select apalis.generate_ulid(), $34,
                      convert_to(json_build_object('offer_id', id)::text, 'UTF8'),
                      'Pending', 0, 4, now() + forecast_in, 1, 'pending:forecast:' || id
               from counters
               where accepted > 0 and forecast_in is not null
               order by id
               on conflict (job_type, idempotency_key) do update set priority = jobs.priority
               returning idempotency_key, run_at)
           select counters.id as "offer_id!", coalesce(ids, '{}') as "ids!",
                  extract(epoch from job.run_at - now())::float8 as "forecast_in?"
           from counters
           left join ids on ids.offer_id = counters.id
           left join job on job.idempotency_key = 'pending:forecast:' || counters.id"#,
        &offers.ids,
        &offers.decided_at,
        &offers.days,
        &offers.budgets as &[Option<Decimal>],
        &offers.were_redeemed,
        &offers.were_spent,
        &offers.terms_versions,
        &offers.redeemed,
        &offers.spent,
        &offers.held,
        &offers.accepted,
        &offers.given,
        &offers.forecasts_in as &[Option<PgInterval>],
        &refused.offer_ids,
        &refused.reasons as &[&str],
        &refused.times,
        &refused.missed,
        &accepted.offer_ids,
        &accepted.customer_ids as &[&str],
        &accepted.order_ids as &[Option<&str>],
        &accepted.order_amounts,
        &accepted.discounts,
        &accepted.discounts_asked as &[Option<Decimal>],
        &accepted.redeemed_after,
        &accepted.spent_after,
        &keys.offer_ids,
        &keys.keys as &[&str],
        &keys.requests as &[&str],
        &keys.refusals as &[Option<&str>],
        &keys.request_ids as &[Option<&str>],
        &keys.places as &[Option<i64>],
        &keys.named as &[Option<i64>],
        &keys.reservations as &[Option<i64>],
        jobs::FORECAST_QUEUE,
    )
    .fetch_all(connection)
    .await?;
    let written = rows.into_iter().map(|row| {
        let forecast_in = row.forecast_in.map(|seconds| Duration::from_secs_f64(seconds.max(0.0)));
        (row.offer_id, Written { ids: row.ids, forecast_in })
    });
    let mut written: HashMap<i64, Written> = written.collect();
    let recorded =
        |batch: &NewBatch<'_>| written.remove(&batch.offer_id).map_or(Recorded::Outdated, Recorded::Done);
    Ok(batches.iter().map(recorded).collect())
}
