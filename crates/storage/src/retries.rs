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
    /// That of a call which is no decision about an order, and whose answer is kept as it went over the wire.
    pub status: Option<i16>,
}

/// An answer as it went over the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptAnswer {
    pub status: u16,
    /// Those that belong to this answer: names and values, which hold no line break.
    pub headers: Vec<(String, String)>,
    pub body: String,
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
        r#"select k.key, k.request, k.refusal, k.redemption_id, k.reservation_id, k.request_id, k.status
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

/// Takes a key for a request whose answer will be kept in the same transaction; false if it is taken. Waits for
/// another transaction that is about to take it.
pub async fn claim_key(
    connection: &mut PgConnection,
    offer_id: i64,
    key: &str,
    request: &str,
    now: DateTime<Utc>,
) -> Result<bool, Error> {
    let done = sqlx::query!(
        r#"insert into redemption_keys (offer_id, key, request, created_at, status) values ($1, $2, $3, $4, 0)
           on conflict (offer_id, key) do nothing"#,
        offer_id,
        key,
        request,
        now,
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Keeps the answer of a request that has claimed its key.
pub async fn keep_answer(
    connection: &mut PgConnection,
    offer_id: i64,
    key: &str,
    answer: &KeptAnswer,
) -> Result<(), Error> {
    let headers = answer.headers.iter().map(|(name, value)| format!("{name}: {value}\n"));
    sqlx::query!(
        "update redemption_keys set status = $3, headers = $4, body = $5 where offer_id = $1 and key = $2",
        offer_id,
        key,
        i16::try_from(answer.status).unwrap_or_default(),
        headers.collect::<String>(),
        answer.body,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The request that has a key, and the answer that was kept for it as it went over the wire, if one was.
pub async fn kept_answer(
    connection: &mut PgConnection,
    offer_id: i64,
    key: &str,
) -> Result<Option<(String, Option<KeptAnswer>)>, Error> {
    let row = sqlx::query!(
        "select request, status, headers, body from redemption_keys where offer_id = $1 and key = $2",
        offer_id,
        key,
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| {
        let pairs = row.headers.as_deref().unwrap_or_default().lines();
        let headers = pairs.filter_map(|line| line.split_once(": "));
        let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let status = row.status.and_then(|status| u16::try_from(status).ok());
        let answer = status.zip(row.body).map(|(status, body)| KeptAnswer { status, headers, body });
        (row.request, answer)
    }))
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
