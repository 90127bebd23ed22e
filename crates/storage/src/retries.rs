//! What was answered before: under an Idempotency-Key, or for an order.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use sqlx::PgConnection;

use crate::Error;

/// An entry of the ledger with all that its answer said.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    pub id: i64,
    pub customer_id: String,
    pub order_amount: Decimal,
    pub discount: Decimal,
    pub redeemed_at: DateTime<Utc>,
    pub redemption_date: NaiveDate,
    pub redeemed_after: i64,
    pub spent_after: Decimal,
    /// By which it was decided.
    pub budget: Option<Decimal>,
}

/// The answer that was given under a key.
#[derive(Debug, Clone, PartialEq)]
pub struct KeyRecord {
    pub key: String,
    /// What was asked for.
    pub request: String,
    /// None for an accepted one.
    pub refusal: Option<String>,
    /// The accepted redemption, or the one that a refusal names.
    pub redemption_id: Option<i64>,
    /// Of the request that was refused.
    pub request_id: Option<String>,
}

/// The answers on record under these keys.
pub async fn answers_by_key(
    connection: &mut PgConnection,
    offer_id: i64,
    keys: &[String],
) -> Result<Vec<KeyRecord>, Error> {
    // Key by key in the index, which `offset 0` makes the only way: a plan that was made while the table was
    // empty would else read all of it once it is large.
    let records = sqlx::query_as!(
        KeyRecord,
        r#"select k.key, k.request, k.refusal, k.redemption_id, k.request_id
           from unnest($2::text[]) as wanted (key)
           cross join lateral (
               select * from redemption_keys k
               where k.offer_id = $1 and k.key = wanted.key offset 0) k"#,
        offer_id,
        keys,
    )
    .fetch_all(connection)
    .await?;
    Ok(records)
}

/// The redemptions that stand for these orders: (order, redemption).
pub async fn standing_orders(
    connection: &mut PgConnection,
    offer_id: i64,
    order_ids: &[String],
) -> Result<Vec<(String, i64)>, Error> {
    let rows = sqlx::query!(
        r#"select o.order_id, o.redemption_id
           from unnest($2::text[]) as wanted (order_id)
           cross join lateral (
               select * from redemption_orders o
               where o.offer_id = $1 and o.order_id = wanted.order_id offset 0) o"#,
        offer_id,
        order_ids,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (row.order_id, row.redemption_id)).collect())
}

/// Entries of the ledger of an offer.
pub async fn entries(connection: &mut PgConnection, offer_id: i64, ids: &[i64]) -> Result<Vec<Entry>, Error> {
    let entries = sqlx::query_as!(
        Entry,
        r#"select id, customer_id, order_amount, discount, redeemed_at, redemption_date,
                  redeemed_after as "redeemed_after!", spent_after as "spent_after!", budget
           from redemptions where offer_id = $1 and id = any($2)"#,
        offer_id,
        ids,
    )
    .fetch_all(connection)
    .await?;
    Ok(entries)
}

/// Forgets the answers that were given before a moment; says how many.
pub async fn purge_keys(connection: &mut PgConnection, before: DateTime<Utc>) -> Result<u64, Error> {
    let done =
        sqlx::query!("delete from redemption_keys where created_at < $1", before).execute(connection).await?;
    Ok(done.rows_affected())
}
