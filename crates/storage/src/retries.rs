//! What was answered before: under an Idempotency-Key, or for an order.

use chrono::{DateTime, NaiveDate, Utc};
use offercast_domain::{Held, Order, Totals};
use rust_decimal::Decimal;
use sqlx::PgConnection;

use crate::Error;

/// An entry of the ledger with all that its answer said.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    pub id: i64,
    pub order: Order,
    /// Negative for a reversal.
    pub discount: Decimal,
    pub discount_asked: Decimal,
    pub redemption_date: NaiveDate,
    /// What the offer added up to after it.
    pub totals: Totals,
    /// By which it was decided.
    pub budget: Option<Decimal>,
    /// The redemption that it takes back.
    pub reverses: Option<i64>,
    /// Whether it has been taken back itself.
    pub is_reversed: bool,
}

/// The answer that was given under a key.
#[derive(Debug, Clone, PartialEq)]
pub struct KeyRecord {
    pub key: String,
    /// What was asked for.
    pub request: String,
    /// None for an accepted one.
    pub refusal: Option<String>,
    /// The accepted redemption or reversal, or the redemption that a refusal names.
    pub redemption_id: Option<i64>,
    /// The reservation that was taken or released.
    pub reservation_id: Option<i64>,
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
        r#"select k.key, k.request, k.refusal, k.redemption_id, k.reservation_id, k.request_id
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
    let rows = sqlx::query!(
        r#"select r.id, r.customer_id, r.order_id, r.order_amount, r.discount,
                  coalesce(r.discount_asked, r.discount) as "discount_asked!", r.redemption_date,
                  r.redeemed_after as "redeemed_after!", r.spent_after as "spent_after!",
                  coalesce(r.held_after, 0) as "held_after!", r.budget, r.reverses,
                  exists(select from redemptions b
                         where b.offer_id = $1 and b.reverses = r.id) as "is_reversed!"
           from redemptions r where r.offer_id = $1 and r.id = any($2)"#,
        offer_id,
        ids,
    )
    .fetch_all(connection)
    .await?;
    let entries = rows.into_iter().map(|row| {
        let held = Held { discount: row.held_after, ..Held::default() };
        Entry {
            id: row.id,
            order: Order {
                customer_id: row.customer_id,
                order_amount: row.order_amount,
                order_id: row.order_id,
            },
            discount: row.discount,
            discount_asked: row.discount_asked,
            redemption_date: row.redemption_date,
            totals: Totals { redeemed: row.redeemed_after, spent: row.spent_after, held },
            budget: row.budget,
            reverses: row.reverses,
            is_reversed: row.is_reversed,
        }
    });
    Ok(entries.collect())
}

/// The offer of a redemption.
pub async fn offer_of_redemption(connection: &mut PgConnection, id: i64) -> Result<Option<i64>, Error> {
    let offer =
        sqlx::query_scalar!("select offer_id from redemptions where id = $1 and reverses is null", id);
    Ok(offer.fetch_optional(connection).await?)
}

/// Forgets the answers that were given before a moment; says how many.
pub async fn purge_keys(connection: &mut PgConnection, before: DateTime<Utc>) -> Result<u64, Error> {
    let done =
        sqlx::query!("delete from redemption_keys where created_at < $1", before).execute(connection).await?;
    Ok(done.rows_affected())
}
