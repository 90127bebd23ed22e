//! Reads the state that a batch is decided on besides the offer: earlier responses by idempotency key, redeemed
//! orders and ledger entries. Unique codes, reservations and customer usage have their own modules.

use chrono::NaiveDate;
use offercast_domain::{Held, Order, Totals};
use rust_decimal::Decimal;
use sqlx::PgConnection;

use crate::Error;

/// A ledger entry with everything that its response contained.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    pub id: i64,
    pub order: Order,
    /// Negative for a reversal.
    pub discount: Decimal,
    pub discount_asked: Decimal,
    pub redemption_date: NaiveDate,
    /// The offer's totals after the entry.
    pub totals: Totals,
    /// The budget at the time of the decision.
    pub budget: Option<Decimal>,
    /// The redemption that the entry reverses.
    pub reverses: Option<i64>,
    /// Whether a later entry reverses this one.
    pub is_reversed: bool,
}

/// The response stored under an idempotency key.
#[derive(Debug, Clone, PartialEq)]
pub struct KeyRecord {
    pub key: String,
    pub fingerprint: String,
    /// `None` if the command was accepted.
    pub refusal: Option<String>,
    /// The accepted redemption or reversal, or the redemption that a rejection names.
    pub redemption_id: Option<i64>,
    /// The reservation that was created or released.
    pub reservation_id: Option<i64>,
    /// Of the request that was refused.
    pub request_id: Option<String>,
    /// HTTP status of a call that the redemption engine does not decide; its response is stored as it was sent.
    pub status: Option<i16>,
}

/// The records of these idempotency keys.
pub async fn key_records(
    connection: &mut PgConnection,
    offer_id: i64,
    keys: &[String],
) -> Result<Vec<KeyRecord>, Error> {
    // `offset 0` makes PostgreSQL look up each key in the index. A plan made while the table was empty would
    // otherwise scan the whole table once it is large.
    let records = sqlx::query_as!(
        KeyRecord,
        r#"select k.key, k.request as fingerprint, k.refusal, k.redemption_id, k.reservation_id, k.request_id, k.status
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

/// Of these orders, those that are redeemed: (order id, redemption id).
pub async fn redeemed_orders(
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

/// Ledger entries of an offer.
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

/// The offer of a redemption; `None` for a reversal or an unknown id.
pub async fn offer_of_redemption(connection: &mut PgConnection, id: i64) -> Result<Option<i64>, Error> {
    let offer =
        sqlx::query_scalar!("select offer_id from redemptions where id = $1 and reverses is null", id);
    Ok(offer.fetch_optional(connection).await?)
}
