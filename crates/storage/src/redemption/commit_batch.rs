//! Writes batches of redemptions: one offer, or several offers in one statement. Each offer is written as a whole or
//! not at all.

use std::collections::HashMap;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use offercast_domain::{Grant, Order, Refusal, Totals};
use rust_decimal::Decimal;
use sqlx::PgConnection;
use sqlx::postgres::types::PgInterval;

use super::WrittenIds;
use super::columns::{Batches, Keys, Redemptions, Refusals};
use crate::{Connection, Error, Tx, jobs};

/// A forecast that is due later than this from now includes what is being written now, if the commit takes no longer.
pub const FORECAST_MARGIN: Duration = Duration::from_millis(1_500);

/// The counter row of an offer. A batch that was decided on these counters is written only if they are unchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counters {
    pub totals: Totals,
    /// Grows with every change of the offer's terms, and with every change other than plain redemptions.
    pub terms_version: i64,
}

/// The decided requests of one batch of one offer.
#[derive(Debug, Clone)]
pub struct NewBatch<'a> {
    pub offer_id: i64,
    pub decided_at: DateTime<Utc>,
    /// In the offer's time zone.
    pub day: NaiveDate,
    /// The budget at the time of the decision.
    pub budget: Option<Decimal>,
    /// Before the batch.
    pub counters: Counters,
    /// In the order of their decisions.
    pub redemptions: Vec<NewRedemption<'a>>,
    /// After the batch.
    pub totals: Totals,
    pub refused: Vec<RefusedCount>,
    pub keys: Vec<NewKey<'a>>,
    /// Delay of the next forecast, if none is pending. `None`: a pending job is due later than [`FORECAST_MARGIN`]
    /// from now and will include this batch.
    pub forecast_in: Option<Duration>,
}

impl NewBatch<'_> {
    /// Whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.redemptions.is_empty() && self.refused.is_empty() && self.keys.is_empty()
    }
}

/// An accepted redemption.
#[derive(Debug, Clone, Copy)]
pub struct NewRedemption<'a> {
    /// Position of its request in the batch.
    pub position: usize,
    pub order: &'a Order,
    pub grant: Grant,
    /// Who redeemed.
    pub actor: &'a str,
}

/// How often a batch was refused for one reason, and the discounts that were not given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RefusedCount {
    pub reason: Refusal,
    pub times: i64,
    pub discount: Decimal,
}

/// A response to store under its idempotency key.
#[derive(Debug, Clone)]
pub struct NewKey<'a> {
    pub key: &'a str,
    pub fingerprint: String,
    pub refusal: Option<&'static str>,
    pub row: Option<StoredRow>,
    pub request_id: Option<&'a str>,
}

/// The row from which a stored response is rebuilt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoredRow {
    /// A ledger entry, by its id.
    LedgerEntry(i64),
    /// A reservation, by its id.
    Reservation(i64),
    /// A redemption of the same batch, by the position of its request.
    InBatch(usize),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BatchResult {
    Written(WrittenBatch),
    /// Nothing was written, because the counters have changed or are locked, or because a key or an order of the
    /// batch exists already.
    Outdated,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WrittenBatch {
    /// Of the redemptions.
    pub ids: WrittenIds,
    /// Time until the pending forecast job runs, if one was requested. Counted from the start of the transaction.
    pub forecast_in: Option<Duration>,
}

/// Writes a batch within a transaction that holds the lock of the offer's counters
/// ([`crate::offers::lock_counters`]).
pub async fn commit_batch(tx: &mut Tx, batch: &NewBatch<'_>) -> Result<BatchResult, Error> {
    let results = write(tx, std::slice::from_ref(batch)).await?;
    Ok(results.into_iter().next().unwrap_or(BatchResult::Outdated))
}

/// Writes batches of different offers in one statement, which is its own transaction.
pub async fn commit_batches(
    mut connection: Connection,
    batches: &[NewBatch<'_>],
) -> Result<Vec<BatchResult>, Error> {
    if batches.is_empty() {
        return Ok(Vec::new());
    }
    match write(&mut connection, batches).await {
        Ok(results) => Ok(results),
        Err(error) if is_duplicate(&error) => Ok(batches.iter().map(|_| BatchResult::Outdated).collect()),
        Err(error) => {
            connection.discard();
            Err(Error::of_commit(error))
        }
    }
}

/// Whether an idempotency key or a redeemed order exists already.
fn is_duplicate(error: &sqlx::Error) -> bool {
    let constraint = error.as_database_error().and_then(sqlx::error::DatabaseError::constraint);
    constraint.is_some_and(|name| ["redemption_keys_pkey", "redemption_orders_pkey"].contains(&name))
}

async fn write(
    connection: &mut PgConnection,
    batches: &[NewBatch<'_>],
) -> Result<Vec<BatchResult>, sqlx::Error> {
    let columns = Batches::of(batches);
    let redemptions = Redemptions::of(batches);
    let refused = Refusals::of(batches);
    let keys = Keys::of(batches);
    let rows = sqlx::query_file!(
        "src/redemption/commit_batch.sql",
        &columns.ids,
        &columns.decided_at,
        &columns.days,
        &columns.budgets as &[Option<Decimal>],
        &columns.were_redeemed,
        &columns.were_spent,
        &columns.terms_versions,
        &columns.redeemed,
        &columns.spent,
        &columns.held,
        &columns.accepted,
        &columns.given,
        &columns.forecasts_in as &[Option<PgInterval>],
        &columns.forecast_payloads as &[Option<Vec<u8>>],
        &refused.offer_ids,
        &refused.reasons as &[&str],
        &refused.times,
        &refused.missed,
        &redemptions.offer_ids,
        &redemptions.customer_ids as &[&str],
        &redemptions.order_ids as &[Option<&str>],
        &redemptions.order_amounts,
        &redemptions.discounts,
        &redemptions.discounts_asked as &[Option<Decimal>],
        &redemptions.redeemed_after,
        &redemptions.spent_after,
        &redemptions.actors as &[&str],
        &keys.offer_ids,
        &keys.keys as &[&str],
        &keys.fingerprints as &[&str],
        &keys.refusals as &[Option<&str>],
        &keys.request_ids as &[Option<&str>],
        &keys.inserted_rows as &[Option<i64>],
        &keys.redemptions as &[Option<i64>],
        &keys.reservations as &[Option<i64>],
        jobs::FORECAST_QUEUE,
        jobs::Due::Soon.key_prefix(),
    )
    .fetch_all(connection)
    .await?;
    let mut rows: HashMap<i64, _> = rows.into_iter().map(|row| (row.offer_id, row)).collect();
    let result = |batch: &NewBatch<'_>| match rows.remove(&batch.offer_id) {
        Some(row) => BatchResult::Written(WrittenBatch {
            ids: WrittenIds::new(batch.redemptions.iter().map(|redemption| redemption.position), row.ids),
            forecast_in: row.forecast_in.map(|seconds| Duration::from_secs_f64(seconds.max(0.0))),
        }),
        None => BatchResult::Outdated,
    };
    Ok(batches.iter().map(result).collect())
}
