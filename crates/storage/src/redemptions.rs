use chrono::{DateTime, NaiveDate, Utc};
use offercast_domain::{Grant, Order, Totals};
use rust_decimal::Decimal;
use sqlx::PgConnection;

use crate::Error;

/// The accepted redemptions of one batch of one offer, in the order in which they were decided.
#[derive(Debug, Clone)]
pub struct NewRedemptions<'a> {
    pub offer_id: i64,
    pub redeemed_at: DateTime<Utc>,
    pub redemption_date: NaiveDate,
    /// By which they were decided.
    pub budget: Option<Decimal>,
    pub accepted: Vec<(&'a Order, Grant)>,
    /// What the offer adds up to after the last of them.
    pub totals: Totals,
}

/// Ledger, counters, roll-up and standing orders in one statement; gives the ids, in the order of `accepted`. The offer has
/// to be locked ([`crate::lock_offer`]): the new totals are written, not added.
pub async fn record_redemptions(
    connection: &mut PgConnection,
    new: &NewRedemptions<'_>,
) -> Result<Vec<i64>, Error> {
    let orders = || new.accepted.iter().map(|(order, _)| *order);
    let grants = || new.accepted.iter().map(|(_, grant)| grant);
    let mut ids = sqlx::query_scalar!(
        r#"with counters as (
               update offer_counters set redeemed = $8, spent = $9 where offer_id = $1),
           daily as (
               insert into offer_daily (offer_id, day, redemptions, discount)
               values ($1, $3, cardinality($7::numeric[]), (select sum(d) from unnest($7) d))
               on conflict (offer_id, day) do update
               set redemptions = offer_daily.redemptions + excluded.redemptions,
                   discount = offer_daily.discount + excluded.discount),
           entries as (
               insert into redemptions (offer_id, redeemed_at, redemption_date, customer_id, order_id,
                                        order_amount, discount, redeemed_after, spent_after, budget)
               select $1, $2, $3, customer_id, order_id, order_amount, discount, redeemed_after, spent_after, $12
               from unnest($4::text[], $5::text[], $6::numeric[], $7::numeric[], $10::bigint[], $11::numeric[])
                    with ordinality
                    as r (customer_id, order_id, order_amount, discount, redeemed_after, spent_after, n)
               order by n
               returning id, order_id),
           orders as (
               insert into redemption_orders (offer_id, order_id, redemption_id)
               select $1, order_id, id from entries where order_id is not null)
           select id from entries"#,
        new.offer_id,
        new.redeemed_at,
        new.redemption_date,
        &orders().map(|order| order.customer_id.clone()).collect::<Vec<_>>(),
        &orders().map(|order| order.order_id.clone()).collect::<Vec<_>>() as &[Option<String>],
        &orders().map(|order| order.order_amount).collect::<Vec<_>>(),
        &grants().map(|grant| grant.discount).collect::<Vec<_>>(),
        new.totals.redeemed,
        new.totals.spent,
        &grants().map(|grant| grant.totals.redeemed).collect::<Vec<_>>(),
        &grants().map(|grant| grant.totals.spent).collect::<Vec<_>>(),
        new.budget,
    )
    .fetch_all(connection)
    .await?;
    // Ids are given in the order of the rows; in which order they come back is not promised.
    ids.sort_unstable();
    Ok(ids)
}

/// One line of the ledger.
#[derive(Debug, Clone, PartialEq)]
pub struct LedgerRow {
    pub id: i64,
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
        r#"select id, customer_id, order_id, order_amount, discount, redeemed_at, redemption_date
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

/// The ledger of an offer, oldest first, after an id.
pub async fn ledger_since(
    connection: &mut PgConnection,
    offer_id: i64,
    after: i64,
    limit: i64,
) -> Result<Vec<LedgerRow>, Error> {
    let rows = sqlx::query_as!(
        LedgerRow,
        r#"select id, customer_id, order_id, order_amount, discount, redeemed_at, redemption_date
           from redemptions where offer_id = $1 and id > $2
           order by id limit $3"#,
        offer_id,
        after,
        limit,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows)
}
