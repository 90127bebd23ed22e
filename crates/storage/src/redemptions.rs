use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use offercast_domain::{Grant, Order, Refusal, Totals};
use rust_decimal::Decimal;
use sqlx::PgConnection;

use crate::{Connection, Error, Tx};

/// The forecast follows a redemption after this time, so that a burst leads to one job and not to many.
pub(crate) const FORECAST_DELAY: Duration = Duration::from_secs(3);

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
    /// The ids of the accepted, in their order.
    Done(Vec<i64>),
    /// Nothing was written: what the batch was decided on no longer holds, or a key or an order of it is on
    /// record already.
    Outdated,
}

/// Writes a batch within a transaction that holds the lock of the offer ([`crate::lock_counters`]).
pub async fn record_batch(tx: &mut Tx, batch: &NewBatch<'_>) -> Result<Recorded, Error> {
    Ok(write(tx, batch).await?)
}

/// Writes a batch in one statement that is a transaction of its own.
pub async fn record_batch_at_once(
    mut connection: Connection,
    batch: &NewBatch<'_>,
) -> Result<Recorded, Error> {
    match write(&mut connection, batch).await {
        Ok(recorded) => Ok(recorded),
        Err(error) if is_on_record(&error) => Ok(Recorded::Outdated),
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

/// Counters, roll-ups, ledger, standing orders, keys and the forecast's job, or nothing at all: everything
/// hangs on the counters being what the batch was decided on. A statement that waits for another's change of
/// the row judges the row as that has left it.
async fn write(connection: &mut PgConnection, batch: &NewBatch<'_>) -> Result<Recorded, sqlx::Error> {
    let orders = || batch.accepted.iter().map(|(order, _)| *order);
    let grants = || batch.accepted.iter().map(|(_, grant)| grant);
    let text = |field: fn(&NewKey<'_>) -> Option<String>| batch.keys.iter().map(field).collect::<Vec<_>>();
    let accepted_places = batch.keys.iter().map(|key| match key.names {
        Some(Named::Accepted(place)) => i64::try_from(place + 1).ok(),
        _ => None,
    });
    let recorded_ids = batch.keys.iter().map(|key| match key.names {
        Some(Named::Recorded(id)) => Some(id),
        _ => None,
    });
    let reservation_ids = batch.keys.iter().map(|key| match key.names {
        Some(Named::Reservation(id)) => Some(id),
        _ => None,
    });
    let ids = sqlx::query_scalar!(
        r#"with counters as (
               update offer_counters set redeemed = $8, spent = $9
               where offer_id = $1 and redeemed = $13 and spent = $14 and terms_version = $15
               returning offer_id),
           daily as (
               insert into offer_daily (offer_id, day, redemptions, discount)
               select offer_id, $3, cardinality($7::numeric[]), (select sum(d) from unnest($7) d)
               from counters where cardinality($7) > 0
               on conflict (offer_id, day) do update
               set redemptions = offer_daily.redemptions + excluded.redemptions,
                   discount = offer_daily.discount + excluded.discount),
           refusals as (
               insert into offer_refusals (offer_id, day, reason, refusals, discount)
               select offer_id, $3, reason, times, missed
               from counters, unnest($16::text[], $17::bigint[], $18::numeric[]) as r (reason, times, missed)
               on conflict (offer_id, day, reason) do update
               set refusals = offer_refusals.refusals + excluded.refusals,
                   discount = offer_refusals.discount + excluded.discount),
           entries as (
               insert into redemptions (offer_id, redeemed_at, redemption_date, customer_id, order_id,
                                        order_amount, discount, discount_asked, redeemed_after, spent_after,
                                        held_after, budget)
               select offer_id, $2, $3, customer_id, order_id, order_amount, discount, discount_asked,
                      redeemed_after, spent_after, nullif($28::numeric, 0), $12
               from counters,
                    unnest($4::text[], $5::text[], $6::numeric[], $7::numeric[], $27::numeric[], $10::bigint[],
                           $11::numeric[]) with ordinality
                    as r (customer_id, order_id, order_amount, discount, discount_asked, redeemed_after,
                          spent_after, n)
               order by n
               returning id, order_id),
           orders as (
               insert into redemption_orders (offer_id, order_id, redemption_id)
               select $1, order_id, id from entries where order_id is not null),
           -- Ids are given in the order of the rows.
           ids as (select array_agg(id order by id) as ids from entries),
           keys as (
               insert into redemption_keys (offer_id, created_at, key, request, refusal, request_id, redemption_id,
                                            reservation_id)
               select offer_id, $2, key, request, refusal, request_id, coalesce(ids[place], named), reservation
               from counters, ids,
                    unnest($19::text[], $20::text[], $21::text[], $22::text[], $23::bigint[], $24::bigint[],
                           $29::bigint[])
                    as k (key, request, refusal, request_id, place, named, reservation)),
           job as (
               insert into apalis.jobs
                   (id, job_type, job, status, attempts, max_attempts, run_at, priority, idempotency_key)
               select apalis.generate_ulid(), $25,
                      convert_to(json_build_object('offer_id', offer_id)::text, 'UTF8'),
                      'Pending', 0, 4, now() + $26::interval, 1, 'pending:forecast:' || offer_id
               from counters where cardinality($7) > 0
               on conflict (job_type, idempotency_key) do update
               set run_at = least(jobs.run_at, excluded.run_at),
                   priority = greatest(jobs.priority, excluded.priority))
           select coalesce(ids, '{}') as "ids!" from counters, ids"#,
        batch.offer_id,
        batch.decided_at,
        batch.day,
        &orders().map(|order| order.customer_id.clone()).collect::<Vec<_>>(),
        &orders().map(|order| order.order_id.clone()).collect::<Vec<_>>() as &[Option<String>],
        &orders().map(|order| order.order_amount).collect::<Vec<_>>(),
        &grants().map(|grant| grant.discount).collect::<Vec<_>>(),
        batch.totals.redeemed,
        batch.totals.spent,
        &grants().map(|grant| grant.totals.redeemed).collect::<Vec<_>>(),
        &grants().map(|grant| grant.totals.spent).collect::<Vec<_>>(),
        batch.budget,
        batch.counters.totals.redeemed,
        batch.counters.totals.spent,
        batch.counters.terms_version,
        &batch.refused.iter().map(|refused| refused.reason.code().to_owned()).collect::<Vec<_>>(),
        &batch.refused.iter().map(|refused| refused.times).collect::<Vec<_>>(),
        &batch.refused.iter().map(|refused| refused.discount).collect::<Vec<_>>(),
        &batch.keys.iter().map(|key| key.key.to_owned()).collect::<Vec<_>>(),
        &batch.keys.iter().map(|key| key.request.clone()).collect::<Vec<_>>(),
        &text(|key| key.refusal.map(str::to_owned)) as &[Option<String>],
        &text(|key| key.request_id.map(str::to_owned)) as &[Option<String>],
        &accepted_places.collect::<Vec<_>>() as &[Option<i64>],
        &recorded_ids.collect::<Vec<_>>() as &[Option<i64>],
        crate::jobs::FORECAST_QUEUE,
        crate::jobs::interval(FORECAST_DELAY),
        &grants().map(asked_if_other).collect::<Vec<_>>() as &[Option<Decimal>],
        batch.totals.held.discount,
        &reservation_ids.collect::<Vec<_>>() as &[Option<i64>],
    )
    .fetch_optional(connection)
    .await?;
    Ok(ids.map_or(Recorded::Outdated, Recorded::Done))
}

/// What was asked for, where the budget had less left.
fn asked_if_other(grant: &Grant) -> Option<Decimal> {
    Some(grant.discount_asked).filter(|asked| *asked != grant.discount)
}

/// One line of the ledger.
#[derive(Debug, Clone, PartialEq)]
pub struct LedgerRow {
    pub id: i64,
    /// The redemption that it takes back, and why; the discount is negative then.
    pub reverses: Option<i64>,
    pub reason: Option<String>,
    pub customer_id: String,
    pub order_id: Option<String>,
    pub order_amount: Decimal,
    pub discount: Decimal,
    pub redeemed_at: DateTime<Utc>,
    pub redemption_date: NaiveDate,
}

/// The ledger of an offer, newest first, before an id.
pub async fn ledger_page(
    connection: &mut PgConnection,
    offer_id: i64,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<LedgerRow>, Error> {
    let rows = sqlx::query_as!(
        LedgerRow,
        r#"select id, reverses, reason, customer_id, order_id, order_amount, discount, redeemed_at, redemption_date
           from redemptions where offer_id = $1 and ($2::bigint is null or id < $2)
           order by id desc limit $3"#,
        offer_id,
        before,
        limit,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows)
}

/// The redemptions of an offer that stand, oldest first, after an id.
pub async fn ledger_since(
    connection: &mut PgConnection,
    offer_id: i64,
    after: i64,
    limit: i64,
) -> Result<Vec<LedgerRow>, Error> {
    let rows = sqlx::query_as!(
        LedgerRow,
        r#"select id, reverses, reason, customer_id, order_id, order_amount, discount, redeemed_at, redemption_date
           from redemptions r
           where offer_id = $1 and id > $2 and reverses is null
             and not exists (select from redemptions b where b.offer_id = $1 and b.reverses = r.id)
           order by id limit $3"#,
        offer_id,
        after,
        limit,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows)
}
